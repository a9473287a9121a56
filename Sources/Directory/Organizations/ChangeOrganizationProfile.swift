import DirectoryEvents
import EventSourcing
import FoundationEssentials
import OrganizationsProjection

/// Changes (operations 8 and 11) or replaces (7 and 10) the profile of an organization.
public struct ChangeOrganizationProfile: Mutation {
    private let id: UUID?
    private let edits: ProfileEdits

    /// - Parameter id: the organization; `nil` for the current one.
    public init(_ id: UUID?, _ edits: ProfileEdits) {
        self.id = id
        self.edits = edits
    }

    public var loads: [Load] { id.map { [.row(Organizations.self, $0)] } ?? [] }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Organization> {
        try view.permit(.change, onOrganization: id, caller, "Only OWNER and ADMIN change an organization's profile.")
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Organization>) throws -> [ProposedEvent] {
        let organization = permit.subject
        let changes = edits.changes(to: organization.profile, EntityKind.organization.profileFields)
        guard !changes.isEmpty else { return [] }
        try view.checkActive(organization.id)
        return [Proposed(.organization(organization.id, .profileChanged(changes)))]
    }
}
