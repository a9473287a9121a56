import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GrantsProjection

/// Erases an employee, for good, active or not and even in an INACTIVE organization. Besides all that ends when one is deactivated,
/// its link to an account does.
public struct EraseEmployee: Mutation {
    private let id: UUID
    private let reason: String

    /// - Parameter reason: a word.
    public init(_ id: UUID, reason: String) {
        self.id = id
        self.reason = reason
    }

    public var loads: [Load] { [.row(Employees.self, id), .lookup(Grants.byEmployee, [.uuid(id)])] }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Employee> {
        try view.permit(.own, on: Employees.self, id, caller, "Only an OWNER erases employees.")
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Employee>) throws -> [ProposedEvent] {
        let employee = permit.subject
        guard !employee.isErased else { return [] }
        let memberships = try view.endMemberships(of: EntityReference(.employee, id), in: employee.organization)
        let grants = try view.endGrants(tiedTo: employee)
        let ofAccount = try view.endMemberships(ofAccountOf: employee)
        let erased = Proposed(
            DirectoryEvent.employee(id, organization: employee.organization, .erased(reason: reason)))
        return employee.managers.map { employee.end($0) } + memberships + grants + employee.unlinked + ofAccount
            + [erased]
    }
}

extension Employee {
    /// The event that ends its link to an account, if it has one.
    var unlinked: [ProposedEvent] {
        account.map { [Proposed(.employee(id, organization: organization, .accountUnlinked($0)))] } ?? []
    }
}
