import Testing

@testable import Postgres

/// Brief reads share a Sync; whatever befalls one of them, its neighbours must not notice.
@Suite struct GroupTests {
    static let echo = Statement("SELECT $1::int8", isBrief: true)
    static let divide = Statement("SELECT 1 / ($1::int8 % 3)", isBrief: true)

    @Test func eachGetsItsOwnAnswerInFewTransactions() async throws {
        var named = try configuration()
        named.applicationName = "grouped"
        try await withPool(named, connections: 1) { pool in
            let transactions = Statement("SELECT now()::text, $1::int8", isBrief: true)
            let times = try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<1000 {
                    group.addTask {
                        let row = try await pool.read(transactions, [.int8(Int64(number))])[0]
                        #expect(try row.int(1) == number)
                        return try row.text(0)
                    }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            // Each transaction has an instant of its own.
            #expect(times.count < 500)
        }
    }

    @Test func anErrorIsItsOwnersAlone() async throws {
        try await withPool(configuration(), connections: 1) { pool in
            try await withThrowingTaskGroup(of: String?.self) { group in
                for number in 0..<600 {
                    group.addTask {
                        do {
                            let value = try await pool.read(Self.divide, [.int8(Int64(number))])[0].int(0)
                            return number % 3 != 0 && value == 1 / (number % 3) ? nil : "no error for \(number)"
                        } catch {
                            guard case .server(let failure)? = error as? PostgresError else {
                                return "\(number): \(error)"
                            }
                            return number % 3 == 0 && failure.sqlState == "22012" && failure.statementIndex == 0
                                ? nil : "\(number): \(error)"
                        }
                    }
                }
                for try await complaint in group { #expect(complaint == nil) }
            }
        }
    }

    @Test func whatCanNotBePreparedFailsForItsOwnersAlone() async throws {
        try await withPool(configuration(), connections: 1) { pool in
            let nonsense = Statement("SELECT nonsense FROM nowhere", isBrief: true)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        if number % 10 == 0 {
                            let error = await #expect(throws: PostgresError.self) { try await pool.read(nonsense) }
                            #expect(error?.sqlState == "42P01")
                        } else {
                            let value = try await pool.read(Self.echo, [.int8(Int64(number))])[0].int(0)
                            #expect(value == number)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func oneThatIsSlowAfterAllHoldsUpNobody() async throws {
        try await withPool(configuration(), connections: 1) { pool in
            // Slow for one of its callers only, so that the slow one is in the midst of a group.
            let sleep = Statement(
                "SELECT CASE WHEN $1::int8 % 50 = 7 THEN pg_sleep(1)::text ELSE '' END, $1", isBrief: true)
            let order = Locked<[Bool]>([])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        let value = try await pool.read(sleep, [.int8(Int64(number))])[0].int(1)
                        #expect(value == number)
                        order.withLock { $0.append(number == 7) }
                    }
                }
                try await group.waitForAll()
            }
            #expect(order.withLock { $0.count } == 50)
            #expect(order.withLock { $0.last } == true)
        }
    }

    @Test func theDeadlineOfOneCancelsItForAll() async throws {
        try await withPool(configuration(), connections: 1, maximum: 1) { pool in
            let sleep = Statement(
                "SELECT pg_sleep(CASE WHEN $1::int8 = 7 THEN 600 ELSE 0 END)::text, $1", isBrief: true)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        do throws(PostgresError) {
                            let deadline = Duration.milliseconds(200)
                            _ = try await pool.read(sleep, [.int8(Int64(number))], deadline: deadline)
                            #expect(number != 7)
                        } catch { #expect(error == .deadlineExceeded) }
                    }
                }
                try await group.waitForAll()
            }
            let answer = try await pool.read(Self.echo, [.int8(1)])[0].int(0)
            #expect(answer == 1)
        }
    }

    @Test func aLostConnectionLosesNone() async throws {
        var victims = try configuration()
        victims.applicationName = "grouped victims"
        try await withPool(victims, connections: 1) { pool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<300 {
                    group.addTask {
                        let value = try await pool.read(Self.echo, [.int8(Int64(number))])[0].int(0)
                        #expect(value == number)
                    }
                }
                group.addTask {
                    try await withSession(configuration()) { session in
                        _ = try await session.query(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'grouped victims'"
                        )
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func aChangedTableIsReadAnewByAll() async throws {
        try await withSession(configuration()) { session in
            try await session.execute(
                script: "CREATE TABLE changing_often (a int8); INSERT INTO changing_often VALUES (1)")
            try await withPool(configuration(), connections: 1) { pool in
                let all = Statement("SELECT * FROM changing_often", isBrief: true)
                for columns in 1...4 {
                    try await withThrowingTaskGroup(of: Int.self) { group in
                        for _ in 0..<100 { group.addTask { try await pool.read(all).columns } }
                        for try await count in group { #expect(count == columns) }
                    }
                    try await session.execute(script: "ALTER TABLE changing_often ADD b\(columns) text")
                }
            }
        }
    }
}
