import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GrantsProjection
import OrganizationsProjection
import ReportingLinesProjection

extension View {
    /// An employee that the caller sees, and the permit to change it in a way that takes a permission.
    func permit(
        _ permission: Permission, onEmployee id: UUID, _ caller: Authority, _ reason: String
    ) throws -> Permit<Employee> {
        let (employee, tag) = try visibleEmployee(id, caller)
        let role = try caller.role(for: permission, in: employee.organization, else: "employee", reason)
        return Permit(employee, by: role, entity: id, organization: employee.organization, tag: tag)
    }

    /// An employee that the caller sees.
    func visibleEmployee(_ id: UUID, _ caller: Authority) throws -> (Employee, EntityTag) {
        guard let version = try version(Employees.self, id), caller.finds(in: version.row.organization),
            try caller.has(.read, in: version.row.organization)
        else { throw Refusal.notFound("employee") }
        return (version.row, EntityTag(version.since))
    }

    /// Refuses every change in an organization that is not active.
    func checkActive(_ organization: UUID) throws {
        guard try row(Organizations.self, organization)?.isActive == true else {
            throw Refusal.rule("The organization is INACTIVE: it takes no change until it is activated.")
        }
    }

    /// Refuses an e-mail address that another active employee of the organization has.
    func checkEmail(_ email: String, in organization: UUID, for employee: UUID) throws {
        let others = try rows(Employees.byEmail, [.uuid(organization), .text(SearchText.emailKey(email))])
        if others.contains(where: { $0.isActive && $0.id != employee }) {
            throw Refusal.conflict(at: "/email", "Another active employee of the organization has this e-mail address.")
        }
    }

    /// Refuses a link to an account that another active employee of the organization has.
    func checkLink(to account: UUID, in organization: UUID, for employee: UUID, at pointer: String = "/account") throws
    {
        let others = try rows(Employees.byAccount, [.uuid(account)])
        if others.contains(where: { $0.isActive && $0.organization == organization && $0.id != employee }) {
            throw Refusal.conflict(
                at: pointer, "Another active employee of the organization is linked to this account.")
        }
    }

    /// Refuses a new link of an employee to an account that the caller does not see, or that is taken or not active.
    func checkNewLink(to account: UUID, in organization: UUID, for employee: UUID, _ caller: Authority) throws {
        guard let found = try visibleAccount(account, caller) else {
            throw Refusal.rule(at: "/account", "There is no such account.")
        }
        guard found.row.isActive else { throw Refusal.rule(at: "/account", "The account is not active.") }
        try checkLink(to: account, in: organization, for: employee)
    }

    // MARK: Reporting lines

    /// Whether one employee stands above another over lines of a type, at any height, or is the same.
    /// - Parameters:
    ///   - explored: those above whom has been looked already, in vain; all that are looked at join them.
    ///   - find: finds an employee, where that is not the view's row.
    /// - Throws: a refusal where there are more than `View.stepLimit`.
    func stands(
        _ employee: UUID, above start: UUID, over type: String, exceptAbove explored: inout Set<UUID>,
        _ find: FindEmployee? = nil
    ) throws -> Bool {
        if start == employee { return true }
        guard explored.insert(start).inserted else { return false }
        var next = [start]
        while let id = next.popLast() {
            // If this one is not held, those after it are not either: one walk brings all of them.
            let walks = { ([id] + next).map { Load.managers(above: $0, over: type) } }
            let row = try find.map { try $0(id, walks) } ?? row(Employees.self, id, else: walks())
            for line in row?.managers ?? [] where line.type == type {
                if line.manager == employee { return true }
                if explored.insert(line.manager).inserted { next.append(line.manager) }
            }
            guard explored.count <= View.stepLimit else {
                throw Refusal.rule("More than \(View.stepLimit) employees stand above the manager.")
            }
        }
        return false
    }

    /// Refuses a line that would close a circle, or whose manager may not take it.
    func checkLine(
        from employee: Employee, to manager: UUID, type: String, at pointer: String,
        exceptAbove explored: inout Set<UUID>, _ find: FindEmployee? = nil
    ) throws {
        let other = try find.map { try $0(manager, { [] }) } ?? row(Employees.self, manager)
        guard let other, other.organization == employee.organization else {
            throw Refusal.rule(at: pointer, "There is no such employee in the organization.")
        }
        guard manager != employee.id else { throw Refusal.rule(at: pointer, "Nobody reports to themselves.") }
        guard other.isActive else { throw Refusal.rule(at: pointer, "The manager is not active.") }
        guard try !stands(employee.id, above: manager, over: type, exceptAbove: &explored, find) else {
            throw Refusal.rule(at: pointer, "The manager already reports to this employee over lines of type \(type).")
        }
    }
}

/// Finds an employee; one that is not held is loaded, with what these walks reach.
typealias FindEmployee = (UUID, () -> [Load]) throws -> Employee?

extension Load {
    /// All managers above an employee over lines of a type, and the employee.
    static func managers(above employee: UUID, over type: String) -> Load {
        .walk(Employees.self, Walk(from: .uuid, keys: upwards, [type]), from: .uuid(employee))
    }

    private static let upwards = """
        with recursive above(id) as (
            select unnest($1::uuid[])
            union
            select l.manager from above join \(ReportingLines.schemaName).current l on l.employee = above.id
            where l.type = $2::text
        ) select id from above limit \(View.stepLimit + 1)
        """
}
