import DirectoryEvents
import DirectoryRows
import EmployeesProjection
import EventSourcing
import FoundationEssentials

/// What lines say of people.
extension ImportState {
    /// The employee with an address: the active one, else the one made last.
    func find(email: String) throws -> Employee? {
        let key = ColumnValue.text(SearchText.emailKey(email))
        return try view.rows(Employees.byEmail, [.uuid(organization), key]).max { left, right in
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

    /// Makes an employee, or activates and changes the one that is there.
    mutating func list(
        _ email: String, _ fields: ImportLine.PersonFields, respelling: FieldEdit<String>, new: UUID
    ) throws {
        let profile = fields.profile.mapValues { FieldEdit.set($0) }
        if let employee = try find(email: email) {
            if !employee.isActive { try add(try EmployeeStatus(employee.id).activation(of: employee, view)) }
            try add(
                employee.changes(
                    name: FieldEdit(ifNamed: fields.name), email: respelling, role: FieldEdit(ifNamed: fields.role),
                    type: FieldEdit(ifNamed: fields.type)))
            try add(profileChanges(of: employee.id, employee.profile.values, profile))
        } else {
            guard let name = fields.name else {
                throw Refusal.rule(at: "/name", "The person is not in the directory yet, so a name is needed.")
            }
            let created = EmployeeEvent.created(
                name: Erasable(name), email: Erasable(email), role: fields.role.map { Erasable($0) },
                type: fields.type ?? DefaultType.employee, account: nil)
            try add([Proposed(.employee(new, organization: organization, created))])
            try add(profileChanges(of: new, [:], profile))
        }
    }

    func profileChanges(
        of employee: UUID, _ values: [String: String], _ edits: [String: FieldEdit<String>]
    ) -> [ProposedEvent] {
        let changes = ProfileEdits(edits, replaces: false).changes(
            to: Profile(values), EntityKind.employee.profileFields)
        guard !changes.isEmpty else { return [] }
        return [Proposed(.employee(employee, organization: organization, .profileChanged(changes)))]
    }

    mutating func leave(_ employee: Employee) throws {
        guard employee.isActive else { return }
        try add(try EmployeeStatus(employee.id).deactivation(of: employee, view))
    }

    /// Puts one DIRECT line in place of the others.
    mutating func report(_ employee: Employee, to manager: UUID) throws {
        let others = employee.managers.filter { $0.manager != manager && $0.type == DefaultType.line }
        let lines = try view.lines(
            of: employee, adding: [(manager, DefaultType.line, "/manager")], ending: others.count)
        try add(others.map { employee.end($0) } + lines)
    }

    mutating func endLine(of employee: Employee, to manager: UUID) throws {
        let lines = employee.managers.filter { $0.manager == manager && $0.type == DefaultType.line }
        try add(lines.map { employee.end($0) })
    }
}
