import AccountsProjection
import Directory
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import GrantsProjection

/// Rights as SQL: what `Authority` and `Sight` say of a view, for statements. They are held together by a property test. Which
/// roles give a permission comes from `Permission` for both.
extension ReadSQL {
    /// The roles of the account `c` (or another alias) in an organization, as `text[]`: by grants there and on the platform,
    /// and EMPLOYEE by an active employee. A token with a claim has roles only in the organization that it claims; one that an
    /// organization's key signed has none of the platform, and what the key's limit leaves of the others.
    func roles(in organization: String, of caller: String = "c") -> String {
        let isKeyed = variant.confinement == .key
        let places = isKeyed ? organization : "any(array[\(organization), \(ReadSQL.platform)])"
        let held = held(in: organization, of: caller, byGrantsAt: places)
        let roles = isKeyed ? limited(held) : "array(\(held))"
        return variant.isConfined ? "case when \(organization) = \(claim) then \(roles) else '{}'::text[] end" : roles
    }

    /// The same for the caller in `ctx` and each of many organizations: the roles of the platform, which are those in all of them,
    /// are read once, as the column `platformRoles` of `ctx`. SYSTEM_ADMIN may do everything, so no other roles are looked up.
    func rolesInEach(_ organization: String) -> String {
        if variant.isConfined { return roles(in: organization, of: "ctx") }
        let others = "array(\(held(in: organization, of: "ctx", byGrantsAt: organization)))"
        return """
            case when '\(Role.systemAdmin.rawValue)' = any(ctx.platform_roles) then ctx.platform_roles \
            else ctx.platform_roles || \(others) end
            """
    }

    /// The column of `ctx` that `rolesInEach` needs, after a comma.
    var platformRoles: String {
        if variant.isConfined { return "" }
        return """
            , array(select g.role from \(Grants.schemaName).current g where g.account = c.id \
            and g.organization = \(ReadSQL.platform)) as platform_roles
            """
    }

    /// A query of the roles of an account by grants at these places, and by an active employee of an organization.
    private func held(in organization: String, of caller: String, byGrantsAt places: String) -> String {
        """
        select g.role from \(Grants.schemaName).current g where g.account = \(caller).id \
        and g.organization = \(places) \
        union all select '\(Role.employee.rawValue)' from \(Employees.schemaName).current x \
        where x.account = \(caller).id and x.organization = \(organization) and x.status = \(ReadSQL.active)
        """
    }

    /// Whether an account has rights over itself that the caller in `ctx` has: with an organization's key nobody has any.
    func isItself(_ account: String) -> String { variant.confinement == .key ? "false" : "\(account) = ctx.id" }

    /// Whether a `text[]` of roles gives a permission.
    func gives(_ permission: Permission, roles: String) -> String { "\(roles) && \(ReadSQL.words(permission))" }

    /// Whether the account `c` is SYSTEM_ADMIN, which a token with a claim never is outside of its organization.
    var isSystemAdmin: String {
        variant.isConfined
            ? "false"
            : """
            exists (select from \(Grants.schemaName).current g where g.account = c.id \
            and g.organization = \(ReadSQL.platform) and g.role = '\(Role.systemAdmin.rawValue)')
            """
    }

    /// The organizations in which the account `c` has a permission by a grant, as `uuid[]`.
    func organizations(with permission: Permission) -> String {
        variant.isConfined
            ? "array(select \(claim) where \(gives(permission, roles: roles(in: claim))))"
            : """
            array(select distinct g.organization from \(Grants.schemaName).current g where g.account = c.id \
            and g.organization <> \(ReadSQL.platform) and g.role = any(\(ReadSQL.words(permission))))
            """
    }

    /// Whether the account `c` has a permission in any organization, by a grant, or as SYSTEM_ADMIN.
    func isAnywhere(_ permission: Permission) -> String {
        variant.isConfined
            ? "(\(gives(permission, roles: roles(in: claim))))"
            : """
            (\(isSystemAdmin) or exists (select from \(Grants.schemaName).current g where g.account = c.id \
            and g.organization <> \(ReadSQL.platform) and g.role = any(\(ReadSQL.words(permission)))))
            """
    }

    /// The organization of the account `c` where it has just one; a token with a claim states its own. The first and the last
    /// organization of each role tell, so that it costs the same however many there are.
    var onlyOrganization: String {
        if variant.isConfined { return claim }
        func end(_ order: String) -> String {
            """
            (select g.organization as o from \(Grants.schemaName).current g where g.account = c.id \
            and g.role = r.word and g.organization <> \(ReadSQL.platform) order by g.organization\(order) limit 1)
            """
        }
        func endOfEmployees(_ order: String) -> String {
            """
            (select x.organization as o from \(Employees.schemaName).current x where x.account = c.id \
            and x.status = \(ReadSQL.active) order by x.organization\(order) limit 1)
            """
        }
        return """
            (select case when count(distinct u.o) = 1 then (array_agg(u.o))[1] end from (\
            select e.o from unnest(\(ReadSQL.words(.read))) r (word) \
            cross join lateral (\(end("")) union all \(end(" desc"))) e \
            union all \(endOfEmployees("")) union all \(endOfEmployees(" desc"))) u)
            """
    }

    /// Whether the caller in `ctx` sees the accounts of an organization, by a grant there. A list finds out once which those are.
    func oversees(_ organization: String) -> String {
        if variant.isConfined { return "(ctx.oversees_claim and \(organization) = \(claim))" }
        let grant = "m.account = ctx.id and m.role = any(\(ReadSQL.words(.readAccounts)))"
        let isOverseen =
            isRepeated
            ? "\(organization) in (select m.organization from ctx join \(Grants.schemaName).current m on \(grant))"
            : """
            exists (select from \(Grants.schemaName).current m where \(grant) and m.organization = \(organization) offset 0)
            """
        return "(\(organization) <> \(ReadSQL.platform) and \(isOverseen))"
    }

    // MARK: Accounts

    /// The columns of `ctx` by which accounts and grants are seen: whether all are, whether those of the claimed organization
    /// are, and the caller's part of an account's tag.
    var sight: String {
        let changed =
            variant.isPast
            ? "coalesce((select h.grants_changed from \(rows(Accounts.self)) h where h.id = c.id), 0)"
            : "c.grants_changed"
        return """
            , \(isSystemAdmin) as sees_all, \
            \(variant.isConfined ? gives(.readAccounts, roles: roles(in: claim)) : "false") as oversees_claim, \
            \(variant.confinement == .key ? "\(gives(.change, roles: roles(in: claim))) as makes_accounts, " : "")\
            \(changed) as tag_grants
            """
    }

    /// Whether an account is seen: by itself; by SYSTEM_ADMIN; through an organization in which it has a grant or an employee;
    /// by its creator, as long as it has no grant.
    func sees(account: String) -> String {
        """
        (\(account).id = ctx.id or ctx.sees_all or \(isOrphan(account)) \
        or exists (select from \(rows(Grants.self)) v where v.account = \(account).id \
        and \(oversees("v.organization")) offset 0) \
        or exists (select from \(rows(Employees.self)) w where w.account = \(account).id \
        and \(oversees("w.organization")) offset 0))
        """
    }

    /// Whether the caller created the account, and it has no grant. With an organization's key, seeing it comes with the right
    /// to make accounts there.
    func isOrphan(_ account: String) -> String {
        """
        (\(account).creator = ctx.id \(variant.confinement == .key ? "and ctx.makes_accounts " : "")and not exists (select from \(rows(Grants.self)) v \
        where v.account = \(account).id offset 0))
        """
    }

    /// Whether a grant is seen by those who see its account: by the account itself, and by those who see the accounts of its
    /// organization. A token with a claim sees none of another organization, not even its own.
    func sees(grant: String) -> String { sees(ofAccount: "\(grant).account", at: "\(grant).organization") }

    /// Whether what an account has at an organization is seen by those who see the account.
    func sees(ofAccount account: String, at organization: String) -> String {
        let own = "\(account) = ctx.id" + (variant.isConfined ? " and \(organization) = \(claim)" : "")
        return "(ctx.sees_all or (\(own)) or \(oversees(organization)))"
    }

    static let platform = "'\(Grants.platform.text)'::uuid"
    static let active = "'\(Status.active.rawValue)'"
    /// The other statuses, as a list.
    static let notActive = Status.allCases.filter { $0 != .active }.map { "'\($0.rawValue)'" }.joined(separator: ", ")

    private static func words(_ permission: Permission) -> String {
        "array[\(permission.roles.words.map { "'\($0)'" }.joined(separator: ", "))]"
    }
}
