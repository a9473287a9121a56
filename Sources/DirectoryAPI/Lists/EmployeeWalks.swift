import Directory
import DirectoryEvents
import EmployeeFacetsProjection
import EventSourcing
import FoundationEssentials
import Postgres
import ReportingLinesProjection

extension EntityList {
    /// The employees with a line to a manager.
    /// - Parameter type: only lines of that type; `nil` for every type.
    static func reports(to manager: UUID, over type: String?) -> EntityList {
        .employees(found: EmployeeWalks.direct, LineWalk(from: manager, type: type))
    }

    /// The employees below a manager over lines of a type.
    /// - Parameter depth: how many lines there are at most in between; `nil` for any number.
    static func reports(below manager: UUID, over type: String, depth: Int64?) -> EntityList {
        switch depth {
        case nil: .employees(found: EmployeeWalks.below, LineWalk(from: manager, type: type))
        case let depth? where depth <= EmployeeWalks.fewSteps:
            .employees(found: EmployeeWalks.belowWithin, LineWalk(from: manager, type: type, depth: depth))
        case let depth?:
            .employees { request, scope in
                try await EmployeeWalks.distances(.down, from: manager, over: type, request, scope)
                    .filter { $0.distance <= depth }.map(\.key).sorted()
            }
        }
    }

    /// The employees above an employee over lines of a type: the nearest first, each once.
    static func chain(above employee: UUID, over type: String) -> EntityList {
        .employees { request, scope in
            if let keys = try await EmployeeWalks.ifOneWay(up: employee, over: type, request, scope) { return keys }
            return try await EmployeeWalks.distances(.up, from: employee, over: type, request, scope)
                .sorted { $0 < $1 }.map(\.key)
        }
    }
}

/// Where a walk along lines starts, and over which lines.
struct LineWalk: Sendable {
    let from: UUID
    let type: String?
    var depth: Int64?
}

/// The statements that walk along reporting lines, and what is made of them.
enum EmployeeWalks {
    enum Direction { case up, down }

    /// Within this depth whoever is reached over ways of different lengths is met once for each length: few times.
    static let fewSteps: Int64 = 8

    static let direct = keys { sql, parameters in
        let type = parameters.text { $0.argument.argument.type }
        return """
            select l.employee as id from \(sql.rows(ReportingLines.self)) l
            where l.manager = \(start(parameters)) and (\(type) is null or l.type = \(type))
            """
    }

    static let below = keys { sql, parameters in
        let (start, type) = (start(parameters), parameters.text { $0.argument.argument.type })
        return """
            with recursive reached (id) as (\(reached(.down, from: start, over: type, sql)))
            select id from reached where id <> \(start)
            """
    }

    static let belowWithin = keys { sql, parameters in
        let (start, type) = (start(parameters), parameters.text { $0.argument.argument.type })
        return """
            with recursive steps (id, depth) as (
                select \(start), 0 union select l.id, s.depth + 1 from steps s
                cross join lateral (\(next(.down, of: "s.id", over: type, sql))) l
                where s.depth < \(parameters.int { $0.argument.argument.depth })
            ) select distinct id from steps where depth > 0
            """
    }

    /// The keys of all who are reached upwards, the nearest first, once for each length of a way.
    static let above = ReadStatement<FoundBy<LineWalk>, [Int64]> { columns, _, _ in
        try columns.ints("coalesce(array_agg(k.created order by s.depth, k.created), '{}')")
    } _: { sql, parameters, columns in
        let type = parameters.text { $0.argument.argument.type }
        return """
            with recursive steps (id, depth) as (
                select \(start(parameters)), 0 union select l.id, s.depth + 1 from steps s
                cross join lateral (\(next(.up, of: "s.id", over: type, sql))) l
            ) select \(columns) from (select id, depth from steps limit \(mostSteps)) s
            cross join lateral (\(created(of: "s.id"))) k where s.depth > 0
            """
    }

    /// How many steps are taken at most, the start included, to find out whether all ways to each are of one length.
    private static let mostSteps = 10_000

    /// The keys of those who are reached upwards, the nearest first, where each is reached over ways of one length: so it is with
    /// nearly everybody, and much is spared. `nil` where somebody is reached over ways of different lengths, or too many are.
    static func ifOneWay(
        up start: UUID, over type: String, _ request: APIRequest, _ scope: ListScope
    ) async throws -> [Int64]? {
        let input = FoundBy(organization: scope.facts.organization, argument: LineWalk(from: start, type: type))
        let keys = try await above.run(request.service.walks, request.caller, scope.moment, input).first ?? []
        return keys.count < mostSteps - 1 && Set(keys).count == keys.count ? keys : nil
    }

    /// An employee that a walk reached, and where the lines lead from there.
    struct Reached {
        let id: UUID
        let key: Int64
        let next: [UUID]
    }

    static let up = edges(.up)
    static let down = edges(.down)

    /// The keys of those who are reached, and how many lines away each is at the least: the nearest first.
    static func distances(
        _ direction: Direction, from start: UUID, over type: String, _ request: APIRequest, _ scope: ListScope
    ) async throws -> [(distance: Int64, key: Int64)] {
        let statement = direction == .up ? up : down
        let input = FoundBy(organization: scope.facts.organization, argument: LineWalk(from: start, type: type))
        let rows = try await statement.run(request.service.walks, request.caller, scope.moment, input)
        let places = Dictionary(zip(rows.lazy.map(\.id), rows.indices)) { first, _ in first }
        guard let first = places[start] else { return [] }
        var isFound = [Bool](repeating: false, count: rows.count)
        isFound[first] = true
        var found = [(distance: Int64(0), place: first)]
        var next = 0
        while next < found.count {
            let (distance, place) = found[next]
            next += 1
            for end in rows[place].next {
                guard let place = places[end], !isFound[place] else { continue }
                isFound[place] = true
                found.append((distance + 1, place))
            }
        }
        return found.dropFirst().map { ($0.distance, rows[$0.place].key) }
    }

    // MARK: SQL

    private static func start(_ parameters: ReadParameters<FoundBy<LineWalk>>) -> String {
        parameters.uuid { $0.argument.argument.from }
    }

    /// The ends of the lines from an employee, as `id`.
    private static func next(_ direction: Direction, of id: String, over type: String, _ sql: ReadSQL) -> String {
        let (near, far) = direction == .up ? ("employee", "manager") : ("manager", "employee")
        return sql.probe(
            ReportingLines.self, as: "l", "l.\(far) as id", where: "l.\(near) = \(id) and l.type = \(type)")
    }

    /// The recursive query of all who are reached, the start included. Each is walked from once, over however many ways it is
    /// reached.
    private static func reached(
        _ direction: Direction, from start: String, over type: String, _ sql: ReadSQL
    ) -> String {
        """
        select \(start) union select l.id from reached r
        cross join lateral (\(next(direction, of: "r.id", over: type, sql))) l
        """
    }

    private static func edges(_ direction: Direction) -> ReadStatement<FoundBy<LineWalk>, Reached> {
        ReadStatement { columns, _, _ in
            Reached(
                id: try columns.uuid("r.id"), key: try columns.int("k.created"), next: try columns.uuids("r.next"))
        } _: { sql, parameters, columns in
            let (start, type) = (start(parameters), parameters.text { $0.argument.argument.type })
            return """
                with recursive reached (id, next) as (
                    select \(start), array(\(next(direction, of: start, over: type, sql)))
                    union select u.id, array(\(next(direction, of: "u.id", over: type, sql)))
                    from reached r cross join unnest(r.next) u (id)
                ) select \(columns) from reached r cross join lateral (\(created(of: "r.id"))) k
                """
        }
    }

    /// A statement that gives the keys of the employees that a query finds by their `id`, in the order of creation.
    private static func keys(
        _ query: @escaping (ReadSQL, ReadParameters<FoundBy<LineWalk>>) -> String
    ) -> ReadStatement<FoundBy<LineWalk>, [Int64]> {
        .keys("k.created") { sql, parameters, keys in
            "select \(keys) from (\(query(sql, parameters))) f cross join lateral (\(created(of: "f.id"))) k"
        }
    }

    /// The key of an employee, from the narrowest table that has it.
    static func created(of id: String) -> String {
        "select k.created from \(EmployeeFacets.schemaName).current k where k.employee = \(id) offset 0"
    }
}
