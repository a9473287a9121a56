import AccountsProjection
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GrantsProjection
import GroupMembershipsProjection
import GroupsProjection
import OrganizationsProjection

/// Events that one command appends together, and a view in which they have happened already: a step is decided, by the rules that
/// requests are decided by, on the state that the steps before it leave.
struct Draft {
    /// The state after the events so far.
    let view: View
    private(set) var events: [ProposedEvent] = []

    /// Nothing has happened yet.
    init(over base: View) { view = View(over: base) }

    /// The read models that rules look at, by what concerns them.
    private static let projections: [DirectoryEvent.Topic: [any Projection<DirectoryEvent>.Type]] = {
        let all: [any Projection<DirectoryEvent>.Type] = [
            Organizations.self, Accounts.self, Grants.self, Employees.self, Groups.self, GroupMemberships.self,
        ]
        var projections: [DirectoryEvent.Topic: [any Projection<DirectoryEvent>.Type]] = [:]
        for projection in all { for topic in projection.topics { projections[topic, default: []].append(projection) } }
        return projections
    }()

    /// Makes these events happen.
    /// - Throws: `Missing` for rows that they change.
    mutating func add(_ events: [ProposedEvent]) throws {
        for event in events {
            for projection in Draft.projections[event.payload.topic] ?? [] { try fold(event, into: projection) }
            if event.payload.isCreation {
                noteNothingRefers(to: event.payload.entity, in: organization(of: event.payload))
            }
            self.events.append(event)
        }
    }

    private func organization(of payload: DirectoryEvent) -> UUID? {
        switch payload {
        case .employee(_, let organization, _), .group(_, let organization, _): organization
        default: nil
        }
    }

    /// What is only now created is in no group and has no grants: nothing need be loaded to know that.
    private func noteNothingRefers(to entity: EntityReference, in organization: UUID?) {
        guard let organization, !view.isComplete else { return }
        view.table(GroupMemberships.self).insert(
            [], ordinal: GroupMemberships.byMember.ordinal, values: [.uuid(entity.id), .uuid(organization)])
        if entity.kind == .employee {
            view.table(Grants.self).insert([], ordinal: Grants.byEmployee.ordinal, values: [.uuid(entity.id)])
        }
    }

    private func fold<P: Projection<DirectoryEvent>>(_ event: ProposedEvent, into _: P.Type) throws {
        let missing = P.loads(for: [event.payload], in: view)
        guard missing.isEmpty || view.isComplete else { throw Missing(missing) }
        // An event that has no place yet comes after all that have one, and before those that are added after it.
        let position = Position.max / 2 + Position(events.count)
        let folded = Event(
            position: position, id: event.payload.stream, payload: event.payload, author: .system,
            recordedAt: event.effectiveAt ?? Instant(microseconds: 0), effectiveAt: event.effectiveAt)
        P.fold(folded, in: view)
    }
}
