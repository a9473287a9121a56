import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials

/// Changes (operation 39) or replaces (operation 38) the profile of an employee.
public struct ChangeEmployeeProfile: Mutation {
    private let id: UUID
    private let edits: ProfileEdits

    public init(_ id: UUID, _ edits: ProfileEdits) {
        self.id = id
        self.edits = edits
    }

    /// What was found: the employee, and whether the caller sees its hidden fields.
    public struct Found: Sendable {
        let employee: Employee
        let seesHidden: Bool
    }

    private static let fields = EntityKind.employee.profileFields

    public var loads: [Load] { [.row(Employees.self, id)] }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Found> {
        let version = try view.visible(Employees.self, id, caller)
        let employee = version.row
        let seesHidden = try caller.seesHidden(of: employee)
        let role = try editor(of: employee, view, caller)
        if !seesHidden, Self.fields.contains(where: { $0.isHidden && edits.names($0) }) {
            throw Refusal.forbidden("birthDate and gender are for OWNER, ADMIN and the employee itself.")
        }
        return Permit(
            Found(employee: employee, seesHidden: seesHidden), by: role, entity: id,
            organization: employee.organization, tag: EntityTag(version.since))
    }

    /// The role by which the caller edits the profile: OWNER and ADMIN, the employee itself, a MANAGER above it.
    private func editor(of employee: Employee, _ view: View, _ caller: Authority) throws -> String {
        let organization = employee.organization
        if try caller.has(.change, in: organization) {
            return try caller.role(for: .change, in: organization, else: "employee", "")
        }
        let roles = try caller.roles(in: organization)
        // An account whose employee has left, and that is now an AUDITOR, may not change anything.
        let own = roles.intersection([.manager, .employee])
        if employee.account == caller.id, !own.isEmpty { return own.highest }
        if roles.contains(.manager), let own = try caller.employee(in: organization), own.id != id {
            var explored: Set<UUID> = []
            if try view.isManager(own.id, above: id, over: DefaultType.line, exceptAbove: &explored) {
                return Roles.manager.highest
            }
        }
        throw Refusal.forbidden(
            "A profile is edited by OWNER and ADMIN, by the employee itself, and by a MANAGER above it.")
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Found>) throws -> [ProposedEvent] {
        let employee = permit.subject.employee
        let fields = Self.fields.filter { permit.subject.seesHidden || !$0.isHidden }
        let changes = edits.changes(to: employee.profile, fields)
        guard !changes.isEmpty else { return [] }
        try employee.checkNotErased()
        try view.checkActive(employee.organization)
        return [Proposed(.employee(id, organization: employee.organization, .profileChanged(changes)))]
    }
}
