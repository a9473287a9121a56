import Foundation
import Testing

@testable import Postgres

/// Waiting point reads are run as one statement; whatever happens to one of them must not affect the others.
@Suite struct GroupTests {
    static let echo = Statement(pointRead: "SELECT $1::int8", parameters: [.int8])
    static let divide = Statement(pointRead: "SELECT 1 / ($1::int8 % 3)", parameters: [.int8])

    @Test func `Each caller gets its own answer, in few transactions`() async throws {
        var named = try await configuration()
        named.applicationName = "grouped"
        try await withPool(named, connections: 1) { pool in
            let transactions = Statement(pointRead: "SELECT now()::text, $1::int8", parameters: [.int8])
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
            // `now()` differs from transaction to transaction.
            #expect(times.count < 500)
        }
    }

    @Test func `An error reaches only the caller that caused it`() async throws {
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

    @Test func `A statement that cannot be prepared fails only for its callers`() async throws {
        try await withPool(configuration(), connections: 1) { pool in
            let nonsense = Statement(pointRead: "SELECT nonsense FROM nowhere WHERE $1", parameters: [.bool])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        if number % 10 == 0 {
                            let error = await #expect(throws: PostgresError.self) {
                                try await pool.read(nonsense, [.bool(true)])
                            }
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

    @Test func `One that is slow after all delays its own group alone`() async throws {
        let gate = try await Gate()
        try await withPool(configuration(), connections: 1, maximum: 2) { pool in
            let wait = Statement(
                pointRead: "SELECT CASE WHEN $1::int8 = 7 THEN \(gate.wait) ELSE '' END, $1", parameters: [.int8])
            let slow = Task { try await pool.read(wait, [.int8(7)], deadline: .seconds(300))[0].int(1) }
            try await withSession(configuration()) { session in
                let waiting: Statement = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory'"
                try await until { try await session.query(waiting)[0].int(0) > 0 }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 8..<58 {
                    group.addTask {
                        let read = try await pool.read(wait, [.int8(Int64(number))], deadline: .seconds(300))
                        let value = try read[0].int(1)
                        #expect(value == number)
                    }
                }
                try await group.waitForAll()
            }
            try await gate.open()
            #expect(try await slow.value == 7)
        }
    }

    @Test func `Parameters that were not declared are refused`() async throws {
        try await withPool(configuration(), connections: 1) { pool in
            let two = Statement(pointRead: "SELECT $1::int8, $2::text", parameters: [.int8, .text])
            let wrong: [[Parameter]] = [
                [], [.int8(1)], [.text("a"), .int8(1)], [.int4(1), .text("a")], [.int8(1), .text("a"), .text("b")],
            ]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        let parameters = wrong[number % wrong.count]
                        let error = await #expect(throws: PostgresError.self) { try await pool.read(two, parameters) }
                        if case .unexpectedResult? = error {} else { Issue.record("\(String(describing: error))") }
                    }
                    group.addTask {
                        let row = try await pool.read(two, [.int8(Int64(number)), .text(nil)])[0]
                        #expect(try row.int(0) == number && row.isNull(1))
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `The deadline frees the connection of a slow group`() async throws {
        try await withPool(configuration(), connections: 1, maximum: 1) { pool in
            let sleep = Statement(
                pointRead: "SELECT pg_sleep(CASE WHEN $1::int8 = 7 THEN 600 ELSE 0 END)::text, $1",
                parameters: [.int8])
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        do throws(PostgresError) {
                            let deadline = Duration.milliseconds(200)
                            _ = try await pool.read(sleep, [.int8(Int64(number))], deadline: deadline)
                            #expect(number != 7)
                        } catch { #expect(error == .deadlineExceeded) }
                    }
                }
            }
            let answer = try await pool.read(Self.echo, [.int8(1)])[0].int(0)
            #expect(answer == 1)
        }
    }

    @Test func `A lost connection loses no read`() async throws {
        var victims = try await configuration()
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

    @Test func `After a table has changed all callers read it again`() async throws {
        try await withSession(configuration()) { session in
            try await session.execute(
                script: "CREATE TABLE changing_often (a int8); INSERT INTO changing_often VALUES (1)")
            try await withPool(configuration(), connections: 1) { pool in
                let all = Statement(pointRead: "SELECT * FROM changing_often WHERE $1", parameters: [.bool])
                for columns in 1...4 {
                    try await withThrowingTaskGroup(of: Int.self) { group in
                        for _ in 0..<100 { group.addTask { try await pool.read(all, [.bool(true)]).columns } }
                        for try await count in group { #expect(count == columns) }
                    }
                    try await session.execute(script: "ALTER TABLE changing_often ADD b\(columns) text")
                }
            }
        }
    }

    @Test func `Each parameter of every type reaches its own row`() async throws {
        let types = Statement(
            pointRead: """
                WITH own AS (SELECT $1::uuid, $2::text, $3::json, $4::bytea, $5::bool, $6::int2, $7::int4, $8::int8, $9::timestamptz)
                SELECT own.* FROM own
                """,
            parameters: [.uuid, .text, .json, .bytea, .bool, .int2, .int4, .int8, .timestamptz])
        try await withPool(configuration(), connections: 1) { pool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<300 {
                    let id = UUID()
                    group.addTask {
                        // One in three has no values at all.
                        let isNull = number % 3 == 0
                        func value<T>(_ value: T) -> T? { isNull ? nil : value }
                        let small = Int64(number % 100)
                        let rows = try await pool.read(
                            types,
                            [
                                .uuid(value(id)), .text(value("ä\(number)")),
                                .json(value(Array("{\"a\" : \(number)}".utf8))),
                                .bytea(value([UInt8(small), 0, 255])), .bool(value(number % 2 == 0)),
                                .int2(value(Int16(-small))), .int4(value(Int32(number))), .int8(value(.max - small)),
                                .timestamptz(microseconds: value(small)),
                            ])
                        #expect(rows.count == 1 && rows.columns == 9)
                        let row = rows[0]
                        if isNull { return #expect((0..<9).allSatisfy { row.isNull($0) }) }
                        #expect(try row.uuid(0) == id && row.text(1) == "ä\(number)")
                        #expect(try row.text(2) == "{\"a\" : \(number)}" && row.bytes(3) == [UInt8(small), 0, 255])
                        #expect(try row.bool(4) == (number % 2 == 0) && row.int(5) == -small)
                        #expect(try row.int(6) == number && row.int(7) == .max - small)
                        #expect(try row.microseconds(8) == small)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `Different reads are grouped, and each gets only its own rows`() async throws {
        // A point read should never return no row, or two; if it does, its caller gets what it would have got alone.
        let odd = Statement(
            pointRead: "SELECT n + $1::int8 FROM generate_series(1, ($1::int8 % 3)::int4) n", parameters: [.int8])
        try await withPool(configuration(), connections: 1) { pool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<300 {
                    group.addTask {
                        if number % 2 == 0 {
                            let value = try await pool.read(Self.echo, [.int8(Int64(number))])[0].int(0)
                            #expect(value == number)
                        } else {
                            let values = try await pool.read(odd, [.int8(Int64(number))]).map { try $0.int(0) }
                            #expect(values == (0..<(number % 3)).map { Int64(number + $0 + 1) })
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
