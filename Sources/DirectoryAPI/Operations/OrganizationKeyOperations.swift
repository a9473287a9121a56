import Crypto
import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import OrganizationKeysProjection

extension Shown {
    /// A key, under the tag that its organization has once it has the key.
    static let organizationKey = Shown(
        schema: "OrganizationKey",
        render: { view, _, id in
            guard let key = try view.version(OrganizationKeys.self, id) else { throw Refusal.notFound("key") }
            return Representation(json: key.row.json, tag: EntityTag(key.since, showsHidden: true))
        }, read: { try await $0.organizationKey($1, at: $2) })
}

extension Operations {
    static let organizationKeys: [Operation] = [
        .mutation(
            .post, "/api/v1/organization/keys", "createCurrentOrganizationKey", 17, .organizations,
            "Create key of the current organization: the only answer that shows its secret",
            access: .special(.change, "with limitToRole OWNER, OWNER only"), body: NewOrganizationKey.self,
            shows: .organizationKey, reveals: secret, created: location
        ) { request, body in try NewKey(nil, request, body) },
        .mutation(
            .post, "/api/v1/organization/{organization}/keys", "createOrganizationKey", 18, .organizations,
            "Create key of organization: the only answer that shows its secret",
            access: .special(.change, "with limitToRole OWNER, OWNER only"), body: NewOrganizationKey.self,
            shows: .organizationKey, reveals: secret, created: location
        ) { request, body in try NewKey(request.uuid("organization"), request, body) },
        .mutation(
            .delete, "/api/v1/organization/keys/{key}", "deleteCurrentOrganizationKey", 19, .organizations,
            "Delete key of the current organization: its tokens are refused from then on",
            access: .permission(.change), shows: .organizationKey
        ) { request in DeleteKey(request.uuid("key"), organization: nil) },
        .mutation(
            .delete, "/api/v1/organization/{organization}/keys/{key}", "deleteOrganizationKey", 20, .organizations,
            "Delete key of organization: its tokens are refused from then on", access: .permission(.change),
            shows: .organizationKey
        ) { request in DeleteKey(request.uuid("key"), organization: request.uuid("organization")) },
    ]

    private static let secret = Revealed<NewKey>(name: "secretBase64") { $0.secret }

    @Sendable private static func location(_ request: APIRequest, _ id: UUID) -> String {
        let parameter = request.operation.path.parameters.contains("organization")
        return parameter
            ? "/api/v1/organization/\(request.uuid("organization").text)/keys/\(id.text)"
            : "/api/v1/organization/keys/\(id.text)"
    }
}

/// A key to be, with its secret, which the log never sees.
struct NewKey: Mutation {
    private let creation: CreateKey
    /// The secret in standard base64.
    let secret: String

    init(_ organization: UUID?, _ request: APIRequest, _ body: NewOrganizationKey) throws {
        let id = request.newID()
        let secret = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        self.secret = Data(secret).base64EncodedString()
        creation = CreateKey(
            id: id, organization: organization, name: body.keyName, limit: body.limitToRole,
            secret: try request.service.secrets.seal(secret, for: Secrets.Key(owner: id)))
    }

    var loads: [Load] { creation.loads }

    func authorize(_ view: View, _ caller: Authority) throws -> Permit<CreateKey.Subject> {
        try creation.authorize(view, caller)
    }

    func decide(
        _ view: View, _ caller: Authority, _ permit: Permit<CreateKey.Subject>
    ) throws -> [ProposedEvent] { try creation.decide(view, caller, permit) }

    func sideWrites(_ view: View, _ permit: Permit<CreateKey.Subject>) throws -> [SideWrite] {
        creation.sideWrites(view, permit)
    }
}
