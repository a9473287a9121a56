import AccountsProjection
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GrantsProjection
import OrganizationsProjection

extension View {
    /// How many roles an account may have in one organization.
    static let mostRoles = 100
    /// How many OWNERs an organization may have: it shows all of them, and its row is written again with each.
    static let mostOwners = 1000

    /// Refuses a new grant where there are as many as there may be.
    func checkRoom(for grant: Grant.Key, at pointer: String) throws {
        let held = try keys(Grants.byAccount, Grants.values(of: grant.account, at: grant.organization))
        guard held.count < View.mostRoles else {
            throw Refusal.rule(at: pointer, "An account has at most \(View.mostRoles) roles in an organization.")
        }
        guard grant.role == Role.owner.rawValue, let organization = grant.organization else { return }
        guard try row(Organizations.self, organization)?.owners.count ?? 0 < View.mostOwners else {
            throw Refusal.rule(at: pointer, "An organization has at most \(View.mostOwners) OWNERs.")
        }
    }

    /// Refuses to go without a grant where it is the last active OWNER's or SYSTEM_ADMIN's.
    func checkNotLast(_ grant: Grant) throws {
        let account = grant.key.account
        guard try row(Accounts.self, account)?.isActive == true else { return }
        if grant.key.role == Role.owner.rawValue, let organization = grant.key.organization,
            try !hasOwner(organization, besides: account)
        {
            throw Refusal.rule("An organization keeps at least one active OWNER.")
        }
        if grant.key.role == Role.systemAdmin.rawValue, grant.key.organization == nil,
            try !hasSystemAdmin(besides: account)
        {
            throw Refusal.rule("The platform keeps at least one active SYSTEM_ADMIN.")
        }
    }

    /// The event that ends a grant.
    /// - Throws: a refusal where it is the last active OWNER's or SYSTEM_ADMIN's.
    func endGrant(_ grant: Grant) throws -> ProposedEvent {
        try checkNotLast(grant)
        let revoked = AccountEvent.roleRevoked(role: grant.key.role, employee: grant.employee)
        return Proposed(.account(grant.key.account, organization: grant.key.organization, revoked))
    }

    /// The events that end the grants tied to an employee, oldest first.
    /// - Throws: a refusal if one is the last active OWNER's.
    func endGrants(tiedTo employee: Employee) throws -> [ProposedEvent] {
        try rows(Grants.byEmployee, [.uuid(employee.id)]).sorted { $0.created < $1.created }.map { try endGrant($0) }
    }

    /// Refuses what would end an OWNER's grant, unless the caller is an OWNER.
    func checkMayEndGrants(tiedTo employee: Employee, _ caller: Authority) throws {
        guard try rows(Grants.byEmployee, [.uuid(employee.id)]).contains(where: { $0.key.role == Role.owner.rawValue }),
            try !caller.has(.own, in: employee.organization)
        else { return }
        throw Refusal.forbidden("This would revoke an OWNER's grant, which only an OWNER may do.")
    }
}
