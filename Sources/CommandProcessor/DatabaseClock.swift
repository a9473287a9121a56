import EventSourcing

/// The database's clock as the node knows it from its last round trip, moved on by the node's own monotonic clock.
struct DatabaseClock {
    private var reading: (instant: Instant, at: ContinuousClock.Instant)
    private var last: Instant

    /// A clock that has just been read; nothing it gives is at or before `last`.
    init(_ instant: Instant, after last: Instant) {
        reading = (instant, .now)
        self.last = last
    }

    mutating func set(_ instant: Instant) { reading = (instant, .now) }

    /// The instant of the next command: now, and at least a microsecond after the command before.
    mutating func next() -> Instant {
        let elapsed = (ContinuousClock.now - reading.at).components
        let now = reading.instant.advanced(
            byMicroseconds: elapsed.seconds * 1_000_000 + elapsed.attoseconds / 1_000_000_000_000)
        last = max(now, last.advanced(byMicroseconds: 1))
        return last
    }
}
