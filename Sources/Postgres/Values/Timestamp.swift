/// Postgres counts microseconds from 2000-01-01 UTC, this module's callers from 1970-01-01 UTC.
enum Timestamp {
    /// Microseconds from 1970-01-01 to 2000-01-01.
    private static let epoch: Int64 = 946_684_800_000_000

    /// What the server is sent. `Int64.max` and `.min` stand for infinity, as they do there.
    static func wire(microseconds: Int64) -> Int64 {
        if microseconds == .max || microseconds == .min { return microseconds }
        let (value, overflow) = microseconds.subtractingReportingOverflow(epoch)
        // Far outside what the server accepts, but not infinite: it is to refuse it.
        return overflow ? .min + 1 : value
    }

    /// Microseconds since 1970, or nil for the last 30 years before Postgres's end of time, which do not fit.
    static func microseconds(wire: Int64) -> Int64? {
        if wire == .max || wire == .min { return wire }
        let (value, overflow) = wire.addingReportingOverflow(epoch)
        return overflow ? nil : value
    }
}
