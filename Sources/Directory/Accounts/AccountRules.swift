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

    /// Whether an organization has an active OWNER other than these accounts.
    func hasOwner(_ organization: UUID, besides accounts: Set<UUID>) throws -> Bool {
        for owner in try row(Organizations.self, organization)?.owners ?? [] where !accounts.contains(owner) {
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
