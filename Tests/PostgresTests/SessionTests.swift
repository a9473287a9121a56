import TestSupport
import Testing

@testable import Postgres

@Suite struct SessionTests {
    @Test func `A unit of statements is one flush`() async throws {
        try await withSession(configuration()) { session in
            let rows = try await session.send([
                ("BEGIN", []), ("CREATE TEMP TABLE t (a int8)", []),
                ("INSERT INTO t SELECT generate_series(1, $1::int8)", [.int8(5)]),
                ("COMMIT", []),
            ])
            #expect(rows.count == 4)
            #expect(try await session.query("SELECT a FROM t ORDER BY a").map { try $0.int(0) } == [1, 2, 3, 4, 5])
        }
    }

    @Test func `An error in the middle aborts the rest`() async throws {
        try await withSession(configuration()) { session in
            try await session.execute(script: "CREATE TABLE units (a int8 CONSTRAINT positive CHECK (a > 0))")
            let insert: Statement = "INSERT INTO units VALUES ($1)"
            do {
                _ = try await session.send([
                    ("BEGIN", []), (insert, [.int8(1)]), (insert, [.int8(-1)]), (insert, [.int8(2)]), ("COMMIT", []),
                ])
                Issue.record("no error")
            } catch PostgresError.server(let error) {
                #expect(error.sqlState == "23514")
                #expect(error.constraint == "positive")
                #expect(error.statementIndex == 2)
                #expect(error.detail != nil)
            }
            let failed = await #expect(throws: PostgresError.self) { try await session.query("SELECT 1::int4") }
            #expect(failed?.sqlState == "25P02")
            _ = try await session.query("ROLLBACK")
            #expect(try await session.query("SELECT count(*) FROM units")[0].int(0) == 0)
            _ = try await session.query(insert, [.int8(9)])
            #expect(try await session.query("SELECT a FROM units").map { try $0.int(0) } == [9])
        }
    }

    @Test func `An error at the sync belongs to no statement`() async throws {
        try await withSession(configuration()) { session in
            try await session.execute(script: "CREATE TABLE late (a int8 UNIQUE DEFERRABLE INITIALLY DEFERRED)")
            do {
                _ = try await session.query("INSERT INTO late VALUES (1), (1)")
                Issue.record("no error")
            } catch PostgresError.server(let error) {
                #expect(error.sqlState == "23505")
                #expect(error.statementIndex == nil)
            }
            #expect(try await session.query("SELECT count(*) FROM late")[0].int(0) == 0)
        }
    }

    @Test func `An unknown setting is a server error`() async throws {
        let error = await #expect(throws: PostgresError.self) {
            try await PostgresSession.connect(configuration(settings: ["no_such_setting": "1"]), logger: quiet)
        }
        #expect(error?.sqlState == "42704")
    }

    @Test func `A failed preparation is forgotten`() async throws {
        try await withSession(configuration()) { session in
            let statement: Statement = "SELECT a FROM later"
            let error = await #expect(throws: PostgresError.self) { try await session.query(statement) }
            #expect(error?.sqlState == "42P01")
            try await session.execute(script: "CREATE TABLE later (a int8)")
            #expect(try await session.query(statement).isEmpty)
        }
    }

    @Test func `A script runs as a whole or not at all, and may not copy`() async throws {
        try await withSession(configuration()) { session in
            try await session.execute(
                script: "CREATE TABLE scripted (a int8); INSERT INTO scripted VALUES (1), (2); SELECT 1")
            let error = await #expect(throws: PostgresError.self) {
                try await session.execute(script: "INSERT INTO scripted VALUES (3); SELECT 1/0")
            }
            #expect(error?.sqlState == "22012")
            let copy = await #expect(throws: PostgresError.self) {
                try await session.execute(script: "COPY scripted FROM STDIN")
            }
            #expect(copy != nil)
            await #expect(throws: PostgresError.self) { try await session.execute(script: "COPY scripted TO STDOUT") }
            #expect(try await session.query("SELECT count(*) FROM scripted")[0].int(0) == 2)
        }
    }

    /// libpq keeps returning the result that starts a COPY until all its data, which takes many reads, is consumed.
    @Test func `A large copy in a script holds up no other session`() async throws {
        let loop = EventLoop()
        let session = try await PostgresSession.connect(configuration(), logger: quiet, eventLoop: loop)
        let other = try await PostgresSession.connect(configuration(), logger: quiet, eventLoop: loop)
        let script = "COPY (SELECT repeat('x', 100) FROM generate_series(1, 200000)) TO STDOUT; SELECT 1"
        async let copy: Void = session.execute(script: script)
        #expect(try await other.query("SELECT 1::int4")[0].int(0) == 1)
        do {
            try await copy
            Issue.record("no error")
        } catch {
            #expect(error as? PostgresError == .unexpectedResult("COPY in a script"))
        }
        #expect(try await session.query("SELECT 1::int4")[0].int(0) == 1)
        await session.close()
        await other.close()
    }

    @Test func `Notifications arrive`() async throws {
        try await withSession(configuration()) { listener in
            let notifications = listener.notifications()
            _ = try await listener.query("LISTEN news")
            let pid = try await withSession(configuration()) { sender in
                _ = try await sender.query("SELECT pg_notify('news', 'első')")
                return sender.backendProcessID
            }
            var iterator = notifications.makeAsyncIterator()
            #expect(await iterator.next() == Notification(channel: "news", payload: "első", pid: pid))
            await listener.close()
            #expect(await iterator.next() == nil)
            #expect(await listener.notifications().first { _ in true } == nil)
        }
    }

    @Test func `The deadline ends the session`() async throws {
        try await withSession(configuration()) { session in
            await #expect(throws: PostgresError.deadlineExceeded) {
                try await session.query("SELECT pg_sleep(20)::text", deadline: .seconds(2))
            }
            #expect(!session.isOpen)
        }
    }

    @Test func `Closing a session fails the statement under way`() async throws {
        let session = try await PostgresSession.connect(configuration(), logger: quiet)
        let sleeping = Task { try await session.query("SELECT pg_sleep(20)::text") }
        try await untilAsleep(session.backendProcessID)
        let waiting = Task { try await session.query("SELECT 1::int4") }
        await session.close()
        await #expect(throws: PostgresError.closed) { _ = try await sleeping.value }
        await #expect(throws: PostgresError.closed) { _ = try await waiting.value }
        await #expect(throws: PostgresError.closed) { try await session.query("SELECT 1::int4") }
        #expect(!session.isOpen)
    }

    @Test func `A session outlives another on the same thread`() async throws {
        let loop = EventLoop()
        let first = try await PostgresSession.connect(configuration(), logger: quiet, eventLoop: loop)
        let second = try await PostgresSession.connect(configuration(), logger: quiet, eventLoop: loop)
        await first.close()
        #expect(try await second.query("SELECT 1::int4")[0].int(0) == 1)
        await second.close()
    }
}
