import AccountsProjection
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GrantsProjection
import OrganizationKeysProjection
import OrganizationsProjection

/// What a caller is and may, at the state of a view. Read again for every command: a revoked right ends at once.
public struct Authority {
    /// The caller's account.
    public let account: Account
    let caller: Caller
    let view: View
    /// Its roles on the platform.
    private let platformRoles: Roles

    /// Finds the caller's account.
    /// - Parameter evenInactive: for answers to commands by which an account has ended its own rights.
    /// - Throws: a refusal as unauthenticated.
    public init(_ caller: Caller, in view: View, evenInactive: Bool = false) throws {
        let account: Account? =
            switch caller.subject {
            case .id(let id): try view.row(Accounts.self, id)
            case .email(let key): try view.rows(Accounts.byEmail, [.text(key)]).first
            }
        guard let account, account.isActive || evenInactive else { throw Refusal.noAccount }
        self.account = account
        self.caller = caller
        self.view = view
        // A caller with an organization's key has no rights elsewhere.
        platformRoles = caller.key == nil ? try view.roles(of: account.id, at: nil) : []
        if !evenInactive { try checkKey() }
    }

    /// Refuses a token whose key does not exist any longer, or whose account has no role in the key's organization.
    private func checkKey() throws {
        guard let key = caller.key else { return }
        guard let organization = caller.claimedOrganization,
            let row = try view.row(OrganizationKeys.self, key.id), row.organization == organization,
            row.limitToRole == key.limit.rawValue, try view.row(Organizations.self, organization)?.isActive == true,
            try has(.read, in: organization)
        else { throw Refusal.noKey }
    }

    /// Refuses every change by a caller who may only read, whatever the account may.
    func checkMayChange() throws {
        guard caller.key?.limit != .auditor else {
            throw Refusal.forbidden("The token's key is limited to AUDITOR: it changes nothing.")
        }
    }

    /// What is sure to be read.
    static func loads(_ caller: Caller) -> [Load] {
        switch caller.subject {
        case .id(let id):
            [.row(Accounts.self, id)] + keyLoads(caller)
                + Set([nil, caller.statedOrganization]).map { .lookup(Grants.byAccount, Grants.values(of: id, at: $0)) }
        case .email(let key): [.lookup(Accounts.byEmail, [.text(key)])] + keyLoads(caller)
        }
    }

    private static func keyLoads(_ caller: Caller) -> [Load] {
        guard let key = caller.key, let organization = caller.claimedOrganization else { return [] }
        return [.row(OrganizationKeys.self, key.id), .row(Organizations.self, organization)]
    }

    /// The account's id.
    public var id: UUID { account.id }

    /// Whether it acts as OWNER everywhere. A token confined to an organization never does elsewhere.
    public var isSystemAdmin: Bool { !isConfined && platformRoles.contains(.systemAdmin) }

    /// Whether the caller has the rights of an account over itself.
    public func isItself(_ account: UUID) -> Bool { id == account && caller.actsForItself }

    /// Whether the token is confined to one organization.
    public var isConfined: Bool { caller.claimedOrganization != nil }

    /// The roles by grants alone: on the platform and in an organization.
    private func granted(in organization: UUID) throws -> Roles {
        guard caller.hasRights(at: organization) else { return [] }
        return caller.limited(platformRoles.union(try view.roles(of: account.id, at: organization)))
    }

    /// All roles in an organization, EMPLOYEE by an active employee included.
    public func roles(in organization: UUID) throws -> Roles {
        let roles = try granted(in: organization)
        guard caller.hasRights(at: organization), !roles.contains(.employee),
            try employee(in: organization) != nil
        else { return roles }
        return roles.union(caller.limited(.employee))
    }

    /// The caller's active employee in an organization.
    public func employee(in organization: UUID) throws -> Employee? {
        try view.rows(Employees.byAccount, [.uuid(account.id), .uuid(organization)]).first(where: \.isActive)
    }

    /// Whether the caller has a permission at an organization. Grants are asked first: they suffice for most.
    public func has(_ permission: Permission, in organization: UUID) throws -> Bool {
        if permission.isGiven(by: try granted(in: organization)) { return true }
        return permission.isGiven(by: try roles(in: organization))
    }

    /// The highest role that gives the caller a permission at an organization.
    /// - Throws: not found, where the caller sees nothing of it; forbidden, where it sees but may not.
    public func role(for permission: Permission, in organization: UUID, else what: String, _ reason: String) throws
        -> String
    {
        let granted = try granted(in: organization)
        if permission.isGiven(by: granted) { return granted.intersection(permission.roles).highest }
        let roles = try roles(in: organization)
        guard permission.isGiven(by: roles) else {
            throw Permission.read.isGiven(by: roles) ? Refusal.forbidden(reason) : Refusal.notFound(what)
        }
        return roles.intersection(permission.roles).highest
    }

    /// The highest role that gives the caller a permission in any organization, or on the platform.
    /// - Throws: forbidden, where it has it nowhere; 400 where it has too many grants and names no organization.
    func roleAnywhere(for permission: Permission, _ reason: String) throws -> String {
        var roles = isSystemAdmin ? Roles.systemAdmin : []
        if let claimed = caller.claimedOrganization {
            roles.formUnion(try granted(in: claimed))
        } else if let grants = try view.rows(Grants.byAccountAnywhere, [.uuid(account.id)]) {
            for grant in grants where grant.key.organization != nil { roles.formUnion(Roles(word: grant.key.role)) }
        } else if let named = caller.namedOrganization {
            roles.formUnion(try granted(in: named))
        } else {
            throw Refusal.tooManyGrants
        }
        guard permission.isGiven(by: roles) else { throw Refusal.forbidden(reason) }
        return roles.intersection(permission.roles).highest
    }
}

extension View {
    /// The roles that an account was granted in an organization, or (`nil`) on the platform.
    fileprivate func roles(of account: UUID, at place: UUID?) throws -> Roles {
        try rows(Grants.byAccount, Grants.values(of: account, at: place)).reduce(into: []) {
            $0.formUnion(Roles(word: $1.key.role))
        }
    }
}

extension Grants {
    /// Where `byAccount` finds the grants of an account in an organization, or (`nil`) on the platform.
    static func values(of account: UUID, at place: UUID?) -> [ColumnValue] {
        [.uuid(account), .uuid(place ?? platform)]
    }
}
