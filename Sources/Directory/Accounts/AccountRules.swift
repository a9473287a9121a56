import AccountsProjection
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GrantsProjection
import OrganizationsProjection

extension View {
    /// An account that the caller sees: itself; SYSTEM_ADMIN; who may see the accounts of an organization in which it has a
    /// grant or an employee; its creator, as long as it has no grant.
    func visibleAccount(_ id: UUID, _ caller: Authority) throws -> Versioned<Account>? {
        guard let version = try version(Accounts.self, id) else { return nil }
        return try sees(version.row, caller) ? version : nil
    }

    private func sees(_ account: Account, _ caller: Authority) throws -> Bool {
        if account.id == caller.id || caller.isSystemAdmin { return true }
        let grants = try rows(Grants.byAccount, [.uuid(account.id)])
        if grants.isEmpty, account.facts.created.createdBy == caller.id.text { return true }
        for organization in Set(grants.compactMap(\.key.organization)) {
            if try caller.has(.readAccounts, in: organization) { return true }
        }
        for employee in try rows(Employees.byAccount, [.uuid(account.id)]) {
            if try caller.has(.readAccounts, in: employee.organization) { return true }
        }
        return false
    }

    /// The account with an e-mail address.
    func account(email: String) throws -> Account? {
        try rows(Accounts.byEmail, [.text(SearchText.emailKey(email))]).first
    }

    /// Whether an organization has an active OWNER other than this account.
    func hasOwner(_ organization: UUID, besides account: UUID) throws -> Bool {
        for owner in try row(Organizations.self, organization)?.owners ?? [] where owner != account {
            if try row(Accounts.self, owner)?.isActive == true { return true }
        }
        return false
    }

    /// Whether the platform has an active SYSTEM_ADMIN other than this account.
    func hasSystemAdmin(besides account: UUID) throws -> Bool {
        let values: [ColumnValue] = [.uuid(Grants.platform), .text(Role.systemAdmin.rawValue)]
        for grant in try rows(Grants.byRole, values) where grant.key.account != account {
            if try row(Accounts.self, grant.key.account)?.isActive == true { return true }
        }
        return false
    }

    /// Refuses an e-mail address that another account has, active or not.
    func checkEmail(_ email: String, forAccount account: UUID) throws {
        if let other = try self.account(email: email), other.id != account {
            throw Refusal.conflict(at: "/email", "Another account has this e-mail address.")
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
    func endGrant(_ grant: Grant) throws -> DirectoryChange {
        try checkNotLast(grant)
        let revoked = AccountEvent.roleRevoked(role: grant.key.role, employee: grant.employee)
        return Proposed(.account(grant.key.account, organization: grant.key.organization, revoked))
    }
}
