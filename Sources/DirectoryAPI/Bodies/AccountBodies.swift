import Directory
import DirectoryEvents
import FoundationEssentials

/// The body of operation 22.
struct NewAccount: RequestBody {
    static let name = "NewAccount"
    let name: String?
    let email: String

    init(_ fields: BodyFields) {
        name = fields.optional("name", .text(.name), example: "Ada Keller")
        email = fields.required("email", .email)
    }
}

/// The body of operation 24.
struct AccountPatch: RequestBody {
    static let name = "AccountPatch"
    let name, email: FieldEdit<String>

    init(_ fields: BodyFields) {
        name = fields.edit("name", .text(.name), example: "Ada Keller")
        email = fields.edit("email", .email, isNullable: false)
    }
}
