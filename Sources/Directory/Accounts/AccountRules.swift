import AccountsProjection
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GrantsProjection
import OrganizationsProjection

extension View {
    /// An account, if the caller sees it: by being the account itself or a SYSTEM_ADMIN, by seeing the accounts of an organization
    /// in which it has a grant or an employee, or by having created it, as long as it has no grant.
    func visibleAccount(_ id: UUID, _ caller: Authority) throws -> Versioned<Account>? {
        guard let version = try version(Accounts.self, id) else { return nil }
        return try sees(version.row, caller) ? version : nil
    }

    private func sees(_ account: Account, _ caller: Authority) throws -> Bool {
        if account.id == caller.id || caller.isSystemAdmin { return true }
        if let organization = caller.caller.statedOrganization, try isTied(account.id, to: organization),
            try caller.has(.readAccounts, in: organization)
        {
            return true
        }
        // Of an account with very many grants or employees, those in the organization that was named have to do.
        guard let grants = try rows(Grants.byAccountAnywhere, [.uuid(account.id)]),
            let employees = try rows(Employees.byAccountAnywhere, [.uuid(account.id)])
        else { return false }
        if grants.isEmpty, account.facts.created.createdBy == caller.id.text, try caller.seesWhatItMade() {
            return true
        }
        let organizations = Set(grants.compactMap(\.key.organization) + employees.map(\.organization))
        return try Missing.gathering(organizations) { try caller.has(.readAccounts, in: $0) }.contains(true)
    }

    /// Whether an account has a grant or an employee in an organization.
    private func isTied(_ account: UUID, to organization: UUID) throws -> Bool {
        try !keys(Grants.byAccount, Grants.values(of: account, at: organization)).isEmpty
            || !keys(Employees.byAccount, [.uuid(account), .uuid(organization)]).isEmpty
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
    func hasSystemAdmin(besides account: UUID?) throws -> Bool {
        for grant in try rows(Grants.byRole, Grants.systemAdmins) where grant.key.account != account {
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
}

extension Grants {
    /// Where `byRole` finds the platform's SYSTEM_ADMINs.
    static let systemAdmins: [ColumnValue] = [.uuid(platform), .text(Role.systemAdmin.rawValue)]
}

extension Load {
    /// The account with an e-mail address.
    static func account(email: String) -> Load {
        .lookup(Accounts.byEmail, [.text(SearchText.emailKey(email))])
    }
}
