import CanonicalJSON
import EventSourcing
import Foundation
import TestSupport
import Testing

@testable import DirectoryAPI

/// When a receiver that is busy is asked again.
@Suite(.timeLimit(.minutes(10))) struct RetryAfterTests {
    private static let now = Instant(microseconds: 1_795_503_600_000_000)

    /// A receiver, what it answers first, and after how many hours it is asked again.
    private struct Busy {
        let status: Int
        let retryAfter: String
        let hours: Int
        let receiver: Receiver

        init(_ status: Int, _ retryAfter: String, hours: Int) async throws {
            (self.status, self.retryAfter, self.hours) = (status, retryAfter, hours)
            receiver = try await Receiver.start { before, _ in
                before == 0 ? .answer(status, headers: ["retry-after": retryAfter]) : .answer(204)
            }
        }
    }

    @Test func `A busy receiver is asked again when it wants to be, within a day, and any other after the usual wait`()
        async throws
    {
        let clock = SettableClock()
        let server = try await Server.startDelivering(clock: clock)
        let (organization, owner) = try await server.makeOrganization()
        let (elsewhere, witness) = try await server.makeOrganization()
        let inThreeHours = HTTPDate.text(of: clock.now.advanced(byMicroseconds: 3 * 3_600_000_000))
        let busy = [
            try await Busy(429, "7200", hours: 2), try await Busy(503, "7200", hours: 2),
            try await Busy(429, inThreeHours, hours: 3), try await Busy(503, "604800", hours: 24),
            try await Busy(500, "7200", hours: 1), try await Busy(503, "soon", hours: 1),
        ]
        for one in busy {
            try await server.makeWebhook(
                organization, by: owner, url: one.receiver.url, types: ["organization.renamed"])
        }
        let listed = try await server.get("/organization/\(organization)/webhooks", as: owner).ids
        try await server.rename(organization, by: owner)
        for id in listed {
            _ = try await server.deliveries(to: id, of: organization, by: owner) { !$0.isEmpty }
        }
        // By the time that it has been told of something later, whoever would be asked too early has been asked.
        let other = try await Receiver.start()
        try await server.makeWebhook(elsewhere, by: witness, url: other.url)
        var passed = 0
        for hours in [1, 2, 3, 23, 24] {
            clock.advance(hours: Int64(hours - passed))
            passed = hours
            let told = other.deliveries.count
            try await server.rename(elsewhere, by: witness)
            _ = try await other.deliveries { $0.count > told }
            for one in busy {
                let expected = one.hours <= hours ? 2 : 1
                let count = try await one.receiver.deliveries { $0.count >= expected }.count
                #expect(count == expected, "\(one.status) \(one.retryAfter) after \(hours) hours")
            }
        }
        for one in busy {
            let times = one.receiver.deliveries.compactMap { $0.headers["webhook-timestamp"].flatMap { Int($0) } }
            #expect(times.count == 2 && times[1] - times[0] == one.hours * 3600, "\(one.status) \(one.retryAfter)")
            await one.receiver.stop()
        }
        await other.stop()
        try await server.stop()
    }

    @Test func `A number counts seconds from now`() {
        for (header, seconds) in [("0", 0), ("120", 120), (" 7 ", 7), ("007", 7)] as [(String, Int64)] {
            let instant = RetryAfter.instant(header, now: Self.now)
            #expect(instant == Self.now.advanced(byMicroseconds: seconds * 1_000_000), "\(header)")
        }
        // More than can be counted.
        let largest = RetryAfter.instant("99999999999999999999999", now: Self.now)
        #expect(largest.map { $0 > Self.now.advanced(byMicroseconds: 365 * 86_400_000_000) } == true)
    }

    @Test(arguments: ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"])
    func `A time is read in each of the forms that HTTP has had`(_ header: String) {
        #expect(RetryAfter.instant(header, now: Self.now)?.description == "1994-11-06T08:49:37.000000Z")
    }

    @Test func `A year of two digits is at most 50 years away`() {
        for (year, full) in [("26", "2026"), ("76", "2076"), ("77", "1977"), ("00", "2000")] {
            let instant = HTTPDate.instant("Friday, 01-Jan-\(year) 00:00:00 GMT", now: Self.now)
            #expect(instant?.description == "\(full)-01-01T00:00:00.000000Z")
        }
    }

    @Test func `What HTTP writes as a time is read as the same`() {
        for days in stride(from: 0 as Int64, to: 20_000, by: 17) {
            let instant = Instant(microseconds: (days * 86_400 + days * 7) * 1_000_000)
            #expect(HTTPDate.instant(HTTPDate.text(of: instant), now: Self.now) == instant)
        }
    }

    @Test(arguments: [
        "", " ", "-1", "+1", "1.5", "soon", "1 2", "٣", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 31 Nov 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT", "06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z",
        "Sun, 06 Nov 1994 25:00:00 GMT",
        "Sun, 06 Nov 19945 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37.5 GMT",
    ])
    func `Anything else is no time`(_ header: String) { #expect(RetryAfter.instant(header, now: Self.now) == nil) }
}
