import CanonicalJSON
import EventSourcing
import Postgres

/// Reads events in order to fold them: only what a fold sees, without hashes, salts and origins.
public enum Replaying {
    private static let statement: Statement = """
        select position, id, type, schema, organization, stream, stream_type, related, data, sealed, actor, actor_role, \
        actor_key, recorded_at, effective_at, causation
        from log.events where position > $1 order by position limit $2
        """

    /// The statement that reads the next events behind a position.
    public static func page(after position: Position, limit: Int) -> (Statement, [Parameter]) {
        (statement, [.int8(position), .int8(Int64(limit))])
    }

    /// The events of such a page.
    /// - Throws: `UnreadableEvent`, `PostgresError.unexpectedResult`.
    public static func events<Payload: EventPayload>(_ rows: Rows) throws -> [Event<Payload>] {
        var events: [Event<Payload>] = []
        events.reserveCapacity(rows.count)
        for index in 0..<rows.count { events.append(try event(rows[index])) }
        return events
    }

    private static func event<Payload: EventPayload>(_ row: Row) throws -> Event<Payload> {
        let payload = EncodedPayload(
            type: try row.text(2), schema: Int(try row.int(3)), organization: try row.uuidIfPresent(4),
            stream: try row.uuid(5), streamType: try row.text(6), related: try row.uuidIfPresent(7),
            data: try JSON(stored: row.bytesIfPresent(8)), sealed: try JSON(stored: row.bytesIfPresent(9)))
        return Event(
            position: try row.int(0), id: try row.uuid(1), payload: try Payload(decoding: payload),
            author: Author(
                account: try row.uuidIfPresent(10), role: try row.text(11), key: try row.uuidIfPresent(12)),
            recordedAt: Instant(microseconds: try row.microseconds(13)),
            effectiveAt: try row.microsecondsIfPresent(14).map { Instant(microseconds: $0) },
            causation: try row.intIfPresent(15), imported: ImportedLine(noted: payload.data))
    }
}
