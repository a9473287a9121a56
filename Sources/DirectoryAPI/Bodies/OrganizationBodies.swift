import Directory
import DirectoryEvents
import FoundationEssentials

/// The body of operation 2.
struct NewOrganization: RequestBody {
    static let name = "NewOrganization"
    let name: String
    let alias, ownerEmail: String?

    init(_ fields: BodyFields) {
        name = fields.required("name", .text(.name), example: "Acme Labs")
        alias = fields.optional("alias", .alias, example: "acme-labs")
        ownerEmail = fields.optional("ownerEmail", .email, example: "owner@acme.example")
    }
}

/// The body of operations 3 and 5.
struct OrganizationPatch: RequestBody {
    static let name = "OrganizationPatch"
    let name, alias: FieldEdit<String>
    let ownerEmail: String?

    init(_ fields: BodyFields) {
        name = fields.edit("name", .text(.name), isNullable: false, example: "Acme")
        // It can be changed but not cleared: every organization has one.
        alias = fields.edit("alias", .alias, isNullable: false)
        ownerEmail = fields.optional("ownerEmail", .email, example: "owner@acme.example")
    }
}
