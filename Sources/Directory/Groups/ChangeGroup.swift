import DirectoryEvents
import EventSourcing
import FoundationEssentials
import GroupsProjection

/// Changes the named fields of a group (operation 45).
public struct ChangeGroup: Mutation {
    private let id: UUID
    private let name: FieldEdit<String>
    private let type: FieldEdit<String>

    /// A change of these fields.
    public init(_ id: UUID, name: FieldEdit<String>, type: FieldEdit<String>) {
        self.id = id
        self.name = name
        self.type = type
    }

    public var loads: [Load] { [.row(Groups.self, id)] }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Group> {
        try view.permit(.change, on: Groups.self, id, caller, "Only OWNER and ADMIN change groups.")
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Group>) throws -> [ProposedEvent] {
        let group = permit.subject
        var events: [GroupEvent] = []
        if let change = name.change(from: group.name) { events.append(.renamed(change)) }
        if let change = type.change(from: group.type) { events.append(.typeChanged(change)) }
        guard !events.isEmpty else { return [] }
        try view.checkActive(group.organization)
        return events.map { Proposed(.group(id, organization: group.organization, $0)) }
    }
}
