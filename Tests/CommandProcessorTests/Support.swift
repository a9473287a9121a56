import EmbeddedPostgres
import EventLog
import EventSourcing
import FoundationEssentials
import Logging
import Postgres
import ReadModels
import Synchronization
import TestSupport

@testable import CommandProcessor

let clubModels = ReadModels<ClubEvent>([Members.self, Badges.self], sideTables: [ClubReceipts.self])

/// A database of one test, set up and ready to be written to.
struct ClubDatabase: QueryableDatabase {
    let url: String
    let role: String?

    static func make(on cluster: TestCluster? = nil) async throws -> ClubDatabase {
        let url = try await TestDatabase.make(on: cluster).url
        let role = try await DatabaseSetup.run(connection: url, readModels: clubModels, logger: quiet)
        return ClubDatabase(url: url, role: role)
    }

    func configuration(_ name: String = "processor") -> ConnectionConfiguration {
        ConnectionConfiguration(
            url: url, applicationName: name, role: role, settings: CommandProcessor<ClubEvent>.sessionSettings)
    }

    /// Runs a processor for the duration of the body, then shuts it down.
    func withProcessor<T: Sendable>(
        _ options: CommandProcessor<ClubEvent>.Options = .init(), name: String = "processor",
        _ body: @Sendable (CommandProcessor<ClubEvent>) async throws -> T
    ) async throws -> T {
        try await running(
            CommandProcessor(configuration(name), readModels: clubModels, options: options, logger: quiet), body)
    }

    /// Folds the log and returns what differs from the stored rows, current and past: nothing, if all is well. Also returns
    /// where positions have a gap.
    func differences() async throws -> [String] {
        let rows = try await query(Replaying.page(after: 0, limit: .max).0.sql, [.int8(0), .int8(.max)])
        let events: [Event<ClubEvent>] = try Replaying.events(rows)
        let view = View(complete: true)
        var expected: [String] = []
        var found: [String] = []
        for (index, event) in events.enumerated() {
            if event.position != Position(index + 1) { expected.append("position \(index + 1)") }
            clubModels.apply(event, in: view)
        }
        let members = view.table(Members.self).takeChanges(), badges = view.table(Badges.self).takeChanges()
        for case let (key, version?) in members.latest {
            expected.append("m \(key.text) \(version.row) \(version.since)")
        }
        for past in members.past { expected.append("m \(past.version.row) \(past.version.since) \(past.until)") }
        for case let (key, version?) in badges.latest { expected.append("b \(key) \(version.since)") }
        for past in badges.past { expected.append("b \(past.key) \(past.version.since) \(past.until)") }
        for row in try await query("select id, name, chair, count, since, 0 from members_v1.current") {
            found.append("m \(try row.uuid(0).text) \(try Self.member(row)) \(try row.int(4))")
        }
        for row in try await query("select id, name, chair, count, since, until from members_v1.past") {
            found.append("m \(try Self.member(row)) \(try row.int(4)) \(try row.int(5))")
        }
        for row in try await query("select member, badge, since from badges_v1.current") {
            found.append("b \(Badge.Key(member: try row.uuid(0), badge: try row.uuid(1))) \(try row.int(2))")
        }
        for row in try await query("select member, badge, since, until from badges_v1.past") {
            found.append(
                "b \(Badge.Key(member: try row.uuid(0), badge: try row.uuid(1))) \(try row.int(2)) \(try row.int(3))")
        }
        return expected.sorted().difference(from: found.sorted()).map { "\($0)" }
    }

    private static func member(_ row: Row) throws -> Member {
        Member(id: try row.uuid(0), name: try row.text(1), chair: try row.bool(2), count: try row.int(3))
    }
}

/// Collects what concurrent clients were told.
final class Tally<Value: Sendable>: Sendable {
    private let list = Mutex<[Value]>([])
    func add(_ value: Value) { list.withLock { $0.append(value) } }
    var values: [Value] { list.withLock { $0 } }
}

extension CommandProcessor.Options {
    init(cacheBudget: Int) {
        self.init()
        self.cacheBudget = cacheBudget
    }
}
