import EventLog
import EventSourcing

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

    init(_ read: ReadHead) {
        position = read.position
        hash = read.hash
        generation = read.generation
        clock = DatabaseClock(read.clock, after: read.recordedAt ?? Instant(microseconds: .min / 2))
        projections = read.projections
    }

    /// Whether a view that rests on this head still holds at the one that was just read.
    func agrees(with read: LogHead) -> Bool {
        position == read.position && hash == read.hash && generation == read.generation
    }
}
