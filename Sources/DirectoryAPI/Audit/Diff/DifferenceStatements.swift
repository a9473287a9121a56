import Directory
import DirectoryEvents
import EventLog
import EventSourcing
import FoundationEssentials
import Postgres

/// What happened in an organization between two moments: the events after one position, through another.
struct TrailSpan: Sendable {
    let organization: UUID?
    let after, through: Position
}

/// The next events of some entities in a span.
struct SpanPart: Sendable {
    /// An entity by its first event in the span, and the position after which to read on.
    struct Entity: Sendable {
        let head: Position
        var after: Position
    }

    let entities: [Entity]
    let through: Position
    /// How many events of each are read.
    let limit: Int
}

/// An event in a span.
struct SpanEvent: Sendable {
    /// The entity's first event in the span; of an account, the event itself.
    let head: Position
    let position: Position
    /// The entity's name, if the caller sees it.
    let name: String?
    let payload: EncodedPayload

    init(_ columns: inout Columns, name: @autoclosure () -> String) throws {
        head = try columns.int("u.head")
        position = try columns.int("e.position")
        self.name = try columns.textIfPresent(name())
        payload = try EncodedPayload(&columns)
    }
}

/// The statements that read what differs between two moments.
///
/// The log says it: what is read is what happened in between, along the log's index by organization, and neither the entities
/// nor the rest of the log. An entity's events are then found by the index by stream, but for those of accounts: their streams
/// have what happened elsewhere as well, as much of it as strangers like, so they are remembered one by one.
struct DifferenceStatements: Sendable {
    /// The keys of the entities: the position of the first event of each, followed in case of an account by those of all its
    /// events, negated.
    let keys: ReadStatement<TrailSpan, [Int64]>
    /// The next events of entities of the organization.
    let ofEntities: ReadStatement<SpanPart, SpanEvent>
    /// Events by their positions.
    let ofAccounts: ReadStatement<[Position], SpanEvent>

    /// For a caller.
    static let scoped = DifferenceStatements { $0.context("null::uuid", $0.sight) }

    /// For a reader from whom nothing is hidden; nobody calls.
    static let trusted = DifferenceStatements { AuditStatements.trustedContext($0, "null::uuid") }

    /// - Parameter context: the table `ctx`, by which names are seen.
    private init(_ context: @escaping (ReadSQL) -> String) {
        keys = ReadStatement { columns, _, _ in
            try columns.ints("coalesce(array_agg(k.key order by f.first, k.key < 0, abs(k.key)), '{}')")
        } _: { _, parameters, columns in
            let span = DifferenceStatements.span(parameters)
            return """
                select \(columns) from (
                    select min(e.position) as first,
                        array_agg(-e.position) filter (where e.stream_type = '\(EntityKind.account.rawValue)') as others
                    from log.events e where \(span) group by e.stream
                ) f cross join lateral unnest(f.first || f.others) k (key)
                """
        }
        ofEntities = ReadStatement { columns, _, _ in
            try SpanEvent(&columns, name: "h.name")
        } _: { sql, parameters, columns in
            let entities = parameters.each { $0.argument.entities }
            let through = parameters.int { $0.argument.through }
            return """
                with \(context(sql)) select \(columns) from ctx
                cross join unnest(\(entities.int { $0.head }), \(entities.int { $0.after })) u (head, after)
                cross join lateral (
                    select s.stream, \(EntityTable.name(of: "s.stream", kind: "s.stream_type", sql)) as name
                    from log.events s where s.position = u.head offset 0) h
                cross join lateral (
                    select * from log.events l where (l.stream, l.position) > (h.stream, u.after)
                    and (l.stream, l.position) <= (h.stream, \(through)) order by l.stream, l.position
                    limit \(parameters.int { Int64($0.argument.limit) })) e
                """
        }
        ofAccounts = ReadStatement { columns, sql, _ in
            try SpanEvent(&columns, name: EntityTable.name(of: "e.stream", kind: "e.stream_type", sql))
        } _: { sql, parameters, columns in
            """
            with \(context(sql)) select \(columns) from ctx cross join unnest(\(parameters.ints { $0.argument })) u (head)
            cross join lateral (select * from log.events l where l.position = u.head offset 0) e
            """
        }
    }

    /// The condition that an event `e` is in the span. Organization and position are compared together, as in the log's queries:
    /// a column that must equal a constant is dropped from the order, and the planner then takes the primary key, and filters.
    private static func span(_ parameters: ReadParameters<TrailSpan>) -> String {
        let organization = parameters.uuid { $0.argument.organization }
        return """
            (e.organization, e.position) > (\(organization), \(parameters.int { $0.argument.after }))
            and (e.organization, e.position) <= (\(organization), \(parameters.int { $0.argument.through }))
            """
    }
}
