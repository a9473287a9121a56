import EventSourcing
import FoundationEssentials
import Postgres

/// The statements of the one transaction in which events are appended.
public enum Appending {
    /// Opens it. Explicit, so that an error at COMMIT belongs to a statement.
    public static let begin: Statement = "begin"
    /// Makes it durable.
    public static let commit: Statement = "commit"
    /// Gives it up; sent with a Sync of its own after any error.
    public static let rollback: Statement = "rollback"
    /// Takes the append lock. What follows, in statements of their own, sees all that was committed before.
    public static let lock: Statement = "select log.lock()"
    /// Reads the head of the log.
    public static let head = Selection<Void, ReadHead>(
        { try ReadHead(&$0) },
        """
        from log.control c
        left join lateral (select position, leaf_hash, recorded_at from log.events order by position desc limit 1) e on true
        """)
    /// Reads the event at a position, if there is one. After a connection was lost at COMMIT, the batch's own id there means
    /// that the batch had been committed.
    public static let eventAt = Selection<Position, (id: UUID, leafHash: [UInt8])>(
        { (id: try $0.uuid("id"), leafHash: try $0.bytes("leaf_hash")) },
        { position, columns in "select \(columns) from log.events where position = \(position.int { $0 })" })

    /// Gives the transaction an id, so that its commit is a record of its own in the write-ahead log.
    public static let transactionID: Statement = "select pg_current_xact_id()::text"

    /// Appends a batch; its row is for ``clock(_:)``.
    public static func append(_ batch: Batch, generation: Int64) -> (Statement, [Parameter]) {
        appending.step(Appended(batch: batch, generation: generation))
    }

    /// Reads the database's clock from the row of ``append(_:generation:)``.
    public static func clock(_ rows: Rows) throws(PostgresError) -> Instant { try appending.one(rows) }

    private struct Appended: Sendable {
        let batch: Batch
        let generation: Int64
    }

    private static let appending = Selection<Appended, Instant>(
        { Instant(microseconds: try $0.microseconds("clock")) },
        { parameters, column in
            let events = parameters.each { $0.batch.events }
            return """
                select log.append(
                    after => \(parameters.int { $0.batch.after }),
                    after_hash => \(parameters.bytes { $0.batch.afterHash }),
                    known_generation => \(parameters.int { $0.generation }),
                    ids => \(events.uuid { $0.id }),
                    types => \(events.text { $0.payload.type }),
                    schemas => \(events.smallint { Int16($0.payload.schema) }),
                    organizations => \(events.uuid { $0.payload.organization }),
                    streams => \(events.uuid { $0.payload.stream }),
                    stream_types => \(events.text { $0.payload.streamType }),
                    relateds => \(events.uuid { $0.payload.related }),
                    datas => \(events.json { $0.data }),
                    sealeds => \(events.json { $0.sealed?.text }),
                    sealed_salts => \(events.bytes { $0.sealed?.salt }),
                    sealed_hashes => \(events.bytes { $0.sealed?.hash }),
                    actors => \(events.uuid { $0.actor }),
                    actor_roles => \(events.text { $0.actorRole }),
                    actor_keys => \(events.uuid { $0.actorKey }),
                    origins => \(events.json { $0.origin?.text }),
                    origin_salts => \(events.bytes { $0.origin?.salt }),
                    origin_hashes => \(events.bytes { $0.origin?.hash }),
                    recorded_ats => \(events.microseconds { $0.recordedAt.microseconds }),
                    effective_ats => \(events.microseconds { $0.effectiveAt?.microseconds }),
                    causations => \(events.int { $0.causation }),
                    leaf_hashes => \(events.bytes { $0.leafHash })
                ) as \(column)
                """
        })
}

/// The head of the log as it was read under the append lock.
public struct ReadHead: Sendable {
    /// The position of the last event; 0 before the first.
    public let position: Position
    /// Its leaf hash; `nil` before the first event.
    public let hash: [UInt8]?
    /// When it was appended; `nil` before the first event.
    public let recordedAt: Instant?
    /// How often the read models have been made or swapped.
    public let generation: Int64
    /// The database's clock.
    public let clock: Instant
    /// Which read models are served: `accounts_v1 employees_v2`.
    public let projections: String

    init(_ columns: inout Columns) throws(PostgresError) {
        position = try columns.intIfPresent("e.position") ?? 0
        hash = try columns.bytesIfPresent("e.leaf_hash")
        recordedAt = try columns.microsecondsIfPresent("e.recorded_at").map { Instant(microseconds: $0) }
        generation = try columns.int("c.generation")
        clock = Instant(microseconds: try columns.microseconds("clock_timestamp()"))
        projections = try columns.text(
            "(select coalesce(string_agg(name || '_v' || version, ' ' order by name), '') from log.projections)")
    }
}
