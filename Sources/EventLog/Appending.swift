import EventSourcing
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
    /// Reads position, leaf hash and instant of the last event, the generation, the database's clock, and which read models
    /// are served (`accounts_v1 employees_v2`).
    public static let head: Statement = """
        select e.position, e.leaf_hash, e.recorded_at, c.generation, clock_timestamp(),
            (select coalesce(string_agg(name || '_v' || version, ' ' order by name), '') from log.projections)
        from log.control c
        left join lateral (select position, leaf_hash, recorded_at from log.events order by position desc limit 1) e on true
        """
    /// Reads the event at a position: id and leaf hash. After a connection was lost at COMMIT, one's own id there means
    /// that the batch had been committed.
    public static let eventAt: Statement = "select id, leaf_hash from log.events where position = $1"

    /// Gives the transaction an id, so that its commit is a record of its own in the write-ahead log.
    public static let transactionID: Statement = "select pg_current_xact_id()::text"

    /// Appends a batch; answers with the database's clock.
    public static func append(_ batch: Batch, generation: Int64) -> (Statement, [Parameter]) {
        (append, parameters(batch, generation: generation))
    }

    private static let append = Statement(
        "select log.append(\((1...24).map { "$\($0)" }.joined(separator: ", ")))")

    private static func parameters(_ batch: Batch, generation: Int64) -> [Parameter] {
        let count = batch.events.count
        var ids = ArrayBuilder(of: .uuid, capacity: count), types = ArrayBuilder(of: .text, capacity: count)
        var schemas = ArrayBuilder(of: .int2, capacity: count), organizations = ArrayBuilder(of: .uuid, capacity: count)
        var streams = ArrayBuilder(of: .uuid, capacity: count), streamTypes = ArrayBuilder(of: .text, capacity: count)
        var related = ArrayBuilder(of: .uuid, capacity: count), datas = ArrayBuilder(of: .json, capacity: count)
        var sealed = CommitmentColumns(count), actors = ArrayBuilder(of: .uuid, capacity: count)
        var actorRoles = ArrayBuilder(of: .text, capacity: count), actorKeys = ArrayBuilder(of: .uuid, capacity: count)
        var origins = CommitmentColumns(count), recorded = ArrayBuilder(of: .timestamptz, capacity: count)
        var effective = ArrayBuilder(of: .timestamptz, capacity: count)
        var causations = ArrayBuilder(of: .int8, capacity: count), leaves = ArrayBuilder(of: .bytea, capacity: count)
        for event in batch.events {
            ids.append(uuid: event.id)
            types.append(text: event.payload.type)
            schemas.append(int2: Int16(event.payload.schema))
            organizations.append(uuid: event.payload.organization)
            streams.append(uuid: event.payload.stream)
            streamTypes.append(text: event.payload.streamType)
            related.append(uuid: event.payload.related)
            datas.append(bytes: event.data)
            sealed.append(event.sealed)
            actors.append(uuid: event.actor)
            actorRoles.append(text: event.actorRole)
            actorKeys.append(uuid: event.actorKey)
            origins.append(event.origin)
            recorded.append(microseconds: event.recordedAt.microseconds)
            effective.append(microseconds: event.effectiveAt?.microseconds)
            causations.append(int8: event.causation)
            leaves.append(bytes: event.leafHash)
        }
        let arrays =
            [ids, types, schemas, organizations, streams, streamTypes, related, datas, sealed.texts, sealed.salts]
            + [sealed.hashes, actors, actorRoles, actorKeys, origins.texts, origins.salts, origins.hashes, recorded]
            + [effective, causations, leaves]
        return [.int8(batch.after), .bytea(batch.afterHash), .int8(generation)] + arrays.map { .array($0) }
    }
}

/// The three columns of a commitment.
private struct CommitmentColumns {
    var texts: ArrayBuilder, salts: ArrayBuilder, hashes: ArrayBuilder

    init(_ count: Int) {
        texts = ArrayBuilder(of: .json, capacity: count)
        salts = ArrayBuilder(of: .bytea, capacity: count)
        hashes = ArrayBuilder(of: .bytea, capacity: count)
    }

    mutating func append(_ commitment: Commitment?) {
        texts.append(bytes: commitment?.text)
        salts.append(bytes: commitment?.salt)
        hashes.append(bytes: commitment?.hash)
    }
}
