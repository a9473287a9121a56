import EventSourcing

/// The header by which a receiver says when it wants to be asked again (RFC 9110, section 10.2.3).
enum RetryAfter {
    /// The moment that the header names, in seconds from now or as a time; `nil` where it is neither.
    static func instant(_ header: String, now: Instant) -> Instant? {
        let text = header[...].trimmingSpaces
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return HTTPDate.instant(text, now: now)
        }
        // Of a number that is too large to be read, years are enough.
        return now.advanced(byMicroseconds: min(Int64(text) ?? .max, 1_000_000_000) * 1_000_000)
    }
}
