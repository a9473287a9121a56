import Directory
import DirectoryEvents
import FoundationEssentials

/// The body of operation 30.
struct NewEmployee: RequestBody {
    static let name = "NewEmployee"
    let name, email: String
    let account: UUID?
    let role, type: String?

    init(_ fields: BodyFields) {
        name = fields.required("name", .text(.name))
        email = fields.required("email", .email)
        account = fields.optionalID("account")
        role = fields.optional("role", .text(.line))
        type = fields.optional("type", .word)
    }
}

/// The body of operation 32.
struct EmployeePatch: RequestBody {
    static let name = "EmployeePatch"
    let name, email, role, type: FieldEdit<String>
    let account: FieldEdit<UUID>

    init(_ fields: BodyFields) {
        name = fields.edit("name", .text(.name), isNullable: false)
        email = fields.edit("email", .email, isNullable: false)
        account = fields.editID("account")
        role = fields.edit("role", .text(.line))
        type = fields.edit("type", .word)
    }
}

/// The body of operations 38 and 39.
struct EmployeeProfileBody: RequestBody {
    static let name = "EmployeeProfile"
    let edits: [String: FieldEdit<String>]

    init(_ fields: BodyFields) { edits = fields.profile(of: .employee) }
}
