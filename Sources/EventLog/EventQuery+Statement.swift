import EventSourcing
import FoundationEssentials
import Postgres

extension EventQuery {
    /// The columns that `StoredEvent(_:from:)` reads, in its order.
    static let columnNames = [
        "position", "id", "type", "schema", "organization", "stream", "stream_type", "related", "data", "sealed",
        "sealed_salt",
        "sealed_hash", "actor", "actor_role", "actor_key", "origin", "origin_salt", "origin_hash", "recorded_at",
        "effective_at", "causation", "leaf_hash",
    ]

    /// The columns that `StoredEvent(_:from:)` reads, of that alias of `log.events`.
    public static func columns(of alias: String) -> String {
        columnNames.map { "\(alias).\($0)" }.joined(separator: ", ")
    }

    /// The statement that reads the events by itself, for a reader who may read everything.
    var statement: (Statement, [Parameter]) {
        let sql = EventQuerySQL(shape: shape, reader: nil, first: 1)
        let text = "with \(sql.span)\(sql.bound) \(sql.select(Self.columnNames.joined(separator: ", ")))"
        return (Statement(text), parameters(isScoped: false))
    }

    /// The query as part of a larger statement, for a reader: two tables for its WITH list, `found (position)` with what was
    /// found and, of bounded shapes, `bound (through)` with the position where the looking ended before the log did.
    /// - Parameter first: the number of its first parameter; `parameters` are its parameters.
    public static func tables(_ shape: Shape, for reader: Reader, firstParameter first: Int) -> String {
        let sql = EventQuerySQL(shape: shape, reader: reader, first: first)
        return "\(sql.span)\(sql.bound), found as materialized (\(sql.select("position")))"
    }

    /// The parameters of `tables`.
    public var parameters: [Parameter] { parameters(isScoped: true) }

    private func parameters(isScoped: Bool) -> [Parameter] {
        func types(_ list: [String]?) -> Parameter {
            var array = ArrayBuilder(of: .text)
            for type in list ?? [] { array.append(text: type) }
            return .array(array)
        }
        func before(_ instant: Instant?) -> Parameter {
            // The last position recorded before an instant is the last one at the microsecond before.
            .timestamptz(microseconds: instant.map { $0.microseconds - 1 })
        }
        return [
            .int8(after), .int8(through), before(since), before(until), .uuid(stream), .uuid(related),
            .uuid(entity?.id),
            types(entity?.typesByOrganization), .text(streamType), .text(kind?.streamType), types(kind?.typesByRelated),
            types(kind?.typesByOrganization), .uuid(actor), .bool(bySystem), .uuid(organization), .bool(platformOnly),
            .text(type), .text(typePrefix), .text(requestID), .int8(Int64(limit)), .int8(Int64(scanLimit ?? 0)),
            .bool(isSelective(isScoped: isScoped)),
        ]
    }
}

/// The text of a query: conditions that are not asked for are null parameters, so that few texts serve all queries, and a
/// connection prepares few statements.
struct EventQuerySQL {
    let shape: EventQuery.Shape
    let reader: EventQuery.Reader?
    let first: Int

    /// Events that one index holds in order. The branches of a query have no event in common.
    private struct Branch {
        /// A table to go over, for each row of which the index is asked.
        var over: String?
        let conditions: [String]
        var filters: [String] = []
    }

    private enum Name: Int {
        case after, through, since, until, stream, related, entity, entityTypes, streamType, kind, kindRelated
        case kindOrganization, actor, bySystem, organization, platformOnly, type, typePrefix, requestID, limit,
            scanLimit
        case isSelective
    }

    private func bound(_ name: Name) -> String { "$\(first + name.rawValue)" }

    /// The positions between which to look, `since` and `until` resolved: computed once, and index conditions from there on.
    var span: String {
        let (since, until) = (bound(.since), bound(.until))
        return """
            span as materialized (select \
            greatest(\(bound(.after))::bigint, case when \(since)::timestamptz is not null then log.position_at(\(since)) end) \
            as low, \
            least(\(bound(.through))::bigint, case when \(until)::timestamptz is not null then log.position_at(\(until)) end, \
            (select coalesce(max(position), 0) from log.events)) as high)
            """
    }

    /// The position through which to look: where the first branch has given as many events as may be looked at.
    var bound: String {
        guard shape.isBounded else { return "" }
        let least = shape.order == .ascending ? "min" : "max"
        let ends = branches.map { branch in
            let end = """
                (select position from log.events where \(([inSpan] + branch.conditions).joined(separator: " and ")) \
                order by position \(shape.order.rawValue) offset \(bound(.scanLimit))::bigint - 1 limit 1)
                """
            return branch.over.map { "select \(end) from \($0)" } ?? "select \(end)"
        }
        return """
            , bound as materialized (select case when \(bound(.isSelective))::boolean then (select \(least)(b.position) from (\
            \(ends.joined(separator: " union all "))) b (position)) end as through)
            """
    }

    /// The events: each branch in order and cut at the limit, then all together.
    func select(_ columns: String) -> String {
        let tail = "order by position \(shape.order.rawValue) limit \(bound(.limit))"
        let parts = branches.map { branch in
            let conditions = [inSpan] + inBound + branch.conditions + branch.filters + filters
            let one = "select \(columns) from log.events where \(conditions.joined(separator: " and ")) \(tail)"
            return branch.over.map { "(select found.* from \($0) cross join lateral (\(one)) found)" } ?? "(\(one))"
        }
        guard parts.count > 1 || branches.contains(where: { $0.over != nil }) else { return parts[0] }
        return "select * from (\(parts.joined(separator: " union all "))) e \(tail)"
    }

    private var inSpan: String { "position > (select low from span) and position <= (select high from span)" }

    private var inBound: [String] {
        guard shape.isBounded else { return [] }
        let through = "(select through from bound)"
        return [
            shape.order == .ascending
                ? "position <= coalesce(\(through), \(Int64.max))" : "position >= coalesce(\(through), 0)"
        ]
    }

    private var branches: [Branch] {
        switch shape.route {
        case .log: return reader.map(trails) ?? [Branch(conditions: [])]
        case .stream: return [Branch(conditions: ["stream = \(bound(.stream))"])]
        case .related: return [Branch(conditions: ["related = \(bound(.related))"])]
        case .organization: return [Branch(conditions: ["organization = \(bound(.organization))"])]
        case .actor:
            let (actor, bySystem) = (bound(.actor), bound(.bySystem))
            return [
                Branch(conditions: ["actor = \(actor)", "not \(bySystem)::boolean"]),
                Branch(conditions: ["actor is null", "\(bySystem)::boolean"]),
            ]
        case .entity:
            let id = bound(.entity)
            return [
                Branch(conditions: ["stream = \(id)"]),
                Branch(conditions: ["related = \(id)"], filters: ["stream <> \(id)"]),
                Branch(
                    conditions: ["organization = \(id)"],
                    filters: [
                        "type = any(\(bound(.entityTypes)))", "stream <> \(id)", "related is distinct from \(id)",
                    ]),
            ]
        }
    }

    /// All that a reader may read.
    private func trails(_ reader: EventQuery.Reader) -> [Branch] {
        [
            Branch(conditions: [reader.everything]),
            Branch(over: "unnest(\(reader.organizations)) trail (place)", conditions: ["organization = trail.place"]),
            Branch(conditions: ["stream = \(reader.stream)"], filters: ["organization is null"]),
        ]
    }

    private var filters: [String] {
        func given(_ name: Name, _ type: String, _ condition: (String) -> String) -> String {
            "(\(bound(name))::\(type) is null or \(condition(bound(name))))"
        }
        var filters = [
            given(.stream, "uuid") { "stream = \($0)" }, given(.related, "uuid") { "related = \($0)" },
            given(.entity, "uuid") {
                "stream = \($0) or related = \($0) or organization = \($0) and type = any(\(bound(.entityTypes)))"
            },
            given(.streamType, "text") { "stream_type = \($0)" },
            given(.kind, "text") {
                """
                stream_type = \($0) or related is not null and type = any(\(bound(.kindRelated))) \
                or organization is not null and type = any(\(bound(.kindOrganization)))
                """
            },
            given(.actor, "uuid") { "actor = \($0)" }, "(not \(bound(.bySystem))::boolean or actor is null)",
            given(.organization, "uuid") { "organization = \($0)" },
            "(not \(bound(.platformOnly))::boolean or organization is null)",
            given(.type, "text") { "type = \($0)" }, given(.typePrefix, "text") { "starts_with(type, \($0))" },
            given(.requestID, "text") { "origin ->> 'requestId' = \($0)" },
        ]
        if let reader, shape.route != .log {
            filters.append(
                """
                (\(reader.everything) or organization = any(\(reader.organizations)) \
                or organization is null and stream = \(reader.stream))
                """)
        }
        return filters
    }
}
