import AccountsProjection
import Directory
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GrantsProjection
import Postgres

extension EntityList {
    /// The accounts that the caller sees.
    static func accounts(_ scope: ListScope) -> EntityList {
        scope.seesAll
            ? .along(AccountLists.all, (), render: { account, _ in account.rendered })
            : .accounts(found: AccountLists.seen)
    }

    /// The accounts that are OWNER or ADMIN of the current organization, as far as the caller sees them.
    static func administrators(_ scope: ListScope) -> EntityList {
        .accounts(
            found: scope.facts.has(.readAccounts)
                ? AccountLists.administrators : AccountLists.seenAdministrators)
    }

    /// The accounts with a grant or an active employee in the current organization, as far as the caller sees them.
    static func members(_ scope: ListScope) -> EntityList {
        .accounts(found: scope.facts.has(.readAccounts) ? AccountLists.members : AccountLists.seenMembers)
    }

    /// The employees of an account, in organizations whose directories the caller reads.
    static func employees(ofAccount id: UUID) -> EntityList {
        .along(AccountLists.employees, id) { employee, facts in
            employee.columns.rendered(for: facts.account, with: employee.roles)
        }
    }

    private static func accounts(found keys: ReadStatement<FoundBy<Void>, [Int64]>) -> EntityList {
        .found(by: keys, (), AccountLists.byKeys, render: { account, _ in account.rendered })
    }
}

/// The statements that list accounts.
enum AccountLists {
    /// All there are, for those who see all.
    static let all = ReadStatement<PageOf<Void>, Keyed<AccountColumns>>(take) { sql, parameters, columns in
        PageSQL(Accounts.self, sql, columns, as: "a", context: sql.context("null::uuid", sql.sight))
            .along(parameters)
    }

    /// Those of these keys, which were found with the grants that the caller has by now.
    static let byKeys = ReadStatement<PageByKeys, Keyed<AccountColumns>>(take) { sql, parameters, columns in
        PageSQL(Accounts.self, sql, columns, as: "a", context: sql.context("null::uuid", sql.sight))
            .byKeys(parameters)
    }

    @Sendable private static func take(
        _ columns: inout Columns, _ sql: ReadSQL, _ caller: Caller
    ) throws -> Keyed<AccountColumns> {
        Keyed(key: try columns.int("k.created"), row: try AccountColumns(&columns, sql.repeated))
    }

    // MARK: Keys

    /// The caller, those of the organizations that it oversees, and those without a grant that it created.
    static let seen = keys { sql, _ in seenAccounts(sql) }

    static let administrators = keys { sql, parameters in grants(sql, parameters, administrating) }

    static let seenAdministrators = keys { sql, parameters in
        grants(sql, parameters, "\(administrating) and g.account = ctx.id")
    }

    static let members = keys { sql, parameters in
        """
        \(grants(sql, parameters))
        union all \(employees(sql, of: parameters.organization(), "e.status = \(ReadSQL.active)"))
        """
    }

    /// Those of the accounts that the caller sees that are in the organization: a list must not tell more of a grant than the
    /// account itself does.
    static let seenMembers = keys { sql, parameters in
        let organization = parameters.organization()
        return """
            select s.id from (\(seenAccounts(sql))) s cross join ctx
            where exists (\(sql.probe(Employees.self, as: "e", where: """
                e.account = s.id and e.organization = \(organization) and e.status = \(ReadSQL.active)
                """)))
            or s.id = ctx.id and exists (\(sql.probe(Grants.self, as: "g", where: """
                g.account = s.id and g.organization = \(organization)
                """)))
            """
    }

    private static let administrating = "g.role in ('\(Role.owner.rawValue)', '\(Role.admin.rawValue)')"

    /// The accounts with a grant in the current organization that meets a condition.
    private static func grants(
        _ sql: ReadSQL, _ parameters: ReadParameters<FoundBy<Void>>, _ condition: String = "true"
    ) -> String {
        let organization = parameters.organization()
        return sql.union(Grants.self, as: "g") {
            """
            select g.account as id from ctx cross join \($0) g
            where g.organization = \(organization) and \(condition) and \($1)
            """
        }
    }

    /// The accounts with an employee in an organization that meets a condition.
    private static func employees(_ sql: ReadSQL, of organization: String, _ condition: String = "true") -> String {
        sql.union(Employees.self, as: "e") {
            """
            select e.account as id from \($0) e
            where e.organization = \(organization) and e.account is not null and \(condition) and \($1)
            """
        }
    }

    /// The tables `ctx` and `overseen`, on which `seenAccounts` rests.
    static func seenTables(_ sql: ReadSQL) -> String {
        """
        \(sql.context("null::uuid", sql.sight + ", \(sql.organizations(with: .readAccounts)) as overseen")),
        overseen as (select o.id from ctx cross join unnest(ctx.overseen) o (id))
        """
    }

    /// The ids of the accounts that the caller sees, each once. Of those that it created, only those are looked at that it does
    /// not oversee.
    static func seenAccounts(_ sql: ReadSQL) -> String {
        """
        with known as materialized (
            select ctx.id from ctx
            union select g.account from overseen o cross join lateral (
                \(sql.probe(Grants.self, as: "g", "g.account", where: "g.organization = o.id"))) g
            union select e.id from overseen o cross join lateral (\(employees(sql, of: "o.id")) offset 0) e
        )
        select id from known union all select a.id from (
            select a.id, ctx.id as creator from ctx cross join lateral (
                select a.id from \(Accounts.schemaName).current a where a.creator = ctx.id offset 0) a
            except select k.id, ctx.id from known k cross join ctx
        ) a cross join ctx where \(sql.isOrphan("a"))
        """
    }

    /// A statement that gives the keys of the accounts that a query finds by their `id`, in the order of creation.
    private static func keys(
        _ query: @escaping (ReadSQL, ReadParameters<FoundBy<Void>>) -> String
    ) -> ReadStatement<FoundBy<Void>, [Int64]> {
        .keys("k.created") { sql, parameters, keys in
            """
            with \(seenTables(sql)), found as materialized (\(query(sql, parameters)))
            select \(keys) from found f cross join lateral (
                select k.created from \(Accounts.schemaName).current k where k.id = f.id offset 0) k
            where k.created <= \(sql.position)
            """
        }
    }

    // MARK: Employees

    /// An employee in whichever organization, and the caller's roles there.
    struct EmployeeSomewhere: Sendable {
        let columns: EntityColumns
        let roles: Roles
    }

    static let employees = ReadStatement<PageOf<UUID>, Keyed<EmployeeSomewhere>> { columns, sql, _ in
        Keyed(
            key: try columns.int("e.created"),
            row: EmployeeSomewhere(
                columns: try EntityColumns(&columns, sql.repeated, of: Employees.self),
                roles: Roles(words: try columns.texts("e.roles"))))
    } _: { sql, parameters, columns in
        let organization = parameters.organization()
        return """
            with \(sql.context("null::uuid", sql.platformRoles)) select \(columns) from ctx cross join lateral (
                select e.*, \(sql.rolesInEach("e.organization")) as roles
                from \(sql.rows(Employees.self)) e where e.account = \(parameters.uuid { $0.argument.filter })
                and (\(organization) is null or e.organization = \(organization))
                and e.created > \(parameters.after()) offset 0
            ) e where \(sql.gives(.read, roles: "e.roles")) order by e.created limit \(parameters.limit())
            """
    }
}
