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
        name = fields.required("name", .text(.name), example: "Ada Keller")
        email = fields.required("email", .email)
        account = fields.optionalID("account", example: .newcomer)
        role = fields.optional("role", .text(.line), example: "Software Engineer")
        type = fields.optional("type", .word, example: "EMPLOYEE")
    }
}

/// The body of operation 32.
struct EmployeePatch: RequestBody {
    static let name = "EmployeePatch"
    let name, email, role, type: FieldEdit<String>
    let account: FieldEdit<UUID>

    init(_ fields: BodyFields) {
        name = fields.edit("name", .text(.name), isNullable: false, example: "Ada Keller")
        email = fields.edit("email", .email, isNullable: false)
        account = fields.editID("account", example: .account)
        role = fields.edit("role", .text(.line), example: "Software Engineer")
        type = fields.edit("type", .word, example: "EMPLOYEE")
    }
}
