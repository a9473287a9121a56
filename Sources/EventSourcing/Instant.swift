import CanonicalJSON

/// A moment on the UTC time line, to the microsecond: the resolution that Postgres stores and that every answer shows.
public struct Instant: Hashable, Comparable, Sendable {
    /// Microseconds since 1970-01-01T00:00:00Z; negative before it.
    public let microseconds: Int64

    /// The moment `microseconds` after (or before) 1970-01-01T00:00:00Z.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    public static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }

    /// This moment, moved by a number of microseconds.
    public func advanced(byMicroseconds count: Int64) -> Instant { Instant(microseconds: microseconds &+ count) }
}

extension Instant: CustomStringConvertible {
    /// RFC 3339 in UTC with six digits of a second: `2026-11-24T07:00:00.123456Z`.
    public var description: String {
        let (days, ofDay) = microseconds.quotientAndRemainderFlooring(dividingBy: 86_400_000_000)
        let date = CivilDate(daysSinceEpoch: days)
        let seconds = ofDay / 1_000_000
        return String(unsafeUninitializedCapacity: 27) { bytes in
            var at = 0
            func put(_ value: Int64, digits: Int, then separator: UInt8) {
                var rest = value
                for place in stride(from: at + digits - 1, through: at, by: -1) {
                    bytes[place] = UInt8(48 + rest % 10)
                    rest /= 10
                }
                bytes[at + digits] = separator
                at += digits + 1
            }
            put(date.year, digits: 4, then: UInt8(ascii: "-"))
            put(date.month, digits: 2, then: UInt8(ascii: "-"))
            put(date.day, digits: 2, then: UInt8(ascii: "T"))
            put(seconds / 3600, digits: 2, then: UInt8(ascii: ":"))
            put(seconds / 60 % 60, digits: 2, then: UInt8(ascii: ":"))
            put(seconds % 60, digits: 2, then: UInt8(ascii: "."))
            put(ofDay % 1_000_000, digits: 6, then: UInt8(ascii: "Z"))
            return at
        }
    }

    /// Reads an RFC 3339 time (section 5.6) of the years 1 to 9999, in UTC too. Digits beyond the microsecond are cut off; a leap second
    /// counts as the first moment of the next minute, since POSIX time has no name for it. `nil` for any other text.
    public init?(rfc3339 text: some StringProtocol) {
        guard let microseconds = text.withBytes(Instant.microseconds) else { return nil }
        self.init(microseconds: microseconds)
    }

    private static func microseconds(rfc3339 text: UnsafeBufferPointer<UInt8>) -> Int64? {
        var scanner = DigitScanner(text)
        guard let year = scanner.number(digits: 4), scanner.skip("-"), let month = scanner.number(digits: 2),
            scanner.skip("-"), let day = scanner.number(digits: 2),
            let date = CivilDate(year: year, month: month, day: day),
            scanner.skip("T") || scanner.skip("t") || scanner.skip(" "), let hour = scanner.number(digits: 2),
            hour < 24,
            scanner.skip(":"), let minute = scanner.number(digits: 2), minute < 60, scanner.skip(":"),
            let second = scanner.number(digits: 2), second <= 60
        else { return nil }
        var fraction: Int64 = 0
        if scanner.skip(".") {
            guard let digits = scanner.fraction() else { return nil }
            fraction = digits
        }
        guard let offset = scanner.offset(), scanner.isAtEnd else { return nil }
        let seconds = date.daysSinceEpoch * 86_400 + hour * 3600 + minute * 60 + second - offset
        return writable.contains(seconds) ? seconds * 1_000_000 + fraction : nil
    }

    /// The seconds of the years 1 to 9999 in UTC. An offset leads out of them, and no other year can be written back.
    private static let writable: ClosedRange<Int64> = -62_135_596_800...253_402_300_799
}

extension Int64 {
    /// Quotient and remainder of a division that rounds towards minus infinity, so that the remainder is never negative.
    func quotientAndRemainderFlooring(dividingBy divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
