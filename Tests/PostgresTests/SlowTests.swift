import Testing

@testable import Postgres

@Suite struct SlowTests {
    @Test func aSlowReadHoldsUpNobody() async throws {
        try await withPool(configuration(), connections: 1) { pool in
            let order = Locked<[String]>([])
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    _ = try await pool.read("SELECT pg_sleep(1)::text")
                    order.withLock { $0.append("slow") }
                }
                try await Task.sleep(for: .milliseconds(2))
                for number in 0..<200 {
                    group.addTask {
                        let echo = try await pool.read("SELECT $1::int8", [.int8(Int64(number))])[0].int(0)
                        #expect(echo == number)
                        order.withLock { $0.append("fast") }
                    }
                }
                try await group.waitForAll()
            }
            #expect(order.withLock { $0.count } == 201)
            #expect(order.withLock { $0.last } == "slow")
        }
    }

    @Test func slowReadsAtTheLimitOnlyDelay() async throws {
        try await withPool(configuration(), connections: 1, maximum: 2) { pool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 { group.addTask { _ = try await pool.read("SELECT pg_sleep(0.1)::text") } }
                for _ in 0..<50 { group.addTask { _ = try await pool.read("SELECT 1::int4") } }
                try await group.waitForAll()
            }
        }
    }

    @Test func theDeadlineAnswersAndTheStatementIsCancelled() async throws {
        try await withPool(configuration(), connections: 1) { pool in
            await #expect(throws: PostgresError.deadlineExceeded) {
                try await pool.read("SELECT pg_sleep(600)::text /* overdue */", deadline: .milliseconds(100))
            }
            let answer = try await pool.read("SELECT 1::int4")[0].int(0)
            #expect(answer == 1)
            // Cancelled, and not left to run on.
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
