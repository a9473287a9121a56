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

    /// For a reader who sees everything, without a caller.
    static let trusted = DifferenceStatements { AuditStatements.trustedContext($0, "null::uuid") }

    /// - Parameter context: the table `ctx`, by which names are seen.
    private init(_ context: @escaping (ReadSQL) -> String) {
        keys = ReadStatement { columns, _, _ in
            try columns.ints("coalesce(array_agg(k.key order by f.first, k.key < 0, abs(k.key)), '{}')")
        } _: { _, parameters, columns in
            """
            with recursive \(DifferenceStatements.part(parameters)) select \(columns) from (
                select min(e.position) as first, array_agg(-e.position) filter (where e.of_account) as others from part p
                cross join lateral unnest(p.positions, p.streams, p.of_accounts) e (position, stream, of_account)
                where e.position > \(parameters.int { $0.argument.after })
                and e.position <= \(parameters.int { $0.argument.through }) group by e.stream
            ) f cross join lateral unnest(f.first || f.others) k (key)
            """
        }
        ofEntities = ReadStatement { columns, _, _ in
            try SpanEvent(&columns, name: "h.name")
        } _: { sql, parameters, columns in
            let entities = parameters.each { $0.argument.entities }
            return """
                with \(context(sql)) select \(columns) from ctx
                cross join unnest(\(entities.int { $0.head }), \(entities.int { $0.after })) u (head, after)
                cross join lateral (
                    select s.stream, \(EntityTable.name(of: "s.stream", kind: "s.stream_type", in: EntityTable.entities, sql)) as name
                    from log.events s where s.position = u.head offset 0) h
                cross join lateral (
                    select * from log.events l where (l.stream, l.position) > (h.stream, u.after) and l.stream <= h.stream
                    order by l.stream, l.position limit \(parameters.int { Int64($0.argument.limit) })) e
                where e.position <= \(parameters.int { $0.argument.through })
                """
        }
        ofAccounts = ReadStatement { columns, sql, _ in
            try SpanEvent(
                &columns, name: EntityTable.name(of: "e.stream", kind: "e.stream_type", in: EntityTable.entities, sql))
        } _: { sql, parameters, columns in
            """
            with \(context(sql)) select \(columns) from ctx cross join unnest(\(parameters.ints { $0.argument })) u (head)
            cross join lateral (select * from log.events l where l.position = u.head offset 0) e
            """
        }
    }

    /// The events of a span, part by part, as the table `part`; the first row has none, and the last reaches beyond the span.
    ///
    /// The comparison of both columns makes the planner go along the log's index by organization, and not along that by position,
    /// whatever it believes of how many organizations there are. But it only says where to begin: where the first column is equal,
    /// it does not end the walk along the index. So each part has a limit.
    private static func part(_ parameters: ReadParameters<TrailSpan>) -> String {
        let organization = parameters.uuid { $0.argument.organization }
        let last = "p.positions[cardinality(p.positions)]"
        return """
            part (positions, streams, of_accounts) as (
                select array[\(parameters.int { $0.argument.after })], null::uuid[], null::boolean[]
                union all select n.positions, n.streams, n.of_accounts from part p cross join lateral (
                    select array_agg(l.position) as positions, array_agg(l.stream) as streams,
                        array_agg(l.stream_type = '\(EntityKind.account.rawValue)') as of_accounts
                    from (
                        select l.position, l.stream, l.stream_type from log.events l
                        where (l.organization, l.position) > (\(organization), \(last)) and l.organization <= \(organization)
                        order by l.organization, l.position limit 256) l) n
                where \(last) < \(parameters.int { $0.argument.through }))
            """
    }
}
