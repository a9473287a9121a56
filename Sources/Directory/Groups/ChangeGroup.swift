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
        let events = group.changes(name: name, type: type)
        if !events.isEmpty { try view.checkActive(group.organization) }
        return events
    }
}

extension Group {
    /// The events that change these fields, as far as they differ.
    func changes(name: FieldEdit<String> = .keep, type: FieldEdit<String> = .keep) -> [ProposedEvent] {
        var events: [GroupEvent] = []
        if let change = name.change(from: self.name) { events.append(.renamed(change)) }
        if let change = type.change(from: self.type) { events.append(.typeChanged(change)) }
        return events.map { Proposed(.group(id, organization: organization, $0)) }
    }
}
