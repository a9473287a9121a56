import CanonicalJSON
import EventSourcing
import Postgres

/// Reads the event log: forward and backward, by any of its columns.
public struct EventLog: Sendable {
    private let database: any DatabaseReader

    /// The log that these connections reach.
    public init(_ database: some DatabaseReader) { self.database = database }

    /// The events that a query finds, in its order.
    /// - Throws: `PostgresError`; `PostgresError.unexpectedResult` where a stored event is not of the log's shape.
    public func read(_ query: EventQuery) async throws(PostgresError) -> [StoredEvent] {
        try await database.rows(EventQuery.alone(query.shape), query)
    }

    /// The position of the last event, 0 where there is none.
    public func head() async throws(PostgresError) -> Position {
        try await database.one(EventLog.lastPosition)
    }

    /// Selects the position of the last event, 0 where there is none.
    public static let lastPosition = Selection<Void, Position>(
        { try $0.int("coalesce(max(position), 0)") }, "from log.events")
}

extension StoredEvent {
    /// The columns of an event of `log.events` by an alias.
    /// - Parameter readsJSON: whether the payload is to be read; its texts are there in any case.
    public init(_ columns: inout Columns, of event: String = "e", readsJSON: Bool = true) throws(PostgresError) {
        position = try columns.int("\(event).position")
        id = try columns.uuid("\(event).id")
        let (type, schema) = (try columns.text("\(event).type"), Int(try columns.int("\(event).schema")))
        let organization = try columns.uuidIfPresent("\(event).organization")
        let (stream, streamType) = (try columns.uuid("\(event).stream"), try columns.text("\(event).stream_type"))
        let related = try columns.uuidIfPresent("\(event).related")
        data = try columns.bytesIfPresent("\(event).data")
        sealed = try Commitment(&columns, "\(event).sealed")
        actor = try columns.uuidIfPresent("\(event).actor")
        actorRole = try columns.text("\(event).actor_role")
        actorKey = try columns.uuidIfPresent("\(event).actor_key")
        origin = try Commitment(&columns, "\(event).origin")
        recordedAt = Instant(microseconds: try columns.microseconds("\(event).recorded_at"))
        effectiveAt = try columns.microsecondsIfPresent("\(event).effective_at").map { Instant(microseconds: $0) }
        causation = try columns.intIfPresent("\(event).causation")
        leafHash = try columns.bytes("\(event).leaf_hash")
        payload = EncodedPayload(
            type: type, schema: schema, organization: organization, stream: stream, streamType: streamType,
            related: related, data: readsJSON ? try JSON(stored: data) : nil,
            sealed: readsJSON ? try JSON(stored: sealed?.text) : nil,
            isErased: sealed.map { $0.text == nil } ?? false)
    }
}

extension JSON {
    /// Reads a stored text, if there is one.
    init?(stored text: [UInt8]?) throws(PostgresError) {
        guard let text else { return nil }
        do {
            self = try JSON(parsing: text, limits: .trusted)
        } catch {
            throw .unexpectedResult("an event's JSON cannot be read: \(error)")
        }
    }
}

extension Commitment {
    /// The columns of a commitment: its text by that name, its salt and its hash. `nil` where there was never a text.
    init?(_ columns: inout Columns, _ name: String) throws(PostgresError) {
        let (text, salt) = (try columns.bytesIfPresent(name), try columns.bytesIfPresent("\(name)_salt"))
        guard let hash = try columns.bytesIfPresent("\(name)_hash") else { return nil }
        self.init(text: text, salt: salt, hash: hash)
    }
}
