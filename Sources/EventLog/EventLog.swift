import CanonicalJSON
import EventSourcing
import Postgres

/// Reads the event log: forward and backward, by any of its columns.
public struct EventLog: Sendable {
    private let pool: PostgresPool

    /// The log behind these connections.
    public init(_ pool: PostgresPool) { self.pool = pool }

    /// The events that a query finds, in its order.
    /// - Throws: `PostgresError`; `PostgresError.unexpectedResult` where a stored event is not of the log's shape.
    public func read(_ query: EventQuery) async throws(PostgresError) -> [StoredEvent] {
        let (statement, parameters) = query.statement
        let rows = try await pool.read(statement, parameters)
        var events: [StoredEvent] = []
        events.reserveCapacity(rows.count)
        for index in 0..<rows.count { events.append(try StoredEvent(rows[index])) }
        return events
    }

    /// The position of the last event, 0 where there is none.
    public func head() async throws(PostgresError) -> Position {
        try await pool.read(EventLog.lastPosition)[0].int(0)
    }

    private static let lastPosition: Statement = "select coalesce(max(position), 0) from log.events"
}

extension StoredEvent {
    /// Reads the columns of `EventQuery.columns(of:)`, which begin there.
    public init(_ row: Row, from first: Int = 0) throws(PostgresError) {
        let data = try row.bytesIfPresent(first + 8)
        let sealed = try Commitment(row, first + 9)
        payload = EncodedPayload(
            type: try row.text(first + 2), schema: Int(try row.int(first + 3)),
            organization: try row.uuidIfPresent(first + 4),
            stream: try row.uuid(first + 5), streamType: try row.text(first + 6),
            related: try row.uuidIfPresent(first + 7),
            data: try JSON(stored: data), sealed: try JSON(stored: sealed?.text))
        self.data = data
        self.sealed = sealed
        position = try row.int(first)
        id = try row.uuid(first + 1)
        actor = try row.uuidIfPresent(first + 12)
        actorRole = try row.text(first + 13)
        actorKey = try row.uuidIfPresent(first + 14)
        origin = try Commitment(row, first + 15)
        recordedAt = Instant(microseconds: try row.microseconds(first + 18))
        effectiveAt = try row.microsecondsIfPresent(first + 19).map { Instant(microseconds: $0) }
        causation = try row.intIfPresent(first + 20)
        leafHash = try row.bytes(first + 21)
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
    /// Reads text, salt and hash from three columns; `nil` where there was never a text.
    init?(_ row: Row, _ column: Int) throws(PostgresError) {
        guard let hash = try row.bytesIfPresent(column + 2) else { return nil }
        self.init(text: try row.bytesIfPresent(column), salt: try row.bytesIfPresent(column + 1), hash: hash)
    }
}
