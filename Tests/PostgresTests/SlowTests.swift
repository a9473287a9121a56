import TestSupport
import Testing

@testable import Postgres

@Suite struct SlowTests {
    @Test func `A slow read holds up no other`() async throws {
        let gate = try await Gate()
        try await withPool(configuration(), connections: 1, maximum: 2) { pool in
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

    @Test func `Slow reads on all connections only delay the others`() async throws {
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
            try await expectNone(running: "overdue", pool)
        }
    }

    @Test func `A pool's own deadline holds where a read has none`() async throws {
        let pool = PostgresPool(
            try await configuration(), connections: 1, maximumConnections: 1, deadline: .milliseconds(100),
            logger: quiet)
        try await running(pool) { pool in
            await #expect(throws: PostgresError.deadlineExceeded) { try await pool.read("SELECT pg_sleep(5)::text") }
            let rows = try await pool.read("SELECT pg_sleep(0.3)::text", deadline: .seconds(600))
            #expect(rows.count == 1)
        }
    }

    @Test func `A statement whose task was cancelled is cancelled, and the pool goes on`() async throws {
        try await withPool(configuration(), connections: 1, maximum: 1) { pool in
            let sleeping = Task { try await pool.read("SELECT pg_sleep(600)::text /* left */") }
            try await withSession(configuration()) { session in
                try await until { try await session.query(runningCount, [.text("left")])[0].int(0) == 1 }
            }
            let waiting = Task { try await pool.read("SELECT 2::int4") }
            sleeping.cancel()
            await #expect(throws: PostgresError.cancelled) { try await sleeping.value }
            // The only connection is free again, for reads that wait and for new ones.
            #expect(try await waiting.value[0].int(0) == 2)
            let answer = try await pool.read("SELECT 1::int4")[0].int(0)
            #expect(answer == 1)
            try await expectNone(running: "left", pool)
        }
    }

    @Test func `A task that was cancelled before it reads runs nothing`() async throws {
        try await withPool(configuration()) { pool in
            try await withSession(configuration()) { session in
                try await session.execute(script: "CREATE SEQUENCE never")
            }
            for _ in 0..<20 {
                let read = Task {
                    withUnsafeCurrentTask { $0?.cancel() }
                    return try await pool.read("SELECT nextval('never')")
                }
                await #expect(throws: PostgresError.cancelled) { try await read.value }
            }
            let isCalled = try await pool.read("SELECT is_called FROM never")[0].bool(0)
            #expect(!isCalled)
        }
    }

    @Test func `Reads that are cancelled at any moment leave nothing behind`() async throws {
        try await withPool(configuration(), connections: 1, maximum: 2) { pool in
            let echo = Statement(pointRead: "SELECT $1::int8", parameters: [.int8])
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<400 {
                    group.addTask {
                        let read = Task { try await pool.read(echo, [.int8(Int64(number))])[0].int(0) }
                        for _ in 0..<(number % 40) { await Task.yield() }
                        if number % 2 == 0 { read.cancel() }
                        switch await read.result {
                        case .success(let value): #expect(value == number)
                        case .failure(let error):
                            #expect(error as? PostgresError == .cancelled)
                            #expect(number % 2 == 0)
                        }
                    }
                }
            }
            let answer = try await pool.read(echo, [.int8(7)])[0].int(0)
            #expect(answer == 7)
        }
    }
}

/// How many statements with this word in a comment are running.
private let runningCount: Statement = """
    SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%/* ' || $1::text || ' */%'
    """

/// Polls until no statement with this word in a comment is running any longer.
private func expectNone(running word: String, _ pool: PostgresPool) async throws {
    try await until { try await pool.read(runningCount, [.text(word)])[0].int(0) == 0 }
}
