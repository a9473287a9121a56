import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GrantsProjection

/// The lines and memberships of a deactivated employee end, and so do the grants that are tied to it, each with an event of its
/// own; with its account's last role, that account's memberships. They do not return when it is activated.
public struct EmployeeStatus: StatusRules {
    private let id: UUID

    public init(_ id: UUID) { self.id = id }

    public var loads: [Load] { [.row(Employees.self, id), .lookup(Grants.byEmployee, [.uuid(id)])] }

    public func authorize(_ status: SettableStatus, _ view: View, _ caller: Authority) throws -> Permit<Employee> {
        let permit = try view.permit(
            .change, on: Employees.self, id, caller, "Only OWNER and ADMIN \(status.verb) employees.")
        if status == .inactive { try view.checkMayEndGrants(tiedTo: permit.subject, caller) }
        return permit
    }

    public func activation(of employee: Employee, _ view: View) throws -> [ProposedEvent] {
        try view.checkActive(employee.organization)
        if let email = employee.email { try view.checkEmail(email, in: employee.organization, for: id) }
        if let account = employee.account { try view.checkLink(to: account, in: employee.organization, for: id) }
        return [Proposed(.employee(id, organization: employee.organization, .activated))]
    }

    public func deactivation(of employee: Employee, _ view: View) throws -> [ProposedEvent] {
        try view.checkActive(employee.organization)
        let memberships = try view.endMemberships(of: EntityReference(.employee, id), in: employee.organization)
        let deactivated = Proposed(DirectoryEvent.employee(id, organization: employee.organization, .deactivated))
        return try employee.managers.map { employee.end($0) } + memberships + [deactivated]
            + view.endGrants(tiedTo: employee) + view.endMemberships(ofAccountOf: employee)
    }
}
