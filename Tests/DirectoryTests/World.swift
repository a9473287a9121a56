import AccountsProjection
import AppsProjection
import Directory
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import Foundation
import GrantsProjection
import GroupMembershipsProjection
import GroupsProjection
import OrganizationsProjection
import Testing

/// A directory in memory: events are folded, mutations are decided on the result, and their events are folded too.
final class World {
    /// What is kept alongside the log.
    private let sides = View(complete: true)
    private(set) var view: View
    private(set) var events: [Event<DirectoryEvent>] = []
    private var ids: UInt64 = 0

    init() { view = View(over: sides) }

    /// An id that is not used yet.
    func newID() -> UUID {
        ids += 1
        return UUID(high: 0x0199_0000_0000_7000, low: 0x8000_0000_0000_0000 | ids)
    }

    /// Under these keys secrets and requests are digested.
    static let secretKeys = SecretKeys(master: Array(repeating: 1, count: 32))

    /// The moment of the event at a position.
    static func time(_ position: Position) -> Instant {
        Instant(microseconds: 1_800_000_000_000_000 + position * 1_000_000)
    }

    private var now: Instant { World.time(Position(events.count) + 1) }

    // MARK: Given

    func given(_ payloads: DirectoryEvent...) { append(payloads.map { Proposed($0) }, by: .system) }

    @discardableResult
    func append(_ changes: [ProposedEvent], by author: Author) -> (first: Position?, last: Position) {
        let first = Position(events.count) + 1
        let at = now
        for change in changes {
            let event = Event(
                position: Position(events.count) + 1, id: newID(), payload: change.payload, author: author,
                recordedAt: at, effectiveAt: change.effectiveAt, imported: change.imported)
            events.append(event)
            World.apply(event, to: view)
            if event.payload.isErasure { erase(event.payload.entity) }
        }
        return (changes.isEmpty ? nil : first, Position(events.count))
    }

    /// Takes what clients chose out of an entity's events, and projects all of them again.
    private func erase(_ entity: EntityReference) {
        let live =
            entity.kind == .employee ? Employees.values(of: row(entity.id)) : Accounts.values(of: accountRow(entity.id))
        view = View(over: sides)
        for index in events.indices {
            if events[index].payload.entity == entity { events[index] = events[index].erased }
            World.apply(events[index], to: view)
        }
        let left =
            entity.kind == .employee ? Employees.values(of: row(entity.id)) : Accounts.values(of: accountRow(entity.id))
        #expect(live == left, "the erasing event means something else than what is left")
    }

    static func apply(_ event: Event<DirectoryEvent>, to view: View) {
        func fold<P: Projection>(_ projection: P.Type) where P.Payload == DirectoryEvent {
            view.table(projection).apply(event)
            _ = view.table(projection).takeChanges()
        }
        for projection in Directory.projections { fold(projection) }
    }

    // MARK: When

    /// Carries out a mutation as the processor does, and returns what happened.
    @discardableResult
    func execute(
        _ mutation: some Mutation, by caller: Caller, if precondition: Precondition? = nil, key: Idempotency? = nil
    ) throws -> (events: [DirectoryEvent], execution: MutationOutcome<UUID>) {
        let context = MutationContext(
            caller: caller, origin: .null, preconditions: precondition.map { [$0] } ?? [], idempotency: key)
        let command = Execute(mutation, context) { _, _, entity in entity }
        let at = now
        let (decision, memo) = try command.decide(view, at: at)
        let execution = try command.respond(view, carryOut(decision, at: at), memo)
        return (decision.events.map(\.payload), execution)
    }

    private func carryOut(_ decision: Decision<DirectoryEvent>, at instant: Instant) -> Outcome {
        let (first, last) = append(decision.events, by: decision.author)
        let outcome = Outcome(first: first, last: last, at: instant)
        if first != nil { for write in decision.sideWrites { write.apply(to: sides, outcome) } }
        return outcome
    }

    /// The events of a mutation.
    @discardableResult
    func when(_ mutation: some Mutation, by account: UUID, in organization: UUID? = nil) throws -> [DirectoryEvent] {
        try execute(mutation, by: Caller(.id(account), namedOrganization: organization)).events
    }

    /// Carries out any other command.
    @discardableResult
    func submit<C: Command>(_ command: C) throws -> C.Response where C.Payload == DirectoryEvent {
        let at = now
        let (decision, memo) = try command.decide(view, at: at)
        return try command.respond(view, carryOut(decision, at: at), memo)
    }
}

extension Event<DirectoryEvent> {
    /// The event without what clients chose.
    fileprivate var erased: Event {
        var stored = payload.encoded
        guard stored.sealed != nil else { return self }
        stored.sealed = nil
        stored.isErased = true
        guard let payload = try? DirectoryEvent(decoding: stored) else { return self }
        return Event(
            position: position, id: id, payload: payload, author: author, recordedAt: recordedAt,
            effectiveAt: effectiveAt, causation: causation, imported: imported)
    }
}

extension World {
    // MARK: Builders

    func organization(_ name: String = "Acme", alias: String? = nil, owner: UUID) -> UUID {
        let id = newID()
        given(.organization(id, .created(name: Erasable(name), alias: Erasable(alias ?? "alias-\(events.count)"))))
        grant(owner, "OWNER", in: id)
        return id
    }

    func account(_ email: String, name: String? = nil) -> UUID {
        let id = newID()
        given(.account(id, organization: nil, .created(email: Erasable(email), name: name.map { Erasable($0) })))
        return id
    }

    func account(_ email: String, _ role: String, in organization: UUID) -> UUID {
        let id = account(email)
        grant(id, role, in: organization)
        return id
    }

    func grant(_ account: UUID, _ role: String, in organization: UUID?, tiedTo employee: UUID? = nil) {
        given(.account(account, organization: organization, .roleGranted(role: role, employee: employee)))
    }

    func employee(_ name: String, in organization: UUID, email: String? = nil, account: UUID? = nil) -> UUID {
        let id = newID()
        given(
            .employee(
                id, organization: organization,
                .created(
                    name: Erasable(name), email: Erasable(email ?? "\(name.lowercased())@acme.example"), role: nil,
                    type: "EMPLOYEE",
                    account: account)))
        return id
    }

    func line(_ employee: UUID, to manager: UUID, _ type: String = "DIRECT", in organization: UUID) {
        given(.employee(employee, organization: organization, .managerAssigned(manager, type: type)))
    }

    func group(_ name: String = "Group", in organization: UUID) -> UUID {
        let id = newID()
        given(.group(id, organization: organization, .created(name: Erasable(name), type: "TEAM")))
        return id
    }

    func join(
        _ kind: EntityKind, _ member: UUID, _ group: UUID, _ type: String = "MEMBER", in organization: UUID
    ) {
        given(.membership(EntityReference(kind, member), organization: organization, .joined(group, type: type)))
    }

    func app(in organization: UUID, _ type: String = "SLACK") -> UUID {
        let id = newID()
        given(
            .app(
                id, organization: organization,
                .added(type: type, internal: nil, name: nil, externalID: nil, appData: nil)))
        return id
    }

    // MARK: Rows

    func organizationOf(_ app: UUID) -> UUID { value(Apps.self, app).organization }

    func row(_ employee: UUID) -> Employee { value(Employees.self, employee) }
    func organizationRow(_ id: UUID) -> Organization { value(Organizations.self, id) }
    func accountRow(_ id: UUID) -> Account { value(Accounts.self, id) }

    func groupRow(_ id: UUID) -> Group { value(Groups.self, id) }

    /// The groups that an entity is in, oldest membership first.
    func groups(of member: UUID, in organization: UUID) -> [UUID] {
        let rows = try? view.rows(GroupMemberships.byMember, [.uuid(member), .uuid(organization)])
        return (rows ?? []).sorted { $0.created < $1.created }.map(\.key.group)
    }

    private func value<P: Projection>(_ projection: P.Type, _ key: P.Key) -> P.Row {
        guard let row = try? view.row(projection, key) else { fatalError("the test's world lacks a row it was given") }
        return row
    }

    func grants(of account: UUID) -> Set<String> {
        let rows = (try? view.rows(Grants.byAccountAnywhere, [.uuid(account)])) ?? []
        return Set(rows.map(\.key.role))
    }
}
