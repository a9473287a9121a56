import TestSupport
import Testing

@testable import Postgres

@Suite struct PoolTests {
    @Test func `A thousand concurrent reads get their own answers`() async throws {
        try await withPool(configuration()) { pool in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<1000 {
                    group.addTask { try await pool.read("SELECT $1::int8", [.int8(Int64(number))])[0].int(0) == number }
                }
                for try await isRight in group { #expect(isRight) }
            }
            let open = try await pool.read("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tests'")
            #expect(open.count == 1)
        }
    }

    @Test func `A failed read does not affect the others`() async throws {
        try await withPool(configuration(), connections: 1) { pool in
            try await withThrowingTaskGroup(of: String?.self) { group in
                for number in 0..<300 {
                    group.addTask {
                        do {
                            let row = try await pool.read("SELECT 1 / ($1::int8 % 3)", [.int8(Int64(number))])[0]
                            return try row.int(0) > -1 && number % 3 != 0 ? nil : "no error for \(number)"
                        } catch {
                            return number % 3 == 0 && (error as? PostgresError)?.sqlState == "22012"
                                ? nil : "\(number): \(error)"
                        }
                    }
                }
                for try await complaint in group { #expect(complaint == nil) }
            }
        }
    }

    @Test func `A statement that cannot be prepared fails for each caller`() async throws {
        try await withPool(configuration(), connections: 1) { pool in
            try await withThrowingTaskGroup(of: PostgresError?.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        do throws(PostgresError) {
                            _ = try await pool.read("SELECT nonsense FROM nowhere")
                            return nil
                        } catch { return error }
                    }
                }
                for try await error in group { #expect(error?.sqlState == "42P01") }
            }
            let answer = try await pool.read("SELECT 1::int4")[0].int(0)
            #expect(answer == 1)
        }
    }

    @Test func `A statement is prepared once`() async throws {
        try await withPool(configuration(), connections: 1) { pool in
            let probe = Statement("SELECT count(*) FROM pg_prepared_statements WHERE statement = $1")
            let sql = "SELECT $1::int8 + 17"
            for number in 0..<20 { _ = try await pool.read(Statement(sql), [.int8(Int64(number))]) }
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<100 { group.addTask { _ = try? await pool.read(Statement(sql), [.int8(1)]) } }
            }
            #expect(try await pool.read(probe, [.text(sql)])[0].int(0) == 1)
        }
    }

    @Test func `A changed table is read with a new plan`() async throws {
        try await withSession(configuration()) { session in
            try await session.execute(script: "CREATE TABLE changing (a int8); INSERT INTO changing VALUES (1)")
            try await withPool(configuration(), connections: 1) { pool in
                let all: Statement = "SELECT * FROM changing"
                #expect(try await pool.read(all).columns == 1)
                try await session.execute(script: "ALTER TABLE changing ADD b text")
                #expect(try await pool.read(all).columns == 2)
                let names = try await pool.read(
                    "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%changing'")
                #expect(try names[0].int(0) == 1)
            }
        }
    }

    @Test func `Role and settings are applied`() async throws {
        try await withSession(configuration()) { try await $0.execute(script: "CREATE ROLE reader") }
        try await withPool(configuration(role: "reader", settings: ["search_path": "a, b"])) { pool in
            let row = try await pool.read(
                "SELECT current_user::text, current_setting('search_path'), current_setting('client_encoding')")[0]
            #expect(try row.text(0) == "reader")
            #expect(try row.text(1) == "a, b")
            #expect(try row.text(2) == "UTF8")
        }
    }

    @Test func `A pool that has ended refuses reads`() async throws {
        let pool = PostgresPool(try await configuration(), logger: quiet)
        let run = Task { try await pool.run() }
        let answer = try await pool.read("SELECT 1::int4")[0].int(0)
        #expect(answer == 1)
        run.cancel()
        try await run.value
        await #expect(throws: PostgresError.closed) { try await pool.read("SELECT 1::int4") }
    }

    @Test func `Copy is refused`() async throws {
        try await withPool(configuration()) { pool in
            await #expect(throws: PostgresError.self) { try await pool.read("COPY pg_class TO STDOUT") }
            let answer = try await pool.read("SELECT 1::int4")[0].int(0)
            #expect(answer == 1)
        }
    }

    @Test func `A password is never printed`() async throws {
        let configuration = ConnectionConfiguration(
            url: "postgres://someone:hunter2@localhost:1/nothing", applicationName: "tests")
        #expect(!"\(configuration)".contains("hunter2"))
        #expect(!String(reflecting: configuration).contains("hunter2"))
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!dumped.contains("hunter2"))
        let error = await #expect(throws: PostgresError.self) {
            try await PostgresSession.connect(configuration, logger: quiet)
        }
        #expect(!"\(String(describing: error))".contains("hunter2"))
        if case .unavailable? = error {} else { Issue.record("\(String(describing: error))") }
    }
}
