import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GrantsProjection

/// Deactivates an employee: its own lines and the grants that bear it end, each with an event of its own.
public struct DeactivateEmployee: Mutation {
    private let id: UUID

    /// The employee who leaves.
    public init(_ id: UUID) { self.id = id }

    public var loads: [Load] { [.row(Employees.self, id), .lookup(Grants.byEmployee, [.uuid(id)])] }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Employee> {
        let permit = try view.permit(.change, onEmployee: id, caller, "Only OWNER and ADMIN deactivate employees.")
        try view.checkMayEndGrants(bearing: permit.subject, caller)
        return permit
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Employee>) throws -> [DirectoryChange] {
        let employee = permit.subject
        guard employee.isActive else { return [] }
        try view.checkActive(employee.organization)
        let grants = try view.endGrants(bearing: employee)
        return employee.departure.map { Proposed(.employee(id, organization: employee.organization, $0)) } + grants
    }
}

/// Brings an employee back. What ended with its deactivation does not come back by itself.
public struct ActivateEmployee: Mutation {
    private let id: UUID

    /// The employee who comes back.
    public init(_ id: UUID) { self.id = id }

    public var loads: [Load] { [.row(Employees.self, id)] }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Employee> {
        try view.permit(.change, onEmployee: id, caller, "Only OWNER and ADMIN activate employees.")
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Employee>) throws -> [DirectoryChange] {
        let employee = permit.subject
        guard !employee.isActive else { return [] }
        try view.checkActive(employee.organization)
        try view.checkEmail(employee.email, in: employee.organization, for: id)
        if let account = employee.account { try view.checkLink(to: account, in: employee.organization, for: id) }
        return [Proposed(.employee(id, organization: employee.organization, .activated))]
    }
}

extension Employee {
    /// The events of its own that deactivate it: its lines end, then it is inactive.
    var departure: [EmployeeEvent] { managers.map { .managerRemoved($0.manager, type: $0.type) } + [.deactivated] }
}

extension View {
    /// Refuses what would end an OWNER's grant to a caller who is no OWNER.
    func checkMayEndGrants(bearing employee: Employee, _ caller: Authority) throws {
        guard try rows(Grants.byEmployee, [.uuid(employee.id)]).contains(where: { $0.key.role == Role.owner.rawValue }),
            try !caller.has(.own, in: employee.organization)
        else { return }
        throw Refusal.forbidden("It would end an OWNER's grant, which only an OWNER does.")
    }

    /// The events that end the grants which bear an employee.
    /// - Throws: a refusal where the last active OWNER would go.
    func endGrants(bearing employee: Employee) throws -> [DirectoryChange] {
        try rows(Grants.byEmployee, [.uuid(employee.id)]).sorted { $0.created < $1.created }.map { try endGrant($0) }
    }
}
