import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials

extension View {
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
