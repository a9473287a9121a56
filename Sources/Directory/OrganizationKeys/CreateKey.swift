import DirectoryEvents
import EventSourcing
import FoundationEssentials
import OrganizationKeysProjection
import OrganizationsProjection

/// Makes a key with which an organization's programs sign tokens (operations 17 and 18).
public struct CreateKey: Mutation {
    /// How many keys an organization may have.
    static let most = 100

    private let id: UUID
    private let organization: UUID?
    private let name: String
    private let limit: String?
    private let secret: Secret

    /// A key to be.
    /// - Parameters:
    ///   - id: its id, made for the request.
    ///   - organization: `nil` for the current one.
    ///   - limit: the word of the role whose rights its tokens have at most; `nil` for those of the request.
    ///   - secret: its secret, sealed.
    public init(id: UUID, organization: UUID?, name: String, limit: String?, secret: Secret) {
        self.id = id
        self.organization = organization
        self.name = name
        self.limit = limit
        self.secret = secret
    }

    public var loads: [Load] {
        organization.map {
            [.row(Organizations.self, $0), .lookup(OrganizationKeys.byOrganization, [.uuid($0)])]
        } ?? []
    }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Organization> {
        let permit = try view.permit(
            .change, onOrganization: organization, caller, "Only OWNER and ADMIN make an organization's keys.")
        return Permit(
            permit.subject, by: permit.role, entity: id, organization: permit.organization, tag: permit.tag)
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Organization>) throws -> [ProposedEvent] {
        let organization = permit.subject.id
        try view.checkActive(organization)
        let limit = try limit(at: organization, caller)
        guard try view.keys(OrganizationKeys.byOrganization, [.uuid(organization)]).count < CreateKey.most else {
            throw Refusal.rule("An organization has at most \(CreateKey.most) keys. Delete one that is not needed.")
        }
        return [
            Proposed(
                .organization(organization, .keyCreated(id, limitToRole: limit.rawValue, name: Erasable(name))))
        ]
    }

    public func sideWrites(_ view: View, _ permit: Permit<Organization>) -> [SideWrite] {
        [SideWrite(Secrets.self, Secrets.Key(owner: id)) { _ in secret }]
    }

    /// The limit, which is never above what the caller may do there.
    private func limit(at organization: UUID, _ caller: Authority) throws -> Role {
        let own: Role = try caller.has(.own, in: organization) ? .owner : .admin
        guard let limit else { return own }
        guard let role = Role(rawValue: limit), Role.limits.contains(role) else {
            let words = Role.limits.map(\.rawValue).joined(separator: ", ")
            throw Refusal.rule(at: "/limitToRole", "must be one of \(words)")
        }
        guard role != .owner || own == .owner else {
            throw Refusal.rule(at: "/limitToRole", "must not be above what the request may do itself: \(own.rawValue)")
        }
        return role
    }
}
