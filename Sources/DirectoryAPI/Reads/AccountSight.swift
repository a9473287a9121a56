import AccountsProjection
import Directory
import DirectoryEvents
import EmployeesProjection
import GrantsProjection

/// Which accounts and grants a caller sees, as SQL: the rule of `View.visibleAccount` and `Authority.sees` for statements, in
/// which lists must have it. What roles it takes comes from `Permission.readAccounts` for both.
extension ReadVariant {
    /// The columns of `ctx` by which accounts and grants are seen. A token that is confined by a claim sees through that
    /// organization alone.
    /// - Parameter claim: the parameter with the token's claim.
    func sight(_ claim: String) -> String {
        """
        , (\(claim)::uuid is null and \(isSystemAdmin)) as sees_all, \
        array(select g.organization from \(Grants.schemaName).current g \
        where g.account = c.id and g.organization <> \(ReadVariant.platform) and \(gives(.readAccounts, "g.role")) \
        and (\(claim)::uuid is null or g.organization = \(claim)) \
        union all select \(claim)::uuid where \(claim)::uuid is not null and \(isSystemAdmin)) as overseen, \
        \(grantsChanged) as tag_grants
        """
    }

    /// The position of the last event that changed the caller's own grants, at the moment in question: part of an account's
    /// tag, which a repeat gives as the first answer did.
    private var grantsChanged: String {
        isPast
            ? "coalesce((select h.grants_changed from \(rows(Accounts.self)) h where h.id = c.id), 0)"
            : "c.grants_changed"
    }

    /// Whether the account of that alias is seen: by itself; by SYSTEM_ADMIN; through an organization in which it has a grant
    /// or an employee; by its creator, as long as it has no grant.
    func sees(_ account: String) -> String {
        """
        (\(account).id = ctx.id or ctx.sees_all or \(isOrphan(account)) \
        or exists (select from \(rows(Grants.self)) v where v.account = \(account).id \
        and v.organization = any(ctx.overseen)) \
        or exists (select from \(rows(Employees.self)) w where w.account = \(account).id \
        and w.organization = any(ctx.overseen)))
        """
    }

    /// Whether the caller made the account, and it has no grant.
    func isOrphan(_ account: String) -> String {
        """
        (\(account).creator = ctx.id and not exists (select from \(rows(Grants.self)) v \
        where v.account = \(account).id))
        """
    }

    /// The columns of an account as it is shown: JSON, the grants that are seen, whether the preferences are, and its tag.
    func account(_ account: String, claim: String) -> String {
        """
        \(account).json, coalesce((select string_agg(g.json::text, ',' order by g.created) \
        from \(rows(Grants.self)) g where g.account = \(account).id and (ctx.sees_all or g.organization = any(ctx.overseen) \
        or (g.account = ctx.id and (\(claim)::uuid is null or g.organization = \(claim))))), '') as grants, \
        (\(account).id = ctx.id or ctx.sees_all) as shows_preferences, \(account).since, ctx.tag_grants
        """
    }
}
