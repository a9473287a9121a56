import DirectoryEvents
import DirectoryRows
import EventSourcing
import FoundationEssentials
import OrganizationsProjection

/// Changes or replaces the profile of an entity, where OWNER and ADMIN alone may (operations 7, 8, 10 and 11).
public struct ChangeProfile<P: OrganizationEntityProjection>: Mutation {
    private let id: UUID?
    private let edits: ProfileEdits

    public init(of _: P.Type, _ id: UUID, _ edits: ProfileEdits) {
        self.id = id
        self.edits = edits
    }

    /// - Parameter id: the organization; `nil` for the current one.
    public init(of _: P.Type, _ id: UUID?, _ edits: ProfileEdits) where P == Organizations {
        self.id = id
        self.edits = edits
    }

    public var loads: [Load] { id.map { [.row(P.self, $0)] } ?? [] }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<P.Row> {
        let id = try id ?? caller.currentOrganization().id
        return try view.permit(
            .change, on: P.self, id, caller, "Only OWNER and ADMIN change \(P.kind.phrase)'s profile.")
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<P.Row>) throws -> [ProposedEvent] {
        let entity = permit.subject
        let changes = edits.changes(to: entity.profile, P.kind.profileFields)
        guard !changes.isEmpty else { return [] }
        try view.checkActive(entity.organization)
        let reference = EntityReference(P.kind, entity.id)
        return [Proposed(.entity(reference, organization: entity.organization, .profileChanged(changes)))]
    }
}
