import CanonicalJSON
import EventSourcing
import FoundationEssentials
import Postgres

/// An attempt to deliver an event, as it is remembered and shown: without what was delivered.
struct WebhookAttempt: Sendable {
    let event: UUID
    /// The event's position; `nil` for a test.
    let position: Position?
    /// Which attempt at the event it was, from 1.
    let number: Int64
    let time: Instant
    let milliseconds: Int64
    let status: Int64?
    let error: String?

    init(
        _ outcome: WebhookOutcome, event: UUID, position: Position?, number: Int64, at time: Instant,
        lasting duration: Duration
    ) {
        (self.event, self.position, self.number, self.time) = (event, position, number, time)
        milliseconds = duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
        status = outcome.status.map { Int64($0) }
        error = outcome.failure?.rawValue
    }

    init(_ columns: inout Columns) throws {
        event = try columns.uuid("d.event")
        position = try columns.intIfPresent("d.position")
        number = try columns.int("d.attempt")
        time = Instant(microseconds: try columns.microseconds("d.attempted_at"))
        milliseconds = try columns.int("d.milliseconds")
        status = try columns.intIfPresent("d.status")
        error = try columns.textIfPresent("d.error")
    }

    /// The finished JSON.
    var json: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 256)
        writer.beginObject()
        writer.member("event", event.text)
        if let position { writer.member("position", position) }
        writer.member("attempt", number)
        writer.member("time", time.description)
        writer.member("milliseconds", milliseconds)
        writer.member("delivered", status.map { (200..<300).contains($0) } ?? false)
        if let status { writer.member("status", status) }
        if let error { writer.member("error", error) }
        writer.endObject()
        return writer.bytes
    }
}
