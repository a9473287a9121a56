import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials

/// Changes the named fields of an employee (operation 32).
public struct ChangeEmployee: Mutation {
    private let id: UUID
    private let name: FieldEdit<String>
    private let email: FieldEdit<String>
    private let account: FieldEdit<UUID>
    private let role: FieldEdit<String>
    private let type: FieldEdit<String>

    /// A change of these fields.
    public init(
        _ id: UUID, name: FieldEdit<String>, email: FieldEdit<String>, account: FieldEdit<UUID>,
        role: FieldEdit<String>,
        type: FieldEdit<String>
    ) {
        self.id = id
        self.name = name
        self.email = email
        self.account = account
        self.role = role
        self.type = type
    }

    public var loads: [Load] { [.row(Employees.self, id)] }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Employee> {
        let permit = try view.permit(.change, on: Employees.self, id, caller, "Only OWNER and ADMIN change employees.")
        if account.applied(to: permit.subject.account) != permit.subject.account {
            try view.checkMayEndGrants(tiedTo: permit.subject, caller)
        }
        return permit
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Employee>) throws -> [ProposedEvent] {
        let employee = permit.subject
        let events = employee.changes(name: name, email: email, role: role, type: type)
        guard !events.isEmpty || account.applied(to: employee.account) != employee.account else { return [] }
        try employee.checkNotErased()
        try view.checkActive(employee.organization)
        if employee.isActive, let email = email.applied(to: employee.email),
            email.isIdentical(to: employee.email) == false
        {
            try view.checkEmail(email, in: employee.organization, for: id)
        }
        return try events + view.link(employee, account, caller)
    }
}

extension Employee {
    /// The events that change these fields, as far as they differ.
    func changes(
        name: FieldEdit<String> = .keep, email: FieldEdit<String> = .keep, role: FieldEdit<String> = .keep,
        type: FieldEdit<String> = .keep
    ) -> [ProposedEvent] {
        var events: [EmployeeEvent] = []
        if let change = name.change(from: self.name) { events.append(.renamed(change)) }
        if let change = email.change(from: self.email) { events.append(.emailChanged(change)) }
        if let change = role.change(from: self.role) { events.append(.roleChanged(change)) }
        // Clearing the type restores the default.
        let type = type == .clear ? .set(DefaultType.employee) : type
        if let change = type.change(from: self.type) { events.append(.typeChanged(change)) }
        return events.map { Proposed(.employee(id, organization: organization, $0)) }
    }
}

extension View {
    /// The events that change an employee's link to an account. Undoing one ends the grants tied to the employee and, with the
    /// account's last role, its memberships.
    func link(_ employee: Employee, _ edit: FieldEdit<UUID>, _ caller: Authority) throws -> [ProposedEvent] {
        let account = edit.applied(to: employee.account)
        guard account != employee.account else { return [] }
        var changes: [ProposedEvent] = []
        func add(_ event: EmployeeEvent) {
            changes.append(Proposed(.employee(employee.id, organization: employee.organization, event)))
        }
        if let account {
            guard employee.isActive else { throw Refusal.rule(at: "/account", "The employee is not active.") }
            try checkNewLink(to: account, in: employee.organization, for: employee.id, caller)
        }
        if let old = employee.account {
            changes += try endGrants(tiedTo: employee)
            add(.accountUnlinked(old))
            changes += try endMemberships(ofAccountOf: employee)
        }
        if let account { add(.accountLinked(account)) }
        return changes
    }
}
