import DirectoryEvents
import EventSourcing
import FoundationEssentials
import GroupsProjection

/// The memberships of an INACTIVE group are kept, but do not count: it is none of any entity's groups, and takes no member.
public struct GroupStatus: StatusRules {
    private let id: UUID

    public init(_ id: UUID) { self.id = id }

    public var loads: [Load] { [.row(Groups.self, id)] }

    public func authorize(_ status: SettableStatus, _ view: View, _ caller: Authority) throws -> Permit<Group> {
        try view.permit(.change, on: Groups.self, id, caller, "Only OWNER and ADMIN \(status.verb) groups.")
    }

    public func activation(of group: Group, _ view: View) throws -> [ProposedEvent] {
        try view.checkActive(group.organization)
        return [Proposed(.group(id, organization: group.organization, .activated))]
    }

    public func deactivation(of group: Group, _ view: View) throws -> [ProposedEvent] {
        try view.checkActive(group.organization)
        return [Proposed(.group(id, organization: group.organization, .deactivated))]
    }
}
