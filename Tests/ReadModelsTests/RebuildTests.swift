import AccountsProjection
import DirectoryEvents
import EmployeeNamesProjection
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import ReadModels

@Suite struct RebuildTests {
    /// However the log is divided, and however little is cached, live and in a rebuild the rows are the same.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `The rows are the same in whatever ranges they are rebuilt`(seed: UInt64) async throws {
        let database = try await TestDatabase.prepared()
        var writer = try await Writer(database)
        var source = RandomEvents(seed: seed)
        writer.cacheBudget = [0, 3000, 1 << 20][Int(seed) - 1]
        while writer.head < 600 {
            try await writer.append(source.events(Int.random(in: 1...40, using: &source.random)))
        }
        let live = try await database.everything()
        #expect(live.count > 600)
        for (budget, range) in [
            (0, 7), (1 << 30, 100_000), (2000, 1), (5000, Int.random(in: 2...300, using: &source.random)),
        ] {
            let report = try await database.rebuild(cacheBudget: budget, rangeSize: range)
            #expect(report.events == Int(writer.head) && report.head == writer.head)
            #expect(report.mismatches == 0)
            #expect(
                report.tables.count == 2 * directoryModels.models.count
                    && report.tables.allSatisfy { $0.differing == 0 })
            #expect(report.tables.reduce(0) { $0 + $1.rows } == live.count)
            #expect(try await database.everything() == live)
        }
        #expect(try await database.schemas() == directoryModels.models.map(\.schema).sorted())
    }

    @Test func `Tables are rebuilt and swapped while a writer keeps writing`() async throws {
        let database = try await TestDatabase.prepared()
        let isDone = Flag()
        try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                var writer = try await Writer(database)
                var source = RandomEvents(seed: 7)
                while !isDone.isSet { try await writer.append(source.events(5)) }
                return Int(writer.head)
            }
            // A reader of two tables: it must find them at every moment, and the same moment in both.
            group.addTask {
                let session = try await database.session()
                let join = Statement(
                    """
                    select count(*) from \(Employees.schemaName).current e
                    left join \(Accounts.schemaName).current a on a.id = e.account
                    """)
                while !isDone.isSet { _ = try await session.query(join) }
                return 0
            }
            for round in 0..<4 {
                try await Task.sleep(for: .milliseconds(100))
                let report = try await database.rebuild(rangeSize: [50, 1000][round % 2])
                #expect(report.mismatches == 0)
            }
            isDone.set()
            for try await _ in group {}
        }
        let before = try await database.everything()
        #expect(try await database.rebuild().mismatches == 0)
        #expect(try await database.everything() == before)
        #expect(try await database.number("select generation from log.control") == 7)
    }

    @Test func `An interrupted rebuild changes nothing and can be repeated`() async throws {
        let database = try await TestDatabase.prepared()
        var writer = try await Writer(database)
        var source = RandomEvents(seed: 9)
        for _ in 0..<10 { try await writer.append(source.events(50)) }
        let live = try await database.everything()
        // Cancelled by its caller.
        let cancelled = Task {
            try await database.rebuild(rangeSize: 20) { if $0.done >= 200 { withUnsafeCurrentTask { $0?.cancel() } } }
        }
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        #expect(try await database.schemas().contains("\(Employees.schemaName)_rebuild"))
        #expect(try await database.everything() == live)
        // Its connections killed.
        for delay in [0, 10, 30, 60, 100] {
            async let rebuilt = database.rebuild(rangeSize: 5)
            try await Task.sleep(for: .milliseconds(delay))
            try await database.query(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'rebuild' and datname = current_database()"
            )
            _ = try? await rebuilt
            #expect(try await database.everything() == live)
        }
        let report = try await database.rebuild()
        #expect(report.mismatches == 0)
        #expect(try await database.everything() == live)
        #expect(try await database.schemas() == directoryModels.models.map(\.schema).sorted())
    }

    @Test func `Of two concurrent rebuilds one waits`() async throws {
        let database = try await TestDatabase.prepared()
        var writer = try await Writer(database)
        var source = RandomEvents(seed: 11)
        for _ in 0..<10 { try await writer.append(source.events(50)) }
        let live = try await database.everything()
        async let one = database.rebuild(rangeSize: 10)
        async let two = database.rebuild(rangeSize: 30)
        #expect(try await one.mismatches + two.mismatches == 0)
        #expect(try await database.everything() == live)
        #expect(try await database.schemas() == directoryModels.models.map(\.schema).sorted())
    }

    @Test func `A row that differs is found and the old tables are kept`() async throws {
        let database = try await TestDatabase.prepared()
        var writer = try await Writer(database)
        var source = RandomEvents(seed: 13)
        try await writer.append(source.events(200))
        try await database.query(
            """
            update \(Accounts.schemaName).current set json = json::text::jsonb::json
            where id = (select min(id::text)::uuid from \(Accounts.schemaName).current)
            """)
        let words = "\(EmployeeNames.schemaName).current"
        try await database.query("delete from \(words) where ctid = (select min(ctid) from \(words))")
        let report = try await database.rebuild()
        let differing = report.tables.filter { $0.differing != 0 }
        #expect(differing.map(\.name) == ["accounts.current", "employee_names.current"])
        #expect(differing.map(\.differing) == [2, 1])
        #expect(
            try await database.schemas().filter { $0.hasSuffix("_old") } == [
                "\(Accounts.schemaName)_old", "\(EmployeeNames.schemaName)_old",
            ])
        #expect(try await database.rebuild().mismatches == 0)
        #expect(try await database.schemas() == directoryModels.models.map(\.schema).sorted())
    }

    @Test func `Only the named read models are rebuilt`() async throws {
        let database = try await TestDatabase.prepared()
        var writer = try await Writer(database)
        var source = RandomEvents(seed: 15)
        try await writer.append(source.events(100))
        let rebuild = Rebuild(readModels: directoryModels, configuration: database.configuration, logger: quiet)
        let seen = Mutex<[RebuildProgress]>([])
        let report = try await rebuild.run(projections: ["grants"], rangeSize: 30) { step in
            seen.withLock { $0.append(step) }
        }
        #expect(report.tables.map(\.name) == ["grants.current", "grants.past"])
        #expect(seen.withLock { $0.map(\.done) } == [30, 60, 90, 100])
    }
}
