import DirectoryEvents
import EventSourcing
import FoundationEssentials
import OrganizationKeysProjection
import OrganizationsProjection

/// Deletes a key of an organization: its tokens are refused from then on (operations 19 and 20).
public struct DeleteKey: Mutation {
    private let id: UUID
    private let organization: UUID?

    /// - Parameter organization: `nil` for the current one.
    public init(_ id: UUID, organization: UUID?) {
        self.id = id
        self.organization = organization
    }

    public var loads: [Load] {
        [.row(OrganizationKeys.self, id)] + (organization.map { [.row(Organizations.self, $0)] } ?? [])
    }

    public var removesEntity: Bool { true }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<OrganizationKey> {
        let organization = try organization ?? caller.currentOrganization().id
        _ = try view.visible(Organizations.self, organization, caller)
        let key = try view.row(OrganizationKeys.self, id)
        // A caller who is not shown keys must not learn which exist.
        if key?.organization != organization, try caller.has(.readHidden, in: organization) {
            throw Refusal.notFound("key")
        }
        let permit = try view.permit(
            .change, onOrganization: organization, caller, "Only OWNER and ADMIN delete an organization's keys.")
        guard let key else { throw Refusal.notFound("key") }
        return Permit(key, by: permit.role, entity: id, organization: organization, tag: permit.tag)
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<OrganizationKey>) throws -> [ProposedEvent] {
        let key = permit.subject
        try view.checkActive(key.organization)
        let deleted = OrganizationEvent.keyDeleted(id, limitToRole: key.limitToRole, name: Erasable(key.name))
        return [Proposed(.organization(key.organization, deleted))]
    }

    public func sideWrites(_ view: View, _ permit: Permit<OrganizationKey>) -> [SideWrite] {
        [SideWrite(Secrets.self, Secrets.Key(owner: id)) { _ in nil }]
    }
}
