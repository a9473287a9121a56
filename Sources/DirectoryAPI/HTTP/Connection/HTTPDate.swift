import EventSourcing

/// Times as HTTP writes them: IMF-fixdate (RFC 9110, section 5.6.7).
enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// A moment since 1970, to the second: `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func text(of instant: Instant) -> String {
        // 2026-11-24T07:00:00.123456Z
        let parts = instant.description.split { "-T.".contains($0) }
        let day = Int(instant.microseconds / 86_400_000_000) % days.count
        let month = (Int(parts[1]) ?? 1) - 1
        return "\(days[day]), \(parts[2]) \(months[month]) \(parts[0]) \(parts[3]) GMT"
    }
}
