import EventSourcing
import Postgres

/// The head of the log as a node knows it, and what its view rests on.
struct LogHead {
    /// The position of the last event.
    var position: Position
    /// Its leaf hash; `nil` before the first event.
    var hash: [UInt8]?
    let generation: Int64
    var clock: DatabaseClock
    /// Which read models are served: `accounts_v1 employees_v2`.
    let projections: String

    /// Reads a row of `Appending.head`.
    init(_ row: Row) throws(PostgresError) {
        position = try row.intIfPresent(0) ?? 0
        hash = try row.bytesIfPresent(1)
        generation = try row.int(3)
        let last = Instant(microseconds: try row.microsecondsIfPresent(2) ?? .min / 2)
        clock = DatabaseClock(Instant(microseconds: try row.microseconds(4)), after: last)
        projections = try row.text(5)
    }

    /// Whether a view that rests on this head still holds at the one that was just read.
    func agrees(with read: LogHead) -> Bool {
        position == read.position && hash == read.hash && generation == read.generation
    }
}
