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
    var digest: Secret?

    /// All digests that begin as this one does: they are told apart here, not by the database.
    fileprivate var candidates: (first: [UInt8], last: [UInt8])? {
        guard case .digest(let bytes) = digest else { return nil }
        let rest = max(0, bytes.count - AppSearch.prefix)
        let prefix = bytes.prefix(AppSearch.prefix)
        return (prefix + Array(repeating: 0, count: rest), prefix + Array(repeating: .max, count: rest))
    }

    /// By how many bytes of its digest a secret is found: few others have the same.
    private static let prefix = 8
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

    /// The organizations with an ACTIVE app that has a secret, of those whose apps the caller sees.
    static func organizations(withSecret search: AppSearch) -> EntityList {
        .found(
            { request, scope in
                let candidates = try await AppSearches.bySecret.run(
                    request.service.walks, request.caller, scope.moment, search)
                return Set(candidates.filter { $0.digest == search.digest }.map(\.organization)).sorted()
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

    /// An organization, by its key, that may have a secret.
    struct Candidate: Sendable {
        let organization: Int64
        let digest: Secret
    }

    /// The organizations with a secret whose digest begins like the one that is looked for. The time that
    /// this takes tells at most the part of a digest that is indexed, and only to those with the key, who can choose digests.
    static let bySecret = ReadStatement<AppSearch, Candidate> { columns, _, _ in
        Candidate(organization: try columns.int("k.created"), digest: .digest(try columns.bytes("s.digest")))
    } _: { sql, parameters, columns in
        let more = ", \(sql.isSystemAdmin) as sees_all, \(sql.organizations(with: .readHidden)) as readable"
        return """
            with \(sql.context("null::uuid", more)) select \(columns) from ctx cross join lateral (
                select s.owner, s.digest from \(Secrets.name) s
                where s.digest between \(parameters.bytes { $0.argument.candidates?.first })
                and \(parameters.bytes { $0.argument.candidates?.last })
                and s.name = \(parameters.text { $0.argument.key }) offset 0) s
            cross join lateral (select a.organization from \(sql.rows(Apps.self)) a where a.id = s.owner
                and a.type = \(parameters.text { $0.argument.type }) and a.status = \(ReadSQL.active) offset 0) a
            cross join lateral (select k.created from \(Organizations.schemaName).current k
                where k.id = a.organization and k.created <= \(sql.position) offset 0) k
            where ctx.sees_all or a.organization = any (ctx.readable)
            """
    }

    /// The keys of the organizations. SYSTEM_ADMIN looks through the apps of the type; others through those of the
    /// organizations whose apps they see.
    private static func organizations(
        _ condition: @escaping (ReadParameters<AppSearch>, _ app: String) -> String
    ) -> ReadStatement<AppSearch, [Int64]> {
        .keys("k.created") { sql, parameters, keys in
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
                select \(keys) from found f cross join lateral (
                    select k.created from \(Organizations.schemaName).current k where k.id = f.id offset 0) k
                where k.created <= \(sql.position)
                """
        }
    }
}
