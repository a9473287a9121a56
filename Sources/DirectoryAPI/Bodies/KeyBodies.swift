import DirectoryEvents

/// The body of operations 17 and 18.
struct NewOrganizationKey: RequestBody {
    static let name = "NewOrganizationKey"
    let keyName: String
    let limitToRole: String?

    init(_ fields: BodyFields) {
        keyName = fields.required("name", .text(.name), example: "payroll")
        limitToRole = fields.optional("limitToRole", .word, example: "ADMIN")
    }
}
