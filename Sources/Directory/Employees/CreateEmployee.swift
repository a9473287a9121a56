import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import OrganizationsProjection

/// Makes an employee of the current organization (operation 30).
public struct CreateEmployee: Mutation {
    private let id: UUID
    private let name: String
    private let email: String
    private let account: UUID?
    private let role: String?
    private let type: String

    /// An employee to be.
    /// - Parameter id: its id, made for the request.
    public init(id: UUID, name: String, email: String, account: UUID?, role: String?, type: String?) {
        self.id = id
        self.name = name
        self.email = email
        self.account = account
        self.role = role
        self.type = type ?? DefaultType.employee
    }

    public var loads: [Load] { account.map { [.lookup(Employees.byAccountAnywhere, [.uuid($0)])] } ?? [] }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Organization> {
        try caller.permit(toCreate: id, "Only OWNER and ADMIN create employees.")
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Organization>) throws -> [ProposedEvent] {
        let organization = permit.subject.id
        try view.checkActive(organization)
        if let account { try view.checkNewLink(to: account, in: organization, for: id, caller) }
        try view.checkEmail(email, in: organization, for: id)
        let created = EmployeeEvent.created(
            name: Erasable(name), email: Erasable(email), role: role.map { Erasable($0) }, type: type, account: account)
        return [Proposed(.employee(id, organization: organization, created))]
    }
}
