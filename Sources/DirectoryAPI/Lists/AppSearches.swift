import AppsProjection
import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import OrganizationsProjection
import Postgres

/// What is looked for in apps.
struct AppSearch: Sendable {
    /// The type of app, in upper case.
    let type: String
    var externalID: String?
    /// A member of the app's data, and its value.
    var key: String?
    var value: String?
    /// The keyed digest of a secret that is called `key`.
    var digest: [UInt8]?
}

extension EntityList {
    /// The organizations with an ACTIVE app that a search finds, of those whose apps the caller sees.
    static func organizations(
        with search: AppSearch, by statement: ReadStatement<AppSearch, [Int64]>
    ) -> EntityList {
        .found(
            { request, scope in
                try await statement.run(request.service.walks, request.caller, scope.moment, search).first ?? []
            }, OrganizationLists.byKeys, render: OrganizationLists.render)
    }
}

/// The statements that find organizations by what is said of their apps.
enum AppSearches {
    static let byType = organizations { _, _ in "true" }

    static let byExternalID = organizations { parameters, app in
        "\(app).external_id = \(parameters.text { $0.argument.externalID })"
    }

    /// A member of the app's data has a text, number or truth value.
    static let byData = organizations { parameters, app in
        let member = "\(app).json -> 'appData' -> \(parameters.text { $0.argument.key })"
        return """
            json_typeof(\(member)) in ('string', 'number', 'boolean') \
            and (\(member)) #>> '{}' = \(parameters.text { $0.argument.value })
            """
    }

    /// A secret is recognised by its digest. Without the key of digests nobody can choose one, so how long its comparison takes
    /// tells nothing about the secret.
    static let bySecret = organizations { parameters, app in
        """
        exists (select from \(Secrets.name) s where s.owner = \(app).id \
        and s.name = \(parameters.text { $0.argument.key }) and s.digest = \(parameters.bytes { $0.argument.digest }))
        """
    }

    /// The keys of the organizations. SYSTEM_ADMIN looks through the apps of the type; others through those of the
    /// organizations whose apps they see.
    private static func organizations(
        _ condition: @escaping (ReadParameters<AppSearch>, _ app: String) -> String
    ) -> ReadStatement<AppSearch, [Int64]> {
        ReadStatement { columns, _, _ in
            try columns.ints("coalesce(array_agg(k.created order by k.created), '{}')")
        } _: { sql, parameters, columns in
            func apps(_ more: String) -> String {
                """
                select a.organization from \(sql.rows(Apps.self)) a where a.type = \(parameters.text { $0.argument.type }) \
                and a.status = \(ReadSQL.active) and \(condition(parameters, "a")) and \(more) offset 0
                """
            }
            let more = """
                , \(sql.isSystemAdmin) as sees_all, \(sql.organizations(with: .readHidden)) as readable
                """
            return """
                with \(sql.context("null::uuid", more)), found as materialized (
                    select a.organization as id from ctx cross join lateral (\(apps("ctx.sees_all"))) a
                    union select o.id from ctx cross join unnest(ctx.readable) o (id)
                    where not ctx.sees_all and exists (\(apps("a.organization = o.id"))))
                select \(columns) from found f cross join lateral (
                    select k.created from \(Organizations.schemaName).current k where k.id = f.id offset 0) k
                where k.created <= \(sql.position)
                """
        }
    }
}
