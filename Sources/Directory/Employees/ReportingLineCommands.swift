import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials

/// Puts an employee under a manager, or changes the type of the line between them (operation 35).
public struct AssignManager: Mutation {
    private let employee: UUID
    private let manager: UUID
    private let type: String

    /// A line to be, or its new type.
    public init(_ employee: UUID, manager: UUID, type: String) {
        self.employee = employee
        self.manager = manager
        self.type = type
    }

    public var loads: [Load] { [.row(Employees.self, employee), .row(Employees.self, manager)] }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Employee> {
        try view.permit(.change, on: Employees.self, employee, caller, "Only OWNER and ADMIN change reporting lines.")
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Employee>) throws -> [ProposedEvent] {
        try view.lines(of: permit.subject, adding: [(manager, type, "/managerId")])
    }
}

/// Replaces all reporting lines of an employee in one append (PUT of its managers).
public struct ReplaceManagers: Mutation {
    private let employee: UUID
    private let lines: [(manager: UUID, type: String)]

    /// The lines that are to be, each manager once.
    public init(_ employee: UUID, lines: [(manager: UUID, type: String)]) {
        self.employee = employee
        self.lines = lines
    }

    public var loads: [Load] {
        // More than may be are refused without a look at them.
        guard lines.count <= View.mostManagers else { return [.row(Employees.self, employee)] }
        return [.row(Employees.self, employee)] + lines.map { .row(Employees.self, $0.manager) }
    }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Employee> {
        try view.permit(.change, on: Employees.self, employee, caller, "Only OWNER and ADMIN change reporting lines.")
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Employee>) throws -> [ProposedEvent] {
        let employee = permit.subject
        let kept = Set(lines.map(\.manager))
        let removed = employee.managers.filter { !kept.contains($0.manager) }.map { employee.end($0) }
        let wanted = lines.enumerated().map { ($1.manager, $1.type, "/\($0)/managerId") }
        let added = try view.lines(of: employee, adding: wanted, ending: removed.count)
        if !removed.isEmpty { try view.checkActive(employee.organization) }
        return removed + added
    }
}

/// Ends the line from an employee to a manager (operation 36).
public struct RemoveManager: Mutation {
    private let employee: UUID
    private let manager: UUID

    /// The line between two employees.
    public init(_ employee: UUID, manager: UUID) {
        self.employee = employee
        self.manager = manager
    }

    public var loads: [Load] { [.row(Employees.self, employee)] }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<ManagerReference> {
        let version = try view.visible(Employees.self, employee, caller)
        guard let line = version.row.managers.first(where: { $0.manager == manager }) else {
            throw Refusal.notFound("reporting line")
        }
        let organization = version.row.organization
        let role = try caller.role(
            for: .change, in: organization, else: "employee", "Only OWNER and ADMIN change reporting lines.")
        return Permit(
            line, by: role, entity: employee, organization: organization, tag: EntityTag(version.since))
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<ManagerReference>) throws
        -> [ProposedEvent]
    {
        guard let organization = permit.organization else { return [] }
        try view.checkActive(organization)
        let removed = EmployeeEvent.managerRemoved(manager, type: permit.subject.type)
        return [Proposed(.employee(employee, organization: organization, removed))]
    }
}

extension Employee {
    /// The event that ends one of its lines.
    func end(_ line: ManagerReference) -> ProposedEvent {
        Proposed(.employee(id, organization: organization, .managerRemoved(line.manager, type: line.type)))
    }
}

extension View {
    /// How many managers an employee may have.
    static let mostManagers = 100

    /// The events by which an employee gets these lines, or lines of these types.
    /// - Parameter ending: how many of its lines the same command ends.
    func lines(
        of employee: Employee, adding wanted: [(manager: UUID, type: String, pointer: String)], ending: Int = 0
    ) throws -> [ProposedEvent] {
        let new = wanted.filter { want in !employee.managers.contains { $0.manager == want.manager } }.count
        guard employee.managers.count - ending + new <= View.mostManagers else {
            throw Refusal.rule("An employee has \(View.mostManagers) managers at most.")
        }
        var changes: [ProposedEvent] = []
        var explored: [String: Set<UUID>] = [:]
        for (manager, type, pointer) in wanted {
            let line = employee.managers.first { $0.manager == manager }
            if line?.type == type { continue }
            try checkActive(employee.organization)
            guard employee.isActive else { throw Refusal.rule("The employee is not active.") }
            try checkLine(
                from: employee, to: manager, type: type, at: pointer, exceptAbove: &explored[type, default: []])
            let event: EmployeeEvent =
                line.map { .managerTypeChanged(manager, Change(from: $0.type, to: type)) }
                ?? .managerAssigned(manager, type: type)
            changes.append(Proposed(.employee(employee.id, organization: employee.organization, event)))
        }
        return changes
    }
}
