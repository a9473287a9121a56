import Foundation
import Synchronization
import Testing

@testable import Postgres

@Suite struct CopyTests {
    /// Chunks of lines, cut at odd places.
    static func text(rows: Int, cut: Int) -> AsyncThrowingStream<[UInt8], any Error> {
        let all = Array((1...rows).map { "\($0)\tname \($0) é\n" }.joined().utf8)
        let offset = Mutex(0)
        return AsyncThrowingStream {
            offset.withLock { offset in
                guard offset < all.count else { return nil }
                let end = min(all.count, offset + cut)
                defer { offset = end }
                return Array(all[offset..<end])
            }
        }
    }

    @Test func `Fifty thousand rows are copied in and out as text`() async throws {
        try await withSession(configuration()) { session in
            _ = try await session.query("CREATE TEMP TABLE people (id int8, name text)")
            #expect(try await session.copyIn("COPY people FROM STDIN", Self.text(rows: 50_000, cut: 10_007)) == 50_000)
            var lines = 0
            for try await chunk in session.copyOut("COPY people TO STDOUT") {
                lines += chunk.count { $0 == 10 }
                #expect(chunk.last == 10)
            }
            #expect(lines == 50_000)
            #expect(try await session.query("SELECT name FROM people WHERE id = 50000")[0].text(0) == "name 50000 é")
        }
    }

    @Test func `Fifty thousand rows are copied in and out in binary`() async throws {
        let id = UUID()
        try await withSession(configuration()) { session in
            _ = try await session.query(
                "CREATE TEMP TABLE wide (n int8, id uuid, t text, j json, b bytea, at timestamptz, f bool, s int2, i int4, x text)"
            )
            let (stream, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
            var encoder = CopyEncoder()
            for number in 0..<50_000 {
                encoder.beginRow(columns: 10)
                encoder.append(int8: Int64(number))
                encoder.append(uuid: id)
                encoder.append(text: "ő")
                encoder.append(bytes: Array("{ }".utf8))
                encoder.append(bytes: [0])
                encoder.append(microseconds: 5)
                encoder.append(bool: true)
                encoder.append(int2: 2)
                encoder.append(int4: 4)
                encoder.appendNull()
                if encoder.count > 50_000 { continuation.yield(encoder.takeBytes()) }
            }
            encoder.finish()
            continuation.yield(encoder.takeBytes())
            continuation.finish()
            #expect(try await session.copyIn("COPY wide FROM STDIN (FORMAT binary)", stream) == 50_000)
            let row = try await session.query("SELECT *, count(*) OVER () FROM wide ORDER BY n DESC LIMIT 1")[0]
            #expect(try row.int(0) == 49_999)
            #expect(try row.uuid(1) == id)
            #expect(try row.text(2) == "ő")
            #expect(try row.text(3) == "{ }")
            #expect(try row.bytes(4) == [0])
            #expect(try row.microseconds(5) == 5)
            #expect(try row.bool(6))
            #expect(try row.int(7) == 2)
            #expect(try row.int(8) == 4)
            #expect(row.isNull(9))
            #expect(try row.int(10) == 50_000)
        }
    }

    struct GivenUp: Error {}

    @Test func `A sender that fails leaves no row and a usable session`() async throws {
        try await withSession(configuration()) { session in
            _ = try await session.query("CREATE TEMP TABLE half (id int8, name text)")
            let chunks = AsyncThrowingStream<[UInt8], any Error> { continuation in
                continuation.yield(Array("1\ta\n".utf8))
                continuation.finish(throwing: GivenUp())
            }
            await #expect(throws: GivenUp.self) { try await session.copyIn("COPY half FROM STDIN", chunks) }
            #expect(try await session.query("SELECT count(*) FROM half")[0].int(0) == 0)
        }
    }

    @Test func `A copy that the server refuses leaves a usable session`() async throws {
        try await withSession(configuration()) { session in
            _ = try await session.query("CREATE TEMP TABLE narrow (id int8)")
            let error = await #expect(throws: PostgresError.self) {
                try await session.copyIn("COPY narrow FROM STDIN", Self.text(rows: 50_000, cut: 1000))
            }
            #expect(error?.sqlState == "22P04")
            let missing = await #expect(throws: PostgresError.self) {
                try await session.copyIn("COPY missing FROM STDIN", Self.text(rows: 5, cut: 1000))
            }
            #expect(missing?.sqlState == "42P01")
            await #expect(throws: PostgresError.self) {
                try await session.copyIn("SELECT 1", Self.text(rows: 5, cut: 1000))
            }
            await #expect(throws: PostgresError.self) {
                for try await _ in session.copyOut("COPY missing TO STDOUT") {}
            }
            await #expect(throws: PostgresError.self) { for try await _ in session.copyOut("SELECT 1") {} }
            #expect(try await session.query("SELECT 1::int4")[0].int(0) == 1)
        }
    }

    @Test func `A copy in the other direction is refused`() async throws {
        try await withSession(configuration()) { session in
            _ = try await session.query("CREATE TEMP TABLE other (id int8, name text)")
            let out = "COPY (SELECT repeat('x', 100) FROM generate_series(1, 200000)) TO STDOUT"
            for sql in [out, "SELECT 1; COPY other FROM STDIN", "COPY other FROM STDIN; COPY other FROM STDIN"] {
                await #expect(throws: PostgresError.self) { try await session.copyIn(sql, Self.text(rows: 5, cut: 10)) }
                #expect(try await session.query("SELECT count(*) FROM other")[0].int(0) == 0)
            }
            await #expect(throws: PostgresError.self) {
                for try await _ in session.copyOut("COPY other FROM STDIN") {}
            }
            #expect(try await session.query("SELECT count(*) FROM other")[0].int(0) == 0)
        }
    }

    @Test func `A reader that stops early frees the session`() async throws {
        try await withSession(configuration()) { session in
            for try await chunk in session.copyOut("COPY (SELECT generate_series(1, 100000000)) TO STDOUT") {
                #expect(chunk.starts(with: Array("1\n2\n".utf8)))
                break
            }
            #expect(try await session.query("SELECT 1::int4")[0].int(0) == 1)
        }
    }
}
