import DirectoryEvents
import EventSourcing
import FoundationEssentials
import OrganizationKeysProjection
import OrganizationsProjection

/// Makes a key with which an organization's programs sign tokens (operations 17 and 18).
public struct CreateKey: PartAddition {
    public let address: KeyAddress
    private let name: String
    private let limit: String?
    private let secret: Secret

    /// - Parameters:
    ///   - address: the organization, and the id that the key gets.
    ///   - limit: the word of the role whose rights its tokens have at most; `nil` for those of the request.
    ///   - secret: its secret, sealed.
    public init(_ address: KeyAddress, name: String, limit: String?, secret: Secret) {
        self.address = address
        self.name = name
        self.limit = limit
        self.secret = secret
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Organization>) throws -> [ProposedEvent] {
        let organization = permit.subject.id
        try view.checkActive(organization)
        let limit = try limit(at: organization, caller)
        try view.checkRoom(for: OrganizationKeys.self, in: organization)
        let created = OrganizationEvent.keyCreated(address.id, limitToRole: limit.rawValue, name: Erasable(name))
        return [Proposed(.organization(organization, created))]
    }

    public func sideWrites(_ view: View, _ permit: Permit<Organization>) -> [SideWrite] {
        [.secret(secret, under: address.secret)]
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
