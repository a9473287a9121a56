import DirectoryEvents
import EventSourcing
import FoundationEssentials
import OrganizationsProjection

/// An INACTIVE organization keeps its content, which remains readable, and accepts no changes.
public struct OrganizationStatus: StatusRules {
    private let id: UUID

    public init(_ id: UUID) { self.id = id }

    public var loads: [Load] { [.row(Organizations.self, id)] }

    public func authorize(_ status: SettableStatus, _ view: View, _ caller: Authority) throws -> Permit<Organization> {
        try view.permit(.own, on: Organizations.self, id, caller, "Only an OWNER \(status.verb)s an organization.")
    }

    public func activation(of organization: Organization, _ view: View) -> [ProposedEvent] {
        [Proposed(.organization(id, .activated))]
    }

    public func deactivation(of organization: Organization, _ view: View) -> [ProposedEvent] {
        [Proposed(.organization(id, .deactivated))]
    }
}
