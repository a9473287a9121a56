import CanonicalJSON
import EventSourcing
import FoundationEssentials
import Postgres

/// Reads events in order to fold them: only what a fold sees, without hashes, salts and origins.
public enum Replaying {
    private struct Span: Sendable {
        let after: Position
        let limit: Int
    }

    private static let selection = Selection<Span, Replayed>({ try Replayed(&$0) }) { parameters, columns in
        """
        select \(columns) from log.events
        where position > \(parameters.int { $0.after }) order by position limit \(parameters.int { Int64($0.limit) })
        """
    }

    private struct StreamSpan: Sendable {
        let stream: UUID
        let after, through: Position
        let limit: Int
    }

    private static let ofStream = Selection<StreamSpan, Replayed>({ try Replayed(&$0) }) { parameters, columns in
        let stream = parameters.uuid { $0.stream }
        return """
            select \(columns) from log.events
            where (stream, position) > (\(stream), \(parameters.int { $0.after })) \
            and (stream, position) <= (\(stream), \(parameters.int { $0.through })) \
            order by stream, position limit \(parameters.int { Int64($0.limit) })
            """
    }

    /// The statement that reads the next events of a stream after a position, up to another.
    public static func page(
        of stream: UUID, after position: Position, through: Position, limit: Int
    ) -> (Statement, [Parameter]) {
        ofStream.step(StreamSpan(stream: stream, after: position, through: through, limit: limit))
    }

    /// The statement that reads the next events after a position.
    public static func page(after position: Position, limit: Int) -> (Statement, [Parameter]) {
        selection.step(Span(after: position, limit: limit))
    }

    /// The events of such a page.
    /// - Throws: `UnreadableEvent`, `PostgresError.unexpectedResult`.
    public static func events<Payload: EventPayload>(_ rows: Rows) throws -> [Event<Payload>] {
        var events: [Event<Payload>] = []
        events.reserveCapacity(rows.count)
        for row in rows { events.append(try selection.value(row).event()) }
        return events
    }
}

/// The columns of an event that is folded.
private struct Replayed: Sendable {
    let position: Position
    let id: UUID
    let payload: EncodedPayload
    let author: Author
    let recordedAt: Instant
    let effectiveAt: Instant?
    let causation: Position?

    init(_ columns: inout Columns) throws(PostgresError) {
        position = try columns.int("position")
        id = try columns.uuid("id")
        payload = try EncodedPayload(&columns, of: "events")
        author = Author(
            account: try columns.uuidIfPresent("actor"), role: try columns.text("actor_role"),
            key: try columns.uuidIfPresent("actor_key"))
        recordedAt = Instant(microseconds: try columns.microseconds("recorded_at"))
        effectiveAt = try columns.microsecondsIfPresent("effective_at").map { Instant(microseconds: $0) }
        causation = try columns.intIfPresent("causation")
    }

    func event<Payload: EventPayload>() throws -> Event<Payload> {
        Event(
            position: position, id: id, payload: try Payload(decoding: payload), author: author,
            recordedAt: recordedAt, effectiveAt: effectiveAt, causation: causation,
            imported: ImportedLine(noted: payload.data))
    }
}
