import EventSourcing

/// Times as HTTP writes them (RFC 9110, section 5.6.7): IMF-fixdate; two older forms are read, too.
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

    /// Reads a time in any of the three forms.
    /// - Parameter now: tells the century of a year of two digits, which is at most 50 years away.
    static func instant(_ text: String, now: Instant) -> Instant? {
        let parts = text.split { " ,-".contains($0) }
        let day, month, year, time: Substring
        switch parts.count {
        // Sun, 06 Nov 1994 08:49:37 GMT and Sunday, 06-Nov-94 08:49:37 GMT
        case 6 where parts[5] == "GMT": (day, month, year, time) = (parts[1], parts[2], parts[3], parts[4])
        // Sun Nov  6 08:49:37 1994
        case 5: (month, day, time, year) = (parts[1], parts[2], parts[3], parts[4])
        default: return nil
        }
        guard let number = months.firstIndex(of: String(month)), var fullYear = Int64(year), time.utf8.count == 8
        else { return nil }
        if year.utf8.count == 2 {
            let today = CivilDate(now).year
            fullYear += today - today % 100
            if fullYear > today + 50 { fullYear -= 100 }
        }
        return Instant(rfc3339: "\(fullYear)-\(padded(number + 1))-\(padded(day))T\(time)Z")
    }

    /// With two digits at least.
    private static func padded(_ number: some CustomStringConvertible) -> String {
        let text = number.description
        return text.utf8.count == 1 ? "0\(text)" : text
    }
}
