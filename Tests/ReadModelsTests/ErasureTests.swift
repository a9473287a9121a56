import AccountsProjection
import Directory
import DirectoryEvents
import EmployeesProjection
import EventLog
import EventSourcing
import FoundationEssentials
import Postgres
import TestSupport
import Testing

@testable import ReadModels

/// What was erased is projected again from what is left, live and in a rebuild alike.
@Suite struct ErasureTests {
    private static let acme = UUID(high: 7, low: 1), ada = UUID(high: 7, low: 2), boss = UUID(high: 7, low: 3)

    /// Ada, with all that can be said of an employee, and somebody else.
    private static let history: [DirectoryEvent] = [
        .organization(acme, .created(name: "Acme", alias: "acme")),
        happened(.created(name: "Ada Byron", email: "ada@x.org", role: "Countess", type: "EMPLOYEE", account: nil)),
        .employee(
            boss, organization: acme,
            .created(name: "Bo Ss", email: "bo@x.org", role: nil, type: "EMPLOYEE", account: nil)),
        happened(.managerAssigned(boss, type: "DIRECT")), happened(.renamed(Change(from: "Ada Byron", to: "Ada King"))),
        happened(.emailChanged(Change(from: "ada@x.org", to: "king@x.org"))),
        .employee(ada, organization: acme, .profileChanged([ProfileChange("bio", from: nil, to: "Poetical science")])),
        .employee(
            ada, organization: acme,
            .mappingSet(
                app: UUID(high: 7, low: 6), mapping: UUID(high: 7, low: 4), namespace: "chat",
                [ValueChange("mappedId", from: nil, to: "U-lovelace")], secrets: SecretNames(set: ["pin-name"]))),
        .employee(
            ada, organization: acme,
            .preferencesSet(UUID(high: 7, low: 5), namespace: "ui", values: Change(from: nil, to: ["theme": "lilac"]))),
        .employee(ada, organization: acme, .deactivated), .employee(ada, organization: acme, .activated),
        happened(.managerRemoved(boss, type: "DIRECT")),
    ]
    private static let erased = DirectoryEvent.employee(ada, organization: acme, .erased(reason: "R"))

    private static func happened(_ event: EmployeeEvent) -> DirectoryEvent {
        .employee(ada, organization: acme, event)
    }

    private static let words = [
        "Ada", "ada", "Byron", "King", "king", "Countess", "Poetical", "lovelace", "lilac", "chat", "pin-name",
    ]

    private func traces(_ database: TestDatabase) async throws -> [String] {
        let all = try await database.everything() + database.texts("select data, sealed from log.events")
        return all.filter { row in Self.words.contains { row.contains($0) } }
    }

    @Test func `Of an erased employee the rows of every day are left, without what was said of it`() async throws {
        let database = try await TestDatabase.prepared()
        var writer = try await Writer(database)
        try await writer.append(Self.history)
        let before = try await traces(database)
        #expect(before.count > 20, "\(before)")
        try await writer.append([Self.erased])
        #expect(try await traces(database) == [])
        let days = try await database.query(
            """
            select json::text, since from \(Employees.schemaName).past where id = $1
            union all select json::text, since from \(Employees.schemaName).current where id = $1 order by since
            """, [.uuid(Self.ada)])
        #expect(try days.map { try $0.int(1) } == [2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])
        for day in days { #expect(try day.text(0).contains(#""name":"[erased]""#)) }
        #expect(try days[4].text(0).contains(#""managerId":"\#(Self.boss.text)""#))
        #expect(try days[7].text(0).contains(#""current":"INACTIVE""#))
        #expect(try days[10].text(0).contains(#""current":"ERASED""#))
        #expect(try await database.rebuild().mismatches == 0)
        #expect(try await traces(database) == [])
    }

    @Test(arguments: [41, 42, 43] as [UInt64])
    func `After erasures a rebuild makes what is served, in whatever ranges`(seed: UInt64) async throws {
        let database = try await TestDatabase.prepared()
        var writer = try await Writer(database)
        var source = RandomEvents(seed: seed, erases: true)
        writer.cacheBudget = [0, 3000, 1 << 20][Int(seed) - 41]
        while writer.head < 600 {
            try await writer.append(source.events(Int.random(in: 1...40, using: &source.random)))
        }
        let live = try await database.everything()
        #expect(live.count > 400)
        #expect(try await database.number("select count(*) from log.erasures") > 10)
        for (budget, range) in [(0, 7), (1 << 30, 100_000), (5000, Int.random(in: 2...300, using: &source.random))] {
            #expect(try await database.rebuild(cacheBudget: budget, rangeSize: range).mismatches == 0)
            #expect(try await database.everything() == live)
        }
    }

    /// The rebuild has read the whole log, and waits for the lock under which it would swap, when Ada is erased.
    @Test(arguments: [1, 3, 1000])
    func `A rebuild that began before an erasure makes what is left`(range: Int) async throws {
        let database = try await TestDatabase.prepared()
        var writer = try await Writer(database)
        try await writer.append(Self.history)
        _ = try await writer.session.send([(Appending.begin, []), (Appending.lock, [])])
        async let rebuilt = database.rebuild(rangeSize: range)
        while try await database.number(
            """
            select count(*) from pg_locks l join pg_stat_activity a using (pid)
            where l.locktype = 'advisory' and not l.granted and a.datname = current_database()
            """) == 0
        { try await Task.sleep(for: .milliseconds(20)) }
        #expect(try await database.texts("select json from \(Employees.schemaName)_rebuild.past").count > 5)
        try await writer.append([Self.erased])
        let report = try await rebuilt
        #expect(report.mismatches == 0)
        #expect(report.head == Position(Self.history.count + 1))
        #expect(try await traces(database) == [])
        #expect(try await database.schemas() == directoryModels.models.map(\.schema).sorted())
    }

    @Test func `Erasures while read models are rebuilt and verified are no mismatch`() async throws {
        let database = try await TestDatabase.prepared()
        let isDone = Flag()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var writer = try await Writer(database)
                var source = RandomEvents(seed: 47, erases: true)
                while !isDone.isSet { try await writer.append(source.events(3)) }
            }
            for range in [20, 300] {
                try await Task.sleep(for: .milliseconds(100))
                #expect(try await database.rebuild(rangeSize: range).mismatches == 0)
                let verified = try await Rebuild(
                    readModels: directoryModels, configuration: database.configuration, logger: quiet
                ).verify(rangeSize: range)
                #expect(verified.mismatches == 0, "\(verified.tables.filter { ($0.differing ?? 0) > 0 })")
            }
            isDone.set()
            try await group.waitForAll()
        }
        let live = try await database.everything()
        #expect(try await database.rebuild().mismatches == 0)
        #expect(try await database.everything() == live)
    }

    // MARK: What projections declare

    /// A history, and the same after all that can be erased has been.
    private static func histories() throws -> [(whole: DirectoryEvent, left: DirectoryEvent)] {
        var source = RandomEvents(seed: 53)
        return try (history + source.events(2000)).map { event in
            var stored = event.encoded
            guard event.entity.kind.canBeErased, stored.sealed != nil else { return (event, event) }
            stored.sealed = nil
            stored.isErased = true
            return (event, try DirectoryEvent(decoding: stored))
        }
    }

    @Test(arguments: projections.indices)
    func `A projection's rows that hold something erasable name their stream, and no other changes them`(index: Int)
        throws
    {
        let histories = try Self.histories()
        func check<P: Projection<DirectoryEvent>>(_ projection: P.Type) throws {
            guard let column = P.erasedBy else {
                // Nothing in its rows depends on what can be erased.
                let (whole, left) = (rows(P.self, histories.map(\.whole)), rows(P.self, histories.map(\.left)))
                #expect(whole == left)
                return
            }
            let place = try #require((P.columns.key + P.columns.row).firstIndex { $0.name == column })
            let view = View(complete: true)
            for (index, event) in histories.map(\.whole).enumerated() {
                let keys = P.keys(of: event)
                let before = try keys.map { try view.row(P.self, $0) }
                P.fold(Self.event(event, at: index), in: view)
                for (key, before) in zip(keys, before) {
                    guard let row = try view.row(P.self, key) ?? before else { continue }
                    #expect((P.values(of: key) + P.values(of: row))[place] == .uuid(event.stream), "\(event)")
                }
            }
        }
        try check(projections[index])
    }

    private static func event(_ payload: DirectoryEvent, at index: Int) -> Event<DirectoryEvent> {
        Event(
            position: Position(index + 1), id: UUID(high: 0, low: UInt64(index)), payload: payload, author: .system,
            recordedAt: Instant(microseconds: Int64(index + 1)))
    }

    /// All versions of all rows, as columns.
    private func rows<P: Projection<DirectoryEvent>>(_: P.Type, _ payloads: [DirectoryEvent]) -> [String] {
        let view = View(complete: true)
        for (index, payload) in payloads.enumerated() { P.fold(Self.event(payload, at: index), in: view) }
        let changes = view.table(P.self).takeChanges()
        let past = changes.past.map {
            "\(P.values(of: $0.key)) \(P.values(of: $0.version.row)) \($0.version.since) \($0.until)"
        }
        let current = changes.latest.compactMap { key, version in
            version.map { "\(P.values(of: key)) \(P.values(of: $0.row)) \($0.since)" }
        }
        return past + current.sorted()
    }
}
