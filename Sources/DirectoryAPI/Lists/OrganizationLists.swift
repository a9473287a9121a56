import Directory
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import OrganizationsProjection
import Postgres

extension EntityList {
    /// The organizations that the caller sees.
    static func organizations(_ scope: ListScope) -> EntityList {
        scope.seesAll
            ? .along(OrganizationLists.all, (), render: OrganizationLists.render)
            : .found(
                { request, scope in
                    try await OrganizationLists.seen.run(request.service.walks, request.caller, scope.moment, ())
                        .first ?? []
                }, OrganizationLists.byKeys, render: OrganizationLists.render)
    }
}

/// The statements that list organizations.
enum OrganizationLists {
    /// An organization, and the caller's roles in it.
    struct Row: Sendable {
        let columns: EntityColumns
        let roles: Roles
    }

    static let all = ReadStatement<PageOf<Void>, Keyed<Row>>(take) { sql, parameters, columns in
        page(sql, columns).along(parameters)
    }

    /// Those of these keys that the caller sees by now.
    static let byKeys = ReadStatement<PageByKeys, Keyed<Row>>(take) { sql, parameters, columns in
        page(sql, columns).byKeys(parameters, where: sql.gives(.read, roles: "r.roles"))
    }

    /// The keys of those in which the caller has a role that reads.
    static let seen = ReadStatement<Void, [Int64]>.keys("k.created") { sql, _, keys in
        let employing = """
            select x.organization from \(Employees.schemaName).current x
            where x.account = ctx.id and x.status = \(ReadSQL.active)
            """
        let confined = sql.variant.isConfined ? "where m.id = \(sql.claim)" : ""
        return """
            with \(sql.context("null::uuid", ", \(sql.organizations(with: .read)) as readable"))
            select \(keys) from ctx cross join lateral (
                select m.id from (select unnest(ctx.readable) union \(employing)) m (id) \(confined)
            ) m cross join lateral (
                select k.created from \(Organizations.schemaName).current k where k.id = m.id offset 0) k
            where k.created <= \(sql.position)
            """
    }

    private static func page(_ sql: ReadSQL, _ columns: String) -> PageSQL<Organizations> {
        PageSQL(
            Organizations.self, sql, columns, context: sql.context("null::uuid", sql.platformRoles),
            roles: sql.rolesInEach("e.id"))
    }

    @Sendable static func render(_ row: Row, _ facts: CallerFacts) -> [UInt8] {
        row.columns.rendered(for: facts.account, with: row.roles)
    }

    @Sendable private static func take(
        _ columns: inout Columns, _ sql: ReadSQL, _ caller: Caller
    ) throws -> Keyed<Row> {
        Keyed(
            key: try columns.int("k.created"),
            row: Row(
                columns: try EntityColumns(
                    &columns, sql.repeated, of: Organizations.self, if: sql.gives(.readHidden, roles: "r.roles")),
                roles: Roles(words: try columns.texts("r.roles"))))
    }
}
