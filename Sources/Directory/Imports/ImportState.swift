import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GrantsProjection

/// The state that the lines of one command leave: the view, and over it what they changed themselves.
struct ImportState {
    private(set) var changes: [ProposedEvent] = []
    private let view: View
    private let organization: UUID
    private var changed: [UUID: Employee] = [:]
    private var made: [ColumnValue: UUID] = [:]
    private var ended: Set<Grant.Key> = []
    /// The entities whose memberships were ended: no line begins one.
    private var departed: Set<UUID> = []
    private var effectiveAt: Instant?
    private var imported: ImportedLine?

    init(_ view: View, _ organization: UUID) {
        self.view = view
        self.organization = organization
    }

    /// Says from which line the next events come.
    mutating func begin(_ line: HistoryLine, of import: UUID) {
        effectiveAt = line.at
        imported = ImportedLine(import: `import`, line: line.number)
    }

    // MARK: Reading

    func find(_ id: UUID, else walks: () -> [Load] = { [] }) throws -> Employee? {
        try changed[id] ?? view.row(Employees.self, id, else: walks())
    }

    /// The employee with an address: the active one, else the one made last.
    func find(email: String) throws -> Employee? {
        let key = ColumnValue.text(SearchText.emailKey(email))
        if let made = made[key] { return try find(made) }
        let candidates = try view.keys(Employees.byEmail, [.uuid(organization), key]).compactMap { try find($0) }
        return candidates.max { left, right in
            left.isActive == right.isActive
                ? left.facts.createdPosition < right.facts.createdPosition : !left.isActive
        }
    }

    func employee(email: String) throws -> Employee {
        guard let employee = try find(email: email) else {
            throw Refusal.rule("The organization has no employee with the e-mail address of the person's hire.")
        }
        return employee
    }

    func checkLine(from employee: Employee, to manager: UUID) throws {
        var explored: Set<UUID> = []
        try view.checkLine(
            from: employee, to: manager, type: DefaultType.line, at: "/manager", exceptAbove: &explored
        ) { try find($0, else: $1) }
    }

    func checkLink(to account: UUID, for employee: UUID) throws {
        for other in try view.keys(Employees.byAccount, [.uuid(account), .uuid(organization)]) where other != employee {
            guard let other = try find(other), other.isActive else { continue }
            throw Refusal.conflict(
                at: "/account", "Another active employee of the organization is linked to this account.")
        }
    }

    // MARK: Changing

    mutating func add(_ event: EmployeeEvent, to id: UUID) throws {
        try add(.employee(id, organization: organization, event))
    }

    mutating func add(_ event: EntityEvent, to id: UUID) throws {
        try add(.employee(id, organization: organization, event))
    }

    /// Adds an event of an employee.
    mutating func add(_ payload: DirectoryEvent) throws {
        let id = payload.entity.id
        changes.append(Proposed(payload, effectiveAt: effectiveAt, imported: imported))
        var row = payload.isCreation ? nil : try find(id)
        // The row's own fold, on an event that has no place yet: what it shows of itself is not read here.
        let event = Event(
            position: .max, id: id, payload: payload, author: .system, recordedAt: Instant(microseconds: 0),
            effectiveAt: effectiveAt)
        Employees.apply(event, to: &row, at: id)
        changed[id] = row
        if payload.isCreation, let key = row?.emailKey { made[.text(key)] = id }
    }

    /// The events that end all memberships of an entity; none if they were taken before.
    mutating func takeMemberships(of member: EntityReference) throws -> [DirectoryEvent] {
        guard !departed.contains(member.id) else { return [] }
        let events = try view.endMemberships(of: member, in: organization).map(\.payload)
        departed.insert(member.id)
        return events
    }

    /// Ends the memberships of an employee's account, if that has no role any longer.
    mutating func endMemberships(ofAccountOf employee: Employee) throws {
        guard let account = employee.account,
            try !view.keys(Grants.byAccount, Grants.values(of: account, at: organization)).contains(where: {
                !ended.contains($0)
            })
        else { return }
        let linked = try view.keys(Employees.byAccount, [.uuid(account), .uuid(organization)])
        let others = try linked.compactMap { try find($0) }
        guard !others.contains(where: { $0.isActive && $0.id != employee.id }) else { return }
        for event in try takeMemberships(of: EntityReference(.account, account)) {
            changes.append(Proposed(event, effectiveAt: effectiveAt, imported: imported))
        }
    }

    mutating func endGrants(tiedTo employee: Employee) throws {
        let grants = try view.rows(Grants.byEmployee, [.uuid(employee.id)]).sorted { $0.created < $1.created }
        for grant in grants where !ended.contains(grant.key) {
            let owners = ended.filter { $0.role == Role.owner.rawValue }.map(\.account)
            var change = try view.endGrant(grant, ended: Set(owners))
            change.effectiveAt = effectiveAt
            change.imported = imported
            changes.append(change)
            ended.insert(grant.key)
        }
    }
}
