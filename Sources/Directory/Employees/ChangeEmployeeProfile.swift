import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials

/// Changes (operation 39) or replaces (operation 38) the profile of an employee.
public struct ChangeEmployeeProfile: Mutation {
    private let id: UUID
    private let fields: [String: FieldEdit<String>]
    private let replaces: Bool

    /// Edits of the named fields; with `replaces` all others that the caller sees are cleared.
    public init(_ id: UUID, fields: [String: FieldEdit<String>], replaces: Bool) {
        self.id = id
        self.fields = fields
        self.replaces = replaces
    }

    /// What was found: the employee, and whether the caller sees its hidden fields.
    public struct Found: Sendable {
        let employee: Employee
        let seesHidden: Bool
    }

    public var loads: [Load] { [.row(Employees.self, id)] }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Found> {
        let (employee, tag) = try view.visibleEmployee(id, caller)
        let seesHidden = try caller.seesHidden(of: employee)
        let role = try editor(of: employee, view, caller)
        if !seesHidden, fields.keys.contains(where: Profile.hiddenFields.contains) {
            throw Refusal.forbidden("birthDate and gender are for OWNER, ADMIN and the employee itself.")
        }
        return Permit(
            Found(employee: employee, seesHidden: seesHidden), by: role, entity: id,
            organization: employee.organization, tag: tag)
    }

    /// The role by which the caller edits the profile: OWNER and ADMIN, the employee itself, a MANAGER above it.
    private func editor(of employee: Employee, _ view: View, _ caller: Authority) throws -> String {
        let organization = employee.organization
        if try caller.has(.change, in: organization) {
            return try caller.role(for: .change, in: organization, else: "employee", "")
        }
        let roles = try caller.roles(in: organization)
        // An account whose employee has left, and that is an AUDITOR now, changes nothing.
        let own = roles.intersection([.manager, .employee])
        if employee.account == caller.id, !own.isEmpty { return own.highest }
        if roles.contains(.manager), let own = try caller.employee(in: organization), own.id != id {
            var explored: Set<UUID> = []
            if try view.stands(own.id, above: id, over: DefaultType.line, exceptAbove: &explored) {
                return Roles.manager.highest
            }
        }
        throw Refusal.forbidden(
            "A profile is edited by OWNER and ADMIN, by the employee itself, and by a MANAGER to whom it reports.")
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Found>) throws -> [DirectoryChange] {
        let employee = permit.subject.employee
        var changes: [ProfileChange] = []
        for field in Profile.employeeFields {
            let isReplaced = replaces && (permit.subject.seesHidden || !Profile.hiddenFields.contains(field))
            let edit = fields[field] ?? (isReplaced ? .clear : .keep)
            if let (from, to) = edit.change(from: employee.profile.values[field]) {
                changes.append(ProfileChange(field, from: from, to: to))
            }
        }
        guard !changes.isEmpty else { return [] }
        try view.checkActive(employee.organization)
        return [Proposed(.employee(id, organization: employee.organization, .profileChanged(changes)))]
    }
}
