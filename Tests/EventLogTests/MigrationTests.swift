import EmbeddedPostgres
import Foundation
import Postgres
import TestSupport
import Testing

@testable import EventLog
@testable import Migrations

@Suite struct MigrationTests {
    private func apply(
        _ migrations: [SchemaObject] = Migrations.all, _ functions: [SchemaObject] = Migrations.functions,
        to database: TestDatabase
    ) async throws {
        let session = try await database.session()
        do {
            try await Migrations.apply(migrations, functions, session, quiet)
            await session.close()
        } catch {
            await session.close()
            throw error
        }
    }

    /// The names of the SQL files in a folder of the migrations, without their ending.
    private func files(_ folder: String = "") throws -> Set<String> {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let files = try FileManager.default.contentsOfDirectory(
            at: root.appending(path: "migrations/\(folder)"), includingPropertiesForKeys: nil)
        return Set(files.filter { $0.pathExtension == "sql" }.map { $0.deletingPathExtension().lastPathComponent })
    }

    @Test func `The lists in code are what the folders hold`() throws {
        #expect(try files() == Set(Migrations.all.map(\.name)))
        #expect(try files("functions") == Set(Migrations.functions.map(\.name)))
        #expect(Migrations.all.map(\.name) == Migrations.all.map(\.name).sorted())
        for function in Migrations.functions {
            #expect(function.sql.contains("create or replace function log.\(function.name)("))
        }
    }

    @Test func `A function whose text has changed is applied at the next start, and only that one`() async throws {
        let database = try await TestDatabase.withLog()
        // The transaction in which each was applied.
        let versions = "select name || ' ' || xmin from migrations.functions order by name collate \"C\""
        let before = try await database.query(versions).map { try $0.text(0) }
        #expect(before.count == Migrations.functions.count)
        let changed = SchemaObject(
            "position_at",
            sql: """
                create or replace function log.position_at(instant timestamptz) returns bigint language sql stable as $$
                    select 42::bigint
                $$
                """)
        try await apply(Migrations.all, Migrations.functions.dropLast() + [changed], to: database)
        #expect(try await database.number("select log.position_at(now())") == 42)
        let after = try await database.query(versions).map { try $0.text(0) }
        #expect(zip(before, after).filter { $0 != $1 }.map { $1.prefix { $0 != " " } } == ["position_at"])
        // Back to the text of before, as a node of the version before does.
        try await apply(to: database)
        #expect(try await database.number("select log.position_at(now())") == 0)
    }

    @Test func `A function that this binary does not have stays, and is no error`() async throws {
        let database = try await TestDatabase.withLog()
        let other = SchemaObject(
            "other", sql: "create or replace function log.other() returns bigint language sql as 'select 7::bigint'")
        try await apply(Migrations.all, Migrations.functions + [other], to: database)
        try await apply(to: database)
        #expect(try await database.number("select log.other()") == 7)
    }

    @Test func `A function that cannot be applied leaves no record, and the lock free`() async throws {
        let database = try await TestDatabase.withLog()
        let broken = SchemaObject(
            "broken", sql: "create or replace function log.broken() returns bigint language sql as ''")
        await #expect(throws: PostgresError.self) {
            try await apply(Migrations.all, Migrations.functions + [broken], to: database)
        }
        #expect(try await database.number("select count(*) from migrations.functions where name = 'broken'") == 0)
        try await apply(to: database)
    }

    /// What applying migrations is refused with.
    private func refusal(_ migrations: [SchemaObject], of database: TestDatabase) async throws -> String? {
        await #expect(throws: MigrationError.self) { try await apply(migrations, to: database) }?.description
    }

    @Test func `A database of a development version is refused, with the advice to start with an empty one`()
        async throws
    {
        let database = try await TestDatabase.make()
        // As such versions had them: another text of the first, and a second that no version has any longer.
        let tables = try #require(Migrations.all.first)
        let earlier = [
            SchemaObject(tables.name, sql: tables.sql.replacing("restoring bigint", with: "restored bigint")),
            SchemaObject("0002_restoring", sql: "alter table log.control rename restored to restoring"),
        ]
        try await apply(earlier + Migrations.all.dropFirst(), to: database)
        let applied = "select name || ' ' || checksum from migrations.applied order by 1"
        let before = try await database.query(applied).map { try $0.text(0) }
        let advice = try await refusal(Migrations.all, of: database)
        #expect(advice?.contains("made by a development version, which had another migration 0001_log") == true)
        #expect(advice?.contains("start with an empty database") == true)
        #expect(try await database.query(applied).map { try $0.text(0) } == before)
        // The refusal leaves the lock free, and the version that made the database goes on with it.
        try await apply(earlier + Migrations.all.dropFirst(), to: database)
    }

    @Test func `A migration that only the database knows is refused, with the advice to run a newer version`()
        async throws
    {
        let database = try await TestDatabase.withLog()
        let later = SchemaObject("0099_later", sql: "create table log.later ()")
        try await apply(Migrations.all + [later], to: database)
        #expect(
            try await refusal(Migrations.all, of: database)
                == "the database has migration 0099_later, which this binary does not know: run a newer version")
    }

    @Test(arguments: ["select log.lock()", "select log.append(0, null, 1\(String(repeating: ", '{}'", count: 21)))"])
    func `The functions of the log take the lock that the code names`(call: String) async throws {
        let database = try await TestDatabase.withLog()
        let session = try await database.session()
        _ = try await session.send([("begin", []), (Statement(call), [])])
        let locks = try await session.query(
            """
            select classid::bigint, objid::bigint from pg_locks
            where locktype = 'advisory' and pid = pg_backend_pid() and granted
            """)
        await session.close()
        #expect(locks.count == 1)
        #expect(try locks[0].int(0) == Int64(AdvisoryLock.firstKey))
        #expect(try locks[0].int(1) == Int64(AdvisoryLock.append.rawValue))
    }
}
