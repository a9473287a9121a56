import EventSourcing
import FoundationEssentials

extension Instant {
    /// The time on this computer's clock; for ids and expiry, not for what the log records.
    package static var now: Instant { Instant(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) }

    /// Seconds since 1970, as in a token.
    var seconds: Double { Double(microseconds) / 1_000_000 }
}
