import CanonicalJSON
import EventLog
import EventSourcing
import FoundationEssentials
import TestSupport
import Testing

@testable import Directory
@testable import DirectoryAPI

/// Which node delivers, and what is left of deliveries when it goes.
@Suite(.timeLimit(.minutes(10))) struct WebhookNodeTests {
    @Test func `Of two nodes one delivers, each event once and in order, and when it stops the other goes on in order`()
        async throws
    {
        let first = try await Server.startDelivering()
        let second = try await Server.startDelivering(on: first.database)
        let (organization, owner) = try await first.makeOrganization()
        let receiver = try await Receiver.start()
        let id = try await first.makeWebhook(organization, by: owner, url: receiver.url).id
        var positions: [Int64] = []
        for number in 0..<40 {
            let node = number.isMultiple(of: 2) ? first : second
            positions.append(Int64(try await node.rename(organization, by: owner).position))
        }
        let before = try await receiver.deliveries { $0.count >= 40 }
        #expect(before.map(\.position) == positions)
        async let stopped: Void = first.stop()
        for _ in 0..<20 { positions.append(Int64(try await second.rename(organization, by: owner).position)) }
        try await stopped
        let deliveries = try await receiver.deliveries { $0.last?.position == positions.last }
        // What was under way when the first stopped is delivered again by the other unless it ended in time: at least once.
        #expect(deliveries.map(\.position).reduce(into: []) { if $0.last != $1 { $0.append($1) } } == positions)
        let shown = try await second.deliveries(to: id, of: organization, by: owner) { $0.count == 60 }
        #expect(shown.count == 60)
        await receiver.stop()
        try await second.stop()
    }

    @Test func `A node that starts delivers what happened while none was there`() async throws {
        let first = try await Server.startDelivering()
        let (organization, owner) = try await first.makeOrganization()
        let receiver = try await Receiver.start { _, _ in .answer(500) }
        let id = try await first.makeWebhook(organization, by: owner, url: receiver.url).id
        let position = try await first.rename(organization, by: owner).position
        _ = try await first.deliveries(to: id, of: organization, by: owner) { !$0.isEmpty }
        let lag = try await WebhookLag.read(first.service.reads)
        #expect(lag > 0)
        try await first.stop()
        receiver.react { _, _ in .answer(200) }
        let sent = receiver.deliveries.count
        let clock = SettableClock()
        clock.advance(hours: 1)
        let second = try await Server.startDelivering(on: first.database, clock: clock)
        let deliveries = try await receiver.deliveries { $0.count > sent }
        #expect(deliveries.last?.position == Int64(position))
        _ = try await second.deliveries(to: id, of: organization, by: owner) { $0.first?["delivered"] == true }
        #expect(try await WebhookLag.read(second.service.reads) == 0)
        await receiver.stop()
        try await second.stop()
    }

    @Test func `When the session that delivers ends, the same node or another takes over`() async throws {
        let server = try await Server.startDelivering()
        let (organization, owner) = try await server.makeOrganization()
        let receiver = try await Receiver.start()
        try await server.makeWebhook(organization, by: owner, url: receiver.url)
        try await server.rename(organization, by: owner)
        #expect(try await receiver.deliveries { !$0.isEmpty }.count == 1)
        let ended = try await TestDatabase(url: server.database).number(
            """
            select count(pg_terminate_backend(pid)) from pg_stat_activity
            where datname = current_database() and application_name = 'directory webhooks'
            """)
        #expect(ended == 1)
        let last = try await server.rename(organization, by: owner)
        let deliveries = try await receiver.deliveries { $0.last?.position == Int64(last.position) }
        #expect(Set(deliveries.map(\.position)).count == 2)
        await receiver.stop()
        try await server.stop()
    }

    @Test func `A webhook whose secret was lost is disabled by an event that says so`() async throws {
        let first = try await Server.startDelivering()
        let (organization, owner) = try await first.makeOrganization()
        let receiver = try await Receiver.start()
        let id = try await first.makeWebhook(organization, by: owner, url: receiver.url).id
        try await first.stop()
        // As after a restore from an export.
        let database = TestDatabase(url: first.database)
        try await database.query("delete from log.webhooks")
        try await database.query("delete from log.secrets")
        let second = try await Server.startDelivering(on: first.database)
        let disabled = try await second.webhook(id, of: organization, by: owner) { $0.json["active"] == false }
        #expect(disabled.json["active"] == false)
        let causes = try await database.texts(
            "select data ->> 'cause' as cause from log.events where type = 'organization.webhook_disabled'")
        #expect(causes == ["(NO_SECRET)"])
        let path = "/organization/\(organization)/webhooks/\(id)"
        let refused = try await second.patch(path, as: owner, #"{"active":true}"#)
        #expect(refused.status == 422 && refused.pointers == ["/active"])
        let tested = try await second.post("\(path)/test", as: owner)
        #expect(tested.json["error"] == "NO_SECRET" && receiver.deliveries.isEmpty)
        await receiver.stop()
        try await second.stop()
    }

    @Test func `A webhook that asks for little is not behind, and skips what does not concern it`() async throws {
        let server = try await Server.startDelivering()
        let (organization, owner) = try await server.makeOrganization()
        let receiver = try await Receiver.start()
        let id = try await server.makeWebhook(organization, by: owner, url: receiver.url, types: ["group.created"]).id
        let (organizationID, webhook) = (try #require(UUID(text: organization)), try #require(UUID(text: id)))
        try await server.given(
            (0..<2500).map { _ in
                .organization(organizationID, .importCompleted(import: webhook, lines: 1))
            })
        let group = try await server.makeGroup(organization, by: owner)
        let deliveries = try await receiver.deliveries { !$0.isEmpty }
        #expect(deliveries.map { $0.json["subject"]?.string } == [group])
        #expect(try await WebhookLag.read(server.service.reads) == 0)
        await receiver.stop()
        try await server.stop()
    }
}

/// Who has a turn, without any I/O.
@Suite struct DeliveryQueueTests {
    private let organizations = (0..<3).map { UUID(high: 1, low: $0) }

    private func webhook(_ number: UInt64, of organization: Int = 0) -> DueWebhook {
        DueWebhook(id: UUID(high: 2, low: number), organization: organizations[organization])
    }

    @Test func `A webhook has one turn at a time, and another one if it became due meanwhile`() {
        var queue = DeliveryQueue()
        queue.add(webhook(1))
        queue.add(webhook(1))
        #expect(queue.next() == [webhook(1)])
        #expect(queue.next().isEmpty)
        queue.add(webhook(1))
        #expect(queue.next().isEmpty && !queue.isIdle)
        queue.finish(webhook(1), isDue: false)
        #expect(queue.next() == [webhook(1)])
        queue.finish(webhook(1), isDue: true)
        #expect(queue.next() == [webhook(1)])
        queue.finish(webhook(1), isDue: false)
        #expect(queue.next().isEmpty && queue.isIdle)
    }

    @Test func `An organization's webhooks keep those of others waiting no longer than their share`() {
        var queue = DeliveryQueue(limit: 3, limitOfOrganization: 2)
        for number in 1...4 { queue.add(webhook(UInt64(number))) }
        queue.add(webhook(5, of: 1))
        queue.add(webhook(6, of: 2))
        #expect(queue.next() == [webhook(1), webhook(2), webhook(5, of: 1)])
        queue.finish(webhook(5, of: 1), isDue: false)
        #expect(queue.next() == [webhook(6, of: 2)])
        queue.finish(webhook(1), isDue: true)
        // Those that have waited come before one whose turn has just ended.
        #expect(queue.next() == [webhook(3)])
    }
}

/// When the next attempt is.
@Suite struct WebhookScheduleTests {
    @Test func `Each failure makes the wait longer, up to a day`() {
        let waits = (1...12).map { WebhookSchedule.delay(after: $0, jitter: 0) / 1_000_000 }
        #expect(waits == [5, 15, 45, 135, 405, 1215, 3645, 10_935, 32_805, 86_400, 86_400, 86_400])
        #expect(WebhookSchedule.delay(after: 1_000_000, jitter: 0) == 86_400_000_000)
    }

    @Test func `Jitter makes a wait shorter, by a quarter at most`() {
        for failures in 1...12 as ClosedRange<Int64> {
            let whole = WebhookSchedule.delay(after: failures, jitter: 0)
            for _ in 0..<100 {
                let wait = WebhookSchedule.delay(after: failures, jitter: Double.random(in: 0...1))
                #expect(wait <= whole && wait >= whole * 3 / 4)
            }
        }
    }

    @Test func `The last attempt is made after five days, and there is none after it`() {
        let first = Instant(microseconds: 1_800_000_000_000_000), day: Int64 = 86_400_000_000
        func next(_ days: Double, _ failures: Int64) -> Instant? {
            WebhookSchedule.nextAttempt(
                after: failures, since: first, now: first.advanced(byMicroseconds: Int64(days * Double(day))), jitter: 0
            )
        }
        #expect(next(0, 1) == first.advanced(byMicroseconds: 5_000_000))
        #expect(next(2, 10) == first.advanced(byMicroseconds: 3 * day))
        #expect(next(4.5, 11) == first.advanced(byMicroseconds: 5 * day))
        #expect(next(5, 12) == nil && next(6, 12) == nil)
    }

    @Test func `No attempt is made before the receiver wants it, which makes it wait for a day at most`() {
        let first = Instant(microseconds: 1_800_000_000_000_000), hour: Int64 = 3_600_000_000
        func next(now hours: Int64, earliest: Int64) -> Instant? {
            WebhookSchedule.nextAttempt(
                after: 1, since: first, now: first.advanced(byMicroseconds: hours * hour),
                notBefore: first.advanced(byMicroseconds: earliest * hour), jitter: 0.5)
        }
        #expect(next(now: 0, earliest: 2) == first.advanced(byMicroseconds: 2 * hour))
        #expect(next(now: 0, earliest: 240) == first.advanced(byMicroseconds: 24 * hour))
        // It is no reason to come earlier.
        #expect(next(now: 3, earliest: 2).map { $0 > first.advanced(byMicroseconds: 3 * hour) } == true)
        // Patience ends with an attempt that the receiver has asked for.
        #expect(next(now: 119, earliest: 122) == first.advanced(byMicroseconds: 122 * hour))
        #expect(next(now: 122, earliest: 123) == nil)
    }
}
