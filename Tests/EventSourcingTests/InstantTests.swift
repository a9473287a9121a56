import Foundation
import Testing

@testable import EventSourcing

@Suite struct InstantTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000000Z"), (-1, "1969-12-31T23:59:59.999999Z"),
        (1_795_503_600_123_456, "2026-11-24T07:00:00.123456Z"), (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
        (-62_135_596_800_000_000, "0001-01-01T00:00:00.000000Z"),
        (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
    ])
    func `An instant is written with microseconds and read back`(microseconds: Int64, text: String) {
        let instant = Instant(microseconds: microseconds)
        #expect(instant.description == text)
        #expect(Instant(rfc3339: text) == instant)
    }

    @Test(arguments: [
        ("2026-11-24T08:00:00.123456+01:00", "2026-11-24T07:00:00.123456Z"),
        ("2026-11-24t07:00:00z", "2026-11-24T07:00:00.000000Z"),
        ("2026-11-24 07:00:00Z", "2026-11-24T07:00:00.000000Z"),
        ("2026-11-24T07:00:00.1234569Z", "2026-11-24T07:00:00.123456Z"),
        ("2026-12-31T23:59:60Z", "2027-01-01T00:00:00.000000Z"),
        ("2026-01-01T00:30:00+23:59", "2025-12-31T00:31:00.000000Z"),
        ("2026-11-24T07:00:00.5-00:00", "2026-11-24T07:00:00.500000Z"),
        ("0001-01-01T01:00:00+01:00", "0001-01-01T00:00:00.000000Z"),
        ("9999-12-31T22:59:59.999999-01:00", "9999-12-31T23:59:59.999999Z"),
    ])
    func `Every form that RFC 3339 allows is read`(text: String, expected: String) {
        #expect(Instant(rfc3339: text)?.description == expected)
    }

    @Test(arguments: [
        "", "2026-11-24", "2026-11-24T07:00Z", "2026-11-24T07:00:00", "2026-11-24T24:00:00Z", "2026-11-24T07:60:00Z",
        "2026-11-24T07:00:61Z", "2026-02-29T07:00:00Z", "2026-11-24T07:00:00.Z", "2026-11-24T07:00:00+0100",
        "2026-11-24T07:00:00+24:00", "0000-01-01T00:00:00Z", "2026-11-24T07:00:00Z ", "26-11-24T07:00:00Z",
        "２０２６-11-24T07:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00", "9999-12-31T23:59:60Z",
    ])
    func `Text that is not an RFC 3339 time in range is refused`(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    /// Compared with another implementation of the calendar, every seventh day of 400 years.
    @Test func `Dates agree with Foundation's calendar`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        for day in stride(from: Int64(-70 * 365), to: 330 * 365, by: 7) {
            let date = CivilDate(daysSinceEpoch: day)
            let parts = calendar.dateComponents(
                [.year, .month, .day], from: Date(timeIntervalSince1970: Double(day) * 86_400))
            #expect([date.year, date.month, date.day] == [parts.year, parts.month, parts.day].map { Int64($0 ?? 0) })
            #expect(date.daysSinceEpoch == day)
        }
    }

    @Test func `Only days that exist are dates`() {
        #expect(CivilDate("2024-02-29") != nil && CivilDate("2000-02-29") != nil)
        #expect(CivilDate("1900-02-29") == nil && CivilDate("2023-02-29") == nil && CivilDate("2023-04-31") == nil)
        #expect(CivilDate("0000-01-01") == nil && CivilDate("2023-1-1") == nil && CivilDate("2023-01-011") == nil)
        #expect(CivilDate(year: 10_000, month: 1, day: 1) == nil && CivilDate(year: 1, month: 1, day: 0) == nil)
    }
}
