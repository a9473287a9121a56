import Testing

@testable import Postgres

@Suite struct SlowTests {
    @Test func `A slow read holds up no other`() async throws {
        let gate = try await Gate()
        try await withPool(configuration(), connections: 1) { pool in
            let slow = Task { try await pool.read(Statement("SELECT \(gate.wait)")) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let echo = try await pool.read("SELECT $1::int8", [.int8(Int64(number))])[0].int(0)
                        #expect(echo == number)
                    }
                }
                try await group.waitForAll()
            }
            try await gate.open()
            let answer = try await slow.value[0].text(0)
            #expect(answer == "")
        }
    }

    @Test func `Slow reads at the limit delay others, and fail none`() async throws {
        try await withPool(configuration(), connections: 1, maximum: 2) { pool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<56 {
                    let statement: Statement =
                        number < 6 ? "SELECT $1::int8, pg_sleep(0.1)::text" : "SELECT $1::int8, ''"
                    group.addTask {
                        let row = try await pool.read(statement, [.int8(Int64(number))])[0]
                        #expect(try row.int(0) == number)
                        #expect(try row.text(1) == "")
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `At the deadline the caller is answered and the statement cancelled`() async throws {
        try await withPool(configuration(), connections: 1) { pool in
            await #expect(throws: PostgresError.deadlineExceeded) {
                try await pool.read("SELECT pg_sleep(600)::text /* overdue */", deadline: .milliseconds(100))
            }
            let answer = try await pool.read("SELECT 1::int4")[0].int(0)
            #expect(answer == 1)
            // The statement is cancelled, not left running.
            let probe: Statement = """
                SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%overdue%'
                AND pid <> pg_backend_pid()
                """
            var looks = 0
            while try await pool.read(probe)[0].int(0) > 0, looks < 1000 {
                looks += 1
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(looks < 1000)
        }
    }
}
