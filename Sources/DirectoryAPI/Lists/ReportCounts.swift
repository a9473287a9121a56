import CanonicalJSON
import Directory
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import Postgres
import ReportingLinesProjection

extension EntityList {
    /// How many people are below each direct report of a manager over lines of a type.
    static func reportCounts(of manager: UUID, over type: String) -> EntityList {
        EntityList(
            keys: .found({ request, scope in
                let input = FoundBy(
                    organization: scope.facts.organization, argument: LineWalk(from: manager, type: type))
                return try await EmployeeWalks.direct.run(request.service.walks, request.caller, scope.moment, input)
                    .first ?? []
            }) { request, scope, keys in
                PageRows(try await ReportCounts.read(keys, over: type, request, scope)) { $0.json }
            })
    }
}

/// How many people are below some employees.
enum ReportCounts {
    /// How many steps one statement walks for several employees. In a tree it takes one for each of those below them; where people
    /// have several managers over lines of one type, it takes one for each employee that a person is below.
    private static let mostSteps: Int64 = 500_000

    struct Page: Sendable {
        let organization: UUID?
        let keys: [Int64]
        let type: String
        let mostSteps: Int64
    }

    /// An employee, by its key, with how many are below.
    struct Count: Sendable {
        let key: Int64
        let employee: UUID
        let direct, all: Int64
        /// Whether the walk was ended early, so that the counts say nothing.
        let isCut: Bool

        var json: [UInt8] {
            var writer = JSONWriter(reservingCapacity: 96)
            writer.beginObject()
            writer.member("employee", employee.text)
            writer.member("direct", direct)
            writer.member("all", all)
            writer.endObject()
            return writer.bytes
        }
    }

    /// Counts those below the employees with some keys: by one walk, or, where that takes too many steps, by one for each half.
    static func read(
        _ keys: ArraySlice<Int64>, over type: String, _ request: APIRequest, _ scope: ListScope
    ) async throws -> [Count] {
        // Below one employee each is walked from once.
        let most = keys.count > 1 ? mostSteps : Int64(Int32.max)
        let page = Page(organization: scope.facts.organization, keys: Array(keys), type: type, mostSteps: most)
        let counts = try await byKeys.run(request.service.walks, request.caller, scope.moment, page)
        guard counts.contains(where: \.isCut), keys.count > 1 else { return counts }
        let middle = keys.startIndex + keys.count / 2
        return try await read(keys[..<middle], over: type, request, scope)
            + read(keys[middle...], over: type, request, scope)
    }

    static let byKeys = ReadStatement<Page, Count> { columns, _, _ in
        Count(
            key: try columns.int("t.key"), employee: try columns.uuid("t.id"), direct: try columns.int("d.direct"),
            all: try columns.int("coalesce(b.below, 0)"), isCut: try columns.bool("w.is_cut"))
    } _: { sql, parameters, columns in
        let type = parameters.text { $0.argument.type }
        let lines = sql.rows(ReportingLines.self)
        let most = parameters.int { $0.argument.mostSteps }
        return """
            with recursive tops (key, id) as materialized (
                select u.key, k.id from unnest(\(parameters.ints { $0.argument.keys })) u (key) cross join lateral (
                    select k.id from \(Employees.schemaName).current k
                    where k.organization = \(parameters.uuid { $0.argument.organization }) and k.created = u.key offset 0) k
            ), reached (key, id) as (
                select t.key, t.id from tops t
                union select r.key, l.id from reached r cross join lateral (
                    select l.employee as id from \(lines) l where l.manager = r.id and l.type = \(type) offset 0) l
            ), walked (key) as materialized (select r.key from reached r limit \(most)),
            below (key, below) as materialized (select w.key, count(*) - 1 from walked w group by w.key)
            select \(columns) from tops t
            cross join (select count(*) >= \(most) as is_cut from walked) w
            cross join lateral (
                select count(*) as direct from \(lines) l where l.manager = t.id and l.type = \(type) offset 0) d
            left join below b on b.key = t.key order by t.key
            """
    }
}
