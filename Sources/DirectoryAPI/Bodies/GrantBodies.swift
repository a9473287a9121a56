import Directory
import DirectoryEvents
import FoundationEssentials

/// The body of operation 25.
struct NewGrant: RequestBody {
    static let name = "NewGrant"
    let organization: UUID?
    let role: String
    let employee: UUID?

    init(_ fields: BodyFields) {
        organization = fields.optionalID("orgId", example: .organization)
        role = fields.required("role", .word, example: "ADMIN")
        employee = fields.optionalID("employeeId", example: .employee)
    }
}
