import AccountsProjection
import Directory
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GrantsProjection
import Postgres

/// The statements that list accounts, and the employees of one: `$3` the stated organization, `$4` the key behind which to go
/// on, `$5` how many to read, `$6` the token's claim, then their own.
enum AccountLists {
    /// All that the caller sees. A set of ids first: whoever oversees a small organization does not walk past everybody else's
    /// accounts; SYSTEM_ADMIN, who sees all, walks along them.
    static let all = ReadStatement { variant in
        let grants = variant.rows(Grants.self)
        return """
            with \(variant.context("$3::uuid", variant.sight("$6"))),
            ids as (
                select ctx.id from ctx
                union select g.account from ctx, \(grants) g
                where not ctx.sees_all and g.organization = any(ctx.overseen)
                union select e.account from ctx, \(variant.entities(Employees.self))
                where not ctx.sees_all and \(variant.key).organization = any(ctx.overseen) and e.account is not null
                union select e.id from ctx, \(variant.entities(Accounts.self))
                where not ctx.sees_all and \(variant.key).creator = ctx.id and \(variant.isOrphan("e"))
            )
            select \(variant.contextColumns), p.* from ctx left join lateral (
                select * from (
                    (select \(variant.key).created, \(variant.account("e", claim: "$6"))
                    from \(variant.entities(Accounts.self))
                    where ctx.sees_all and \(variant.key).created > $4 order by \(variant.key).created limit $5)
                    union all
                    (select e.created, \(variant.account("e", claim: "$6"))
                    from ids i join \(variant.rows(Accounts.self)) e on e.id = i.id
                    where not ctx.sees_all and e.created > $4 order by e.created limit $5)
                ) u order by u.created limit $5
            ) p on true
            """
    }

    /// Those of the current organization with these ids. An account is listed where the caller sees both it and what ties it
    /// to the organization: a list must not tell more of a grant than the account itself does.
    private static func inOrganization(_ ids: @escaping (ReadVariant) -> String) -> ReadStatement {
        ReadStatement { variant in
            """
            with \(variant.context("coalesce($3::uuid, \(variant.onlyOrganization))", variant.sight("$6"))),
            ids as (\(ids(variant)))
            select \(variant.contextColumns), p.* from ctx left join lateral (
                select e.created, \(variant.account("e", claim: "$6"))
                from ids i join \(variant.rows(Accounts.self)) e on e.id = i.id
                where e.created > $4 and \(variant.sees("e")) order by e.created limit $5
            ) p on true
            """
        }
    }

    private static func granted(_ variant: ReadVariant, _ condition: String = "true") -> String {
        """
        select g.account as id from ctx, \(variant.rows(Grants.self)) g where g.organization = ctx.organization
        and \(condition) and (g.account = ctx.id or ctx.roles && \(ReadVariant.words(.readAccounts)))
        """
    }

    /// Those that are OWNER or ADMIN in the current organization.
    static let administrators = inOrganization { variant in
        granted(variant, "g.role in ('\(Role.owner.rawValue)', '\(Role.admin.rawValue)')") + " group by 1"
    }

    /// Those with a grant or an active employee in the current organization.
    static let members = inOrganization { variant in
        """
        \(granted(variant))
        union select e.account from ctx, \(variant.entities(Employees.self))
        where \(variant.key).organization = ctx.organization and e.status = 'ACTIVE' and e.account is not null
        """
    }

    /// The employees linked to the account `$7`, in organizations whose employees the caller sees.
    static let employees = ReadStatement { variant in
        let roles = variant.roles(in: "e.organization", of: "ctx")
        return """
            with \(variant.context("$3::uuid", variant.sight("$6")))
            select \(variant.contextColumns), p.*, a.id from ctx
            left join \(variant.rows(Accounts.self)) a on a.id = $7 and \(variant.sees("a"))
            left join lateral (
                select * from (
                    select e.created, e.json, e.full_json, e.account = ctx.id, \(roles) as roles
                    from \(variant.rows(Employees.self)) e
                    where e.account = a.id and ($3::uuid is null or e.organization = $3) and e.created > $4
                ) u where u.roles & \(Permission.read.roles.rawValue) <> 0 order by u.created limit $5
            ) p on true
            """
    }
}

extension APIRequest {
    /// Lists accounts.
    /// - Parameter check: finds out whether the caller may ask, from a row.
    func accounts(_ statement: ReadStatement, _ check: @escaping @Sendable (Row) throws -> CallerFacts) async throws
        -> Reply
    {
        try await list { [self] cursor, limit in
            let rows = try await statement.run(service.reads, caller, at: cursor?.position, listing(cursor, limit))
            let facts = try check(rows[0])
            let page = try page(rows, limit: limit, position: facts.position) { row in
                try AccountRead(row, from: 7)?.json ?? []
            }
            return (page, facts.position)
        }
    }

    /// Lists the employees of an account.
    func employees(ofAccount id: UUID) async throws -> Reply {
        try await list { [self] cursor, limit in
            let rows = try await AccountLists.employees.run(
                service.reads, caller, at: cursor?.position, listing(cursor, limit) + [.uuid(id)])
            let facts = try statedOrganization(rows[0])
            guard !rows[0].isNull(11) else { throw Refusal.notFound("account") }
            let page = try page(rows, limit: limit, position: facts.position) { row in
                let seesHidden = Permission.readHidden.isGiven(by: Roles(rawValue: try row.int(10)))
                return Rendering.employee(
                    try row.bytes(7), full: try row.bytesIfPresent(8), hidden: try seesHidden || row.bool(9))
            }
            return (page, facts.position)
        }
    }

    private func listing(_ cursor: ListCursor?, _ limit: Int) -> [Parameter] {
        [
            .uuid(caller.statedOrganization), .int8(cursor?.key ?? 0), .int8(Int64(limit + 1)),
            .uuid(caller.claimedOrganization),
        ]
    }
}
