import DirectoryEvents
import EventSourcing
import OrganizationKeysProjection

/// Deletes a key of an organization: its tokens are refused from then on (operations 19 and 20).
public struct DeleteKey: PartChange {
    public let address: KeyAddress

    public init(_ address: KeyAddress) { self.address = address }

    public var removesEntity: Bool { true }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<OrganizationKey>) throws -> [ProposedEvent] {
        let key = permit.subject
        try view.checkActive(key.organization)
        let deleted = OrganizationEvent.keyDeleted(key.id, limitToRole: key.limitToRole, name: Erasable(key.name))
        return [Proposed(.organization(key.organization, deleted))]
    }

    public func sideWrites(_ view: View, _ permit: Permit<OrganizationKey>) -> [SideWrite] {
        [.secret(nil, under: address.secret)]
    }
}
