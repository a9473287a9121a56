import Directory
import DirectoryEvents
import FoundationEssentials
import OrganizationKeysProjection

/// The statement that reads a key.
enum OrganizationKeyReads {
    static let byID = PartReads.byID(OrganizationKeys.self)
}

extension Presentation {
    /// A key, under the tag that its organization has once it has the key.
    static let organizationKey = Presentation.part("OrganizationKey", OrganizationKeyReads.byID)
}

extension Operations {
    static let organizationKeys: [Operation] = [
        create("/api/v1/organization/keys", "createCurrentOrganizationKey", 17, "the current organization"),
        create("/api/v1/organization/{organization}/keys", "createOrganizationKey", 18, "organization"),
        delete("/api/v1/organization/keys/{key}", "deleteCurrentOrganizationKey", 19, "the current organization"),
        delete("/api/v1/organization/{organization}/keys/{key}", "deleteOrganizationKey", 20, "organization"),
    ]

    private static func create(_ path: PathPattern, _ name: String, _ number: Int, _ whose: String) -> Operation {
        .mutation(
            .post, path, name, number, .organizations, "Create key of \(whose): the only answer that shows its secret",
            access: .special(.change, "with limitToRole OWNER, OWNER only"), body: NewOrganizationKey.self,
            shows: .organizationKey, reveals: .secret("secretBase64"),
            created: { $0.location(of: $1) }
        ) { request, body in
            try Revealing(request, as: { Data($0).base64EncodedString() }) { id, secret in
                CreateKey(request.part(id), name: body.keyName, limit: body.limitToRole, secret: secret)
            }
        }
    }

    private static func delete(_ path: PathPattern, _ name: String, _ number: Int, _ whose: String) -> Operation {
        .mutation(
            .delete, path, name, number, .organizations,
            "Delete key of \(whose): its tokens are refused from then on", access: .permission(.change),
            shows: .organizationKey
        ) { request in DeleteKey(request.part()) }
    }
}
