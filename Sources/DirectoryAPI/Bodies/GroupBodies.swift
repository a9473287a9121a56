import Directory
import DirectoryEvents

/// The body of operation 43.
struct NewGroup: RequestBody {
    static let name = "NewGroup"
    let name, type: String

    init(_ fields: BodyFields) {
        name = fields.required("name", .text(.name), example: "Anvil makers")
        type = fields.required("type", .word, example: "TEAM")
    }
}

/// The body of operation 45.
struct GroupPatch: RequestBody {
    static let name = "GroupPatch"
    let name, type: FieldEdit<String>

    init(_ fields: BodyFields) {
        name = fields.edit("name", .text(.name), isNullable: false, example: "Anvil makers")
        type = fields.edit("type", .word, isNullable: false, example: "TEAM")
    }
}
