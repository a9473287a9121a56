import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials

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
        let others = try rows(Employees.byAccount, [.uuid(account), .uuid(organization)])
        if others.contains(where: { $0.isActive && $0.id != employee }) {
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
}
