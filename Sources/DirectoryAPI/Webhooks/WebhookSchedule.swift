import EventSourcing

/// When a webhook is tried again after failures.
enum WebhookSchedule {
    /// How long deliveries may fail before the webhook is disabled, in microseconds: five days.
    static let patience: Int64 = 5 * day
    private static let day: Int64 = 86_400 * 1_000_000
    /// The time after the first failure, in microseconds: five seconds. Each failure after it triples the time, up to a day.
    private static let first: Int64 = 5_000_000

    /// How long to wait after that many failures in a row, in microseconds.
    /// - Parameter jitter: from 0 to 1: the time is up to a quarter shorter, so that webhooks that failed together do not all come back
    ///   together.
    static func delay(after failures: Int64, jitter: Double) -> Int64 {
        var delay = first
        for _ in 1..<max(1, min(failures, 20)) { delay = min(delay * 3, day) }
        return delay - Int64(Double(delay) * 0.25 * jitter)
    }

    /// When the next attempt is due; `nil` where the webhook has failed for too long.
    /// - Parameter earliest: the earliest moment that the receiver allows; at most a day counts.
    static func nextAttempt(
        after failures: Int64, since first: Instant, now: Instant, notBefore earliest: Instant? = nil, jitter: Double
    ) -> Instant? {
        let end = first.advanced(byMicroseconds: patience)
        guard now < end else { return nil }
        // The last attempt is made when patience ends, unless the receiver asks for a later one.
        let next = min(end, now.advanced(byMicroseconds: delay(after: failures, jitter: jitter)))
        return max(next, min(earliest ?? next, now.advanced(byMicroseconds: day)))
    }
}
