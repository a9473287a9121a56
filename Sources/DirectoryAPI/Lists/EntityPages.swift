import Directory
import DirectoryEvents
import DirectoryRows
import EventSourcing
import FoundationEssentials
import Postgres

/// What a list asks of the status of its entities, among other things.
protocol StatusFilter: Sendable {
    /// `nil` for every status.
    var status: String? { get }
}

extension StatusFilter {
    /// The statuses to look for.
    var statuses: [String] { status.map { [$0] } ?? Status.allCases.map(\.rawValue) }
}

/// How pages of the entities of one organization are read, whatever their kind.
enum EntityPages {
    typealias Page<Filter: Sendable> = ReadStatement<PageOf<Filter>, Keyed<EntityColumns>>

    /// All of them.
    static func all<P: OrganizationEntityProjection>(_: P.Type) -> Page<Void> {
        ReadStatement(take(P.self)) { sql, parameters, columns in
            PageSQL(P.self, sql, columns, in: parameters.organization()).along(parameters)
        }
    }

    /// Those of these keys.
    static func byKeys<P: OrganizationEntityProjection>(
        _: P.Type
    ) -> ReadStatement<PageByKeys, Keyed<EntityColumns>> {
        ReadStatement(take(P.self)) { sql, parameters, columns in
            PageSQL(P.self, sql, columns, in: parameters.organization()).byKeys(parameters)
        }
    }

    /// Those that meet a condition, along the indexes of a table of facets, for each of the statuses looked for: those of today
    /// and those of the past give as many keys as a page has, in order, and the first of all are the page's.
    /// - Parameters:
    ///   - facets: a table with `organization`, `created` and what the condition asks for; perhaps that of the entities itself.
    ///   - condition: of a row `f` of it, and of a status `s.status`.
    static func along<P: OrganizationEntityProjection, Facets: Projection, Filter: StatusFilter>(
        _: P.Type, facets: Facets.Type, where condition: @escaping (ReadParameters<PageOf<Filter>>) -> String
    ) -> Page<Filter> {
        ReadStatement(take(P.self)) { sql, parameters, columns in
            let (organization, after) = (parameters.organization(), parameters.after())
            let limit = parameters.limit()
            let statuses = parameters.texts { $0.argument.filter.statuses }
            let condition = condition(parameters)
            let keys = sql.union(Facets.self, as: "f") { facets, isThere in
                """
                (select f.created from unnest(\(statuses)) s (status) cross join lateral (
                    select f.created from \(facets) f where f.organization = \(organization)
                    and \(condition) and f.created > \(after) and \(isThere) order by f.created limit \(limit)
                ) f)
                """
            }
            return PageSQL(P.self, sql, columns, in: organization).selected(
                by: "select f.created from (\(keys)) f order by f.created limit \(limit)")
        }
    }

    /// The columns of an entity `e`, with its key.
    private static func take<P: OrganizationEntityProjection>(_: P.Type) -> Page<Void>.Take {
        { columns, sql, _ in
            Keyed(key: try columns.int("k.created"), row: try EntityColumns(&columns, sql.repeated, of: P.self))
        }
    }

    @Sendable static func render(_ entity: EntityColumns, _ facts: CallerFacts) -> [UInt8] {
        entity.rendered(for: facts.account, with: facts.roles)
    }
}

extension EntityList {
    /// Entities of an organization along an index.
    static func along<Filter>(_ page: EntityPages.Page<Filter>, _ filter: Filter) -> EntityList {
        .along(page, filter, render: EntityPages.render)
    }

    /// Entities of an organization whose keys are found at once.
    static func found(
        _ keys: @escaping @Sendable (APIRequest, ListScope) async throws -> [Int64],
        _ elements: ReadStatement<PageByKeys, Keyed<EntityColumns>>
    ) -> EntityList {
        .found(keys, elements, render: EntityPages.render)
    }
}
