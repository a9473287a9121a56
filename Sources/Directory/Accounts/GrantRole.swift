import AccountsProjection
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GrantsProjection
import OrganizationsProjection

/// Grants an account a role in an organization or on the platform, and may link it to an employee (operation 25).
public struct GrantRole: Mutation {
    private let account: AccountReference
    private let organization: UUID?
    private let role: String
    private let employee: UUID?

    /// A grant to be.
    /// - Parameters:
    ///   - account: by its address even one that the caller does not see.
    ///   - organization: where; `nil` for the current organization, or for the platform where the role is SYSTEM_ADMIN.
    ///   - role: the role's word, in upper case.
    ///   - employee: the employee to link to the account; the grant ends when it is deactivated.
    public init(_ account: AccountReference, organization: UUID?, role: String, employee: UUID?) {
        self.account = account
        self.organization = organization
        self.role = role
        self.employee = employee
    }

    /// What was found: the account, and where the role is to be granted.
    public struct Found: Sendable {
        let account: Account
        let place: GrantPlace
    }

    public var loads: [Load] {
        var loads = [account.load]
        if let organization { loads.append(.row(Organizations.self, organization)) }
        if let employee { loads.append(.row(Employees.self, employee)) }
        if case .id(let id) = account { loads.append(.lookup(Employees.byAccountAnywhere, [.uuid(id)])) }
        return loads
    }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Found> {
        let place = try GrantPlace(organization, role: role, caller)
        var found = try view.visibleAccount(account, caller)
        if found == nil, case .email = account, case .organization(let organization) = place,
            try caller.has(.change, in: organization.id)
        {
            found = try view.account(account)
        }
        guard let found else { throw Refusal.notFound("account") }
        return Permit(
            Found(account: found.row, place: place), by: try grantingRole(at: place, caller), entity: found.row.id,
            organization: place.organization?.id, tag: try view.tag(found, for: caller))
    }

    /// The role by which the caller may grant this one there.
    private func grantingRole(at place: GrantPlace, _ caller: Authority) throws -> String {
        switch place {
        case .unknown: return Roles().highest
        case .platform:
            guard caller.isSystemAdmin else { throw Refusal.forbidden("Only SYSTEM_ADMIN grants SYSTEM_ADMIN.") }
            return Roles.systemAdmin.highest
        case .organization(let organization):
            return try role == Role.owner.rawValue
                ? caller.role(for: .own, in: organization.id, else: "organization", "Only an OWNER grants OWNER.")
                : caller.role(
                    for: .change, in: organization.id, else: "organization", "Only OWNER and ADMIN grant roles.")
        }
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Found>) throws -> [ProposedEvent] {
        let (account, place) = (permit.subject.account, permit.subject.place)
        if case .unknown = place { throw Refusal.rule(at: "/orgId", "There is no such organization.") }
        if place.organization != nil, role == Role.systemAdmin.rawValue {
            throw Refusal.rule(at: "/role", "SYSTEM_ADMIN is a role of the platform: it is granted without orgId.")
        }
        let key = Grant.Key(account: account.id, organization: place.organization?.id, role: role)
        let grant = try view.row(Grants.self, key)
        if let grant, grant.employee == employee { return [] }
        if let organization = place.organization { try view.checkActive(organization.id) }
        guard account.isActive else { throw Refusal.rule("The account is not active.") }
        if grant == nil { try view.checkRoom(for: key, at: "/role") }
        let granted = AccountEvent.roleGranted(
            role: role, employee: employee, retied: grant.map { Change(from: $0.employee, to: employee) })
        return try link(account, in: place.organization, view)
            + [Proposed(.account(account.id, organization: place.organization?.id, granted))]
    }

    /// The event that links the employee to the account, where they are not linked yet.
    private func link(_ account: Account, in organization: Organization?, _ view: View) throws -> [ProposedEvent] {
        guard let employee else { return [] }
        guard let organization, let found = try view.row(Employees.self, employee),
            found.organization == organization.id
        else { throw Refusal.rule(at: "/employeeId", "There is no such employee in the organization.") }
        guard found.isActive else { throw Refusal.rule(at: "/employeeId", "The employee is not active.") }
        if found.account == account.id { return [] }
        guard found.account == nil else {
            throw Refusal.conflict(at: "/employeeId", "The employee is linked to another account.")
        }
        try view.checkLink(to: account.id, in: organization.id, for: employee, at: "/employeeId")
        return [Proposed(.employee(employee, organization: organization.id, .accountLinked(account.id)))]
    }
}

/// Where a grant applies.
enum GrantPlace: Sendable {
    case platform
    case organization(Organization)
    /// In an organization that the caller does not see, or that was not the one named for the request.
    case unknown

    /// The place that a request means: without an organization SYSTEM_ADMIN is the platform's, any other role one in the
    /// current organization.
    init(_ organization: UUID?, role: String, _ caller: Authority) throws {
        guard let organization else {
            self =
                role == Role.systemAdmin.rawValue ? .platform : .organization(try caller.currentOrganization())
            return
        }
        self = try caller.organizationIfSeen(organization).map { .organization($0) } ?? .unknown
    }

    var organization: Organization? {
        if case .organization(let organization) = self { organization } else { nil }
    }
}
