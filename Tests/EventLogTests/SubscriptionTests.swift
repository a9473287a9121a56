import EmbeddedPostgres
import EventSourcing
import FoundationEssentials
import TestSupport
import Testing

@testable import EventLog

@Suite struct SubscriptionTests {
    @Test func `A notification wakes a subscription`() async throws {
        let database = try await TestDatabase.withLog()
        var appender = try await Appender(database)
        try await appender.append(3)
        let writer = appender
        try await database.withLog { log in
            // Polling alone would take an hour.
            let subscription = Subscription(
                to: log, after: 1, listening: database.configuration, pollInterval: .seconds(3600), logger: quiet)
            var events = subscription.makeAsyncIterator()
            #expect(try await events.next()?.position == 2)
            #expect(try await events.next()?.position == 3)
            async let appended: Void = {
                var own = writer
                try await Task.sleep(for: .milliseconds(300))
                try await own.append(2)
            }()
            #expect(try await events.next()?.position == 4)
            #expect(try await events.next()?.position == 5)
            try await appended
        }
    }

    @Test func `A subscription continues after the server has restarted`() async throws {
        // Durable, so that nothing is lost when the server is killed.
        let cluster = try await TestCluster.start(durable: true)
        let database = try await TestDatabase.withLog(on: cluster)
        let seen = try await database.withLog { log in
            let subscription = Subscription(
                to: log, after: 0, listening: database.configuration, pollInterval: .milliseconds(100), logger: quiet)
            return try await withThrowingTaskGroup(of: [Position].self) { group in
                group.addTask {
                    var seen: [Position] = []
                    for try await event in subscription {
                        seen.append(event.position)
                        if seen.count == 450 { break }
                    }
                    return seen
                }
                group.addTask {
                    var appender = try await Appender(database)
                    for _ in 0..<30 { try await appender.append(5) }
                    for kill in [true, false] {
                        if kill { try await cluster.kill() }
                        try await cluster.restart()
                        try await appender.reconnect(to: database)
                        for _ in 0..<30 { try await appender.append(5) }
                    }
                    return []
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
        }
        #expect(seen == Array(1...450))
        await cluster.stop()
    }
}
