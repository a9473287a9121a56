import AccountsProjection
import Directory
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GrantsProjection
import Postgres
import TestSupport
import Testing

@testable import ReadModels

/// Grants in a later version, with a column that the first does not have.
enum NextGrants: Projection {
    static let name = "grants"
    static let version = 2
    static let schema = Grants.schema.replacing(
        "json json not null,", with: "json json not null,\n    word text not null,")
    static let columns: (key: [Column], row: [Column]) = (
        Grants.columns.key, Grants.columns.row + [Column("word", .text)]
    )
    static let erasedBy: String? = nil
    static let topics = Grants.topics
    static func keys(of payload: DirectoryEvent) -> [Grant.Key] { Grants.keys(of: payload) }
    static func apply(_ event: Event<DirectoryEvent>, to row: inout Grant?, at key: Grant.Key) {
        Grants.apply(event, to: &row, at: key)
    }
    static func values(of key: Grant.Key) -> [ColumnValue] { Grants.values(of: key) }
    static func values(of row: Grant) -> [ColumnValue] { Grants.values(of: row) + [.text(row.key.role.lowercased())] }
    static func key(from values: [ColumnValue]) throws(UnreadableRow) -> Grant.Key { try Grants.key(from: values) }
    static func row(at key: Grant.Key, from values: [ColumnValue]) throws(UnreadableRow) -> Grant {
        try Grants.row(at: key, from: Array(values.dropLast()))
    }
}

@Suite struct SetupTests {
    let models = ReadModels<DirectoryEvent>([Accounts.self, NextGrants.self])

    func run(_ database: TestDatabase, _ models: ReadModels<DirectoryEvent>) async throws -> String? {
        try await DatabaseSetup.run(connection: database.url, readModels: models, logger: quiet)
    }

    @Test func `Nodes that start together make the tables once`() async throws {
        let database = try await TestDatabase.make()
        try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<4 { group.addTask { try await run(database, directoryModels) } }
            for try await role in group { #expect(role == "directory_service") }
        }
        #expect(try await database.number("select count(*) from log.projections") == Int64(Directory.projections.count))
        #expect(try await database.schemas() == directoryModels.models.map(\.schema).sorted())
        let indexes = try await database.number(
            "select count(*) from pg_indexes where schemaname = '\(Employees.schemaName)'")
        let declared = Employees.schema.split(separator: "\n").count { $0.hasPrefix("create index") }
        // The primary key, and the one by `until` that all have.
        #expect(indexes == Int64(declared) + 2)
    }

    @Test func `A new version is built from the log, and the old one is dropped`() async throws {
        let database = try await TestDatabase.prepared()
        var writer = try await Writer(database)
        var source = RandomEvents(seed: 21)
        try await writer.append(source.events(300))
        let old = try await database.query("select json::text from grants_v1.current order by 1")
        let five = ReadModels<DirectoryEvent>(
            directoryModels.models.filter { $0.name != "grants" } + models.models.filter { $0.name == "grants" })
        _ = try await run(database, five)
        let new = try await database.query("select json::text, word from grants_v2.current order by 1")
        let newJSON = try new.indices.map { try new[$0].text(0) }, oldJSON = try old.indices.map { try old[$0].text(0) }
        #expect(newJSON == oldJSON && !oldJSON.isEmpty)
        #expect(try await !database.schemas().contains { $0.hasPrefix("grants_v1") })
        #expect(try await database.number("select version::bigint from log.projections where name = 'grants'") == 2)
        #expect(try await database.number("select generation from log.control") == 3)
        // The role may use what the rebuild has made.
        try await database.query("set role directory_service")
        let session = try await PostgresSession.connect(
            ConnectionConfiguration(url: database.url, applicationName: "t", role: "directory_service"), logger: quiet)
        _ = try await session.query("delete from grants_v2.past")
        await session.close()
        // An older binary refuses to start.
        await #expect(throws: UnknownProjection.self) { _ = try await run(database, directoryModels) }
    }

    @Test func `A new version of an empty log is made at once`() async throws {
        let database = try await TestDatabase.make()
        _ = try await run(database, ReadModels([Accounts.self, Grants.self]))
        _ = try await run(database, models)
        #expect(try await database.schemas() == [Accounts.schemaName, "grants_v2"])
        await #expect(throws: UnknownProjection.self) { _ = try await run(database, ReadModels([Accounts.self])) }
    }

    @Test func `The service may append and nothing else`() async throws {
        let database = try await TestDatabase.prepared()
        var writer = try await Writer(database)
        var source = RandomEvents(seed: 23)
        try await writer.append(source.events(10))
        let session = try await PostgresSession.connect(
            ConnectionConfiguration(url: database.url, applicationName: "t", role: "directory_service"), logger: quiet)
        for sql in [
            "update log.events set type = ''", "delete from log.events", "truncate log.events", "delete from log.tiles",
            "update log.control set generation = 0", "delete from log.projections", "drop table log.events",
            "alter table log.events disable trigger all", "create table \(Accounts.schemaName).x (x int)",
            "drop schema log cascade",
        ] {
            let error = await #expect(throws: PostgresError.self) { _ = try await session.query(Statement(sql)) }
            #expect(error?.sqlState == "42501", "\(sql)")
        }
        for sql in [
            "select * from log.events", "select * from log.control", "delete from log.receipts",
            "select log.position_at(now())",
            "update \(Accounts.schemaName).current set status = 'X'", "delete from \(Employees.schemaName).past",
            "listen log",
        ] { _ = try await session.query(Statement(sql)) }
        await session.close()
    }

    @Test func `A role that may not create roles gives up its rights`() async throws {
        let owner = "plain_" + UUID().uuidString.lowercased().prefix(8)
        let database = try await TestDatabase.make()
        try await database.query("create role \(owner)")
        let name = try await database.query("select current_database()::text")[0].text(0)
        try await database.query("grant create on database \(name) to \(owner)")
        let plain = TestDatabase(url: database.url + " options='-c role=\(owner)'")
        #expect(try await run(plain, directoryModels) == nil)
        #expect(try await run(plain, directoryModels) == nil)
        for sql in ["update log.events set type = ''", "delete from log.tiles", "truncate log.events"] {
            let error = await #expect(throws: PostgresError.self) { try await plain.query(sql) }
            #expect(error?.sqlState == "42501", "\(sql)")
        }
        var writer = try await Writer(plain)
        var source = RandomEvents(seed: 25)
        try await writer.append(source.events(300))
        #expect(try await plain.rebuild().mismatches == 0)
    }
}
