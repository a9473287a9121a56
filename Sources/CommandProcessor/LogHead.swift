import EventSourcing
import Postgres

/// What a node knows of the log: where it left it, and what its view rests on.
struct Knowledge {
    var head: Position
    var headHash: [UInt8]?
    var generation: Int64
    var clock: DatabaseClock
    /// Which read models are served: `accounts_v1 employees_v2`.
    let projections: String

    /// Reads a row of `Appending.head`.
    init(_ row: Row) throws(PostgresError) {
        head = try row.intIfPresent(0) ?? 0
        headHash = try row.bytesIfPresent(1)
        generation = try row.int(3)
        let last = Instant(microseconds: try row.microsecondsIfPresent(2) ?? .min / 2)
        clock = DatabaseClock(Instant(microseconds: try row.microseconds(4)), after: last)
        projections = try row.text(5)
    }

    /// Whether the view that rests on `self` still stands at what was just read.
    func agrees(with read: Knowledge) -> Bool {
        head == read.head && headHash == read.headHash && generation == read.generation
    }
}
