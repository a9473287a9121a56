import CanonicalJSON
import EventSourcing
import FoundationEssentials
import Postgres
import TestSupport
import Testing
import TransparencyLog

@testable import EventLog

/// The one way in which events change.
@Suite struct ErasureTests {
    private let account = UUID(), other = UUID()

    private func payload(_ type: String, of stream: UUID, _ text: String? = nil) -> Proposed<AnyPayload> {
        Proposed(
            AnyPayload(
                EncodedPayload(
                    type: type, organization: nil, stream: stream, streamType: "NOTE", data: .object([]),
                    sealed: text.map { .object([.init(name: "text", value: .string($0))]) })))
    }

    private func author(_ account: UUID) -> Author {
        Author(account: account, role: "OWNER", origin: .object([.init(name: "ip", value: "::1")]))
    }

    /// A log in which `account` wrote of itself and of `other`, `other` of `account`, and `account` is erased at position 6.
    private func log() async throws -> (database: TestDatabase, leaves: [[UInt8]]) {
        let database = try await TestDatabase.withLog()
        var appender = try await Appender(database)
        try await appender.append(
            [[payload("note.written", of: account, "a"), payload("note.written", of: other, "b")]], by: author(account))
        try await appender.append(
            [[payload("note.written", of: account, "c"), payload("note.torn", of: account)]], by: author(other))
        try await appender.append([[payload("note.written", of: account, "d")]])
        try await appender.append([[payload("note.erased", of: account, "why")]], by: author(account))
        return (database, appender.leaves)
    }

    private func erase(_ database: TestDatabase, _ stream: UUID, at position: Position) async throws {
        let (statement, parameters) = Erasure(of: stream, at: position).removal
        try await database.query(statement.sql, parameters)
    }

    private func texts(_ database: TestDatabase, _ column: String) async throws -> [String?] {
        try await database.query("select \(column)::text from log.events order by position").map { row in
            row.isNull(0) ? nil : try row.text(0)
        }
    }

    @Test func `The texts of a stream before its erasure are taken out, with their salts, and every leaf stays`()
        async throws
    {
        let (database, leaves) = try await log()
        try await erase(database, account, at: 6)
        #expect(
            try await texts(database, "sealed") == [nil, #"{"text":"b"}"#, nil, nil, nil, #"{"text":"why"}"#])
        #expect(try await database.number("select count(sealed_salt) from log.events") == 2)
        // Once more does nothing.
        try await erase(database, account, at: 6)
        #expect(try await database.texts("select stream, position, origins_after from log.erasures").count == 1)
        try await database.withLog { log in
            let read = try await log.read(EventQuery())
            #expect(read.map { MerkleTree.leafHash($0.entry) } == leaves)
            #expect(read.map { $0.sealed?.isIntact } == [false, true, false, nil, false, true])
        }
        try await verify(database)
    }

    @Test func `Where an erased account's requests came from goes step by step`() async throws {
        let (database, _) = try await log()
        try await erase(database, account, at: 6)
        #expect(try await texts(database, "origin").filter { $0 != nil }.count == 5)
        let session = try await database.session()
        let step = Selection<Void, Bool> { try $0.bool("log.erase_origins(2)") }
        var left: [Int] = []
        while try await session.selectOne(step) {
            left.append(try await texts(database, "origin").filter { $0 != nil }.count)
            try await verify(database)
        }
        await session.close()
        // Of six events three are the account's.
        #expect(left == [3, 2, 2])
        #expect(try await database.number("select count(*) from log.erasures where origins_after is not null") == 0)
        #expect(try await database.number("select count(origin_hash) from log.events") == 5)
    }

    private func verify(_ database: TestDatabase) async throws {
        let session = try await database.session()
        var checker = LogChecker(rootsOf: [])
        try await StoredLog(session).check(&checker, through: 6) { _ in }
        await session.close()
    }

    @Test func `Nothing is erased of a stream that no event erases`() async throws {
        let (database, _) = try await log()
        for (stream, position) in [(other, 6), (account, 5), (account, 7)] as [(UUID, Position)] {
            let error = await #expect(throws: PostgresError.self) { try await erase(database, stream, at: position) }
            #expect(error?.sqlState == "LG006")
        }
        #expect(try await texts(database, "sealed").compactMap(\.self).count == 5)
    }

    @Test func `Not even its owner changes an event otherwise`() async throws {
        let (database, _) = try await log()
        try await erase(database, account, at: 6)
        for change in [
            "sealed = null, sealed_salt = null where position = 2",
            "sealed = null, sealed_salt = null where position = 6",
            "sealed = '{}' where position = 1", "sealed_salt = '\\x00' where position = 1",
            "sealed = null where position = 6",
            "origin = null, origin_salt = null where position = 3", "origin = '{}' where position = 1",
            "origin_salt = null where position = 1", "sealed_hash = null where position = 1",
            "leaf_hash = '\\x00' where position = 1", "data = '{} ' where position = 1",
            "position = 9 where position = 1",
        ] {
            let error = await #expect(throws: PostgresError.self, "\(change)") {
                try await database.query("update log.events set \(change)")
            }
            #expect(error?.sqlState == "LG000", "\(change)")
        }
        try await database.query("update log.events set origin = null, origin_salt = null where position = 1")
    }

    @Test func `A log that was read before an erasure and verified after it is as it was written`() async throws {
        let (database, _) = try await log()
        try await erase(database, account, at: 6)
        let session = try await database.session()
        // As if the erasing event had come while the log was read.
        var checker = LogChecker(rootsOf: [])
        try await StoredLog(session).check(&checker, through: 5) { _ in }
        #expect(checker.head == 6)
        await session.close()
    }
}
