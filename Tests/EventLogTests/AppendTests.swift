import CanonicalJSON
import EventSourcing
import FoundationEssentials
import Postgres
import TestSupport
import Testing
import TransparencyLog

@testable import EventLog

@Suite struct AppendTests {
    @Test func `What is read is what was appended`() async throws {
        let database = try await TestDatabase.withLog()
        var appender = try await Appender(database)
        let author = Author(
            account: UUID(), role: "OWNER", key: UUID(),
            origin: .object([.init(name: "requestId", value: .string("r1")), .init(name: "ip", value: .string("::1"))]))
        let about = UUID()
        let batch = try await appender.append(
            [
                [
                    Proposed(
                        NoteEvent.written(UUID(), text: "Zoë \u{1F600} \u{7} \"\\", stars: 5, about: about),
                        effectiveAt: Instant(microseconds: 1), imported: ImportedLine(import: UUID(), line: 7)),
                    Proposed(.torn(UUID())),
                ]
            ], by: author)
        try await database.withLog { log in
            let read = try await log.read(EventQuery())
            #expect(read == batch.events)
            #expect(try await log.head() == 2)
            #expect(read[1].causation == 1 && read[0].causation == nil)
            for event in read { #expect(MerkleTree.leafHash(event.entry) == event.leafHash) }
            let (statement, parameters) = Replaying.page(after: 0, limit: 1)
            let payload: Event<NoteEvent> = try Replaying.events(try await database.query(statement.sql, parameters))[0]
            #expect(
                payload.payload
                    == .written(read[0].payload.stream, text: "Zoë \u{1F600} \u{7} \"\\", stars: 5, about: about))
            #expect(payload.imported?.line == 7 && payload.time == Instant(microseconds: 1))
            #expect(payload.author.account == author.account && payload.author.key == author.key)
        }
    }

    /// Made by hand from contract/events.md: what a program in any language has to hash.
    @Test func `The entry of an event is canonical JSON with its commitments`() throws {
        let stream = UUID(high: 0, low: 1), salt = [UInt8](repeating: 7, count: 32)
        let sealed = Commitment(to: Array(#"{"text":"Zoë"}"#.utf8), salt: salt)
        let event = StoredEvent(
            position: 12, id: UUID(high: 1, low: 2),
            payload: EncodedPayload(
                type: "note.written", schema: 2, organization: UUID(high: 3, low: 4), stream: stream,
                streamType: "NOTE",
                related: UUID(high: 5, low: 6)),
            data: Array(#"{"stars":5}"#.utf8), sealed: sealed, actor: UUID(high: 7, low: 8), actorRole: "OWNER",
            actorKey: UUID(high: 9, low: 10), origin: sealed, recordedAt: Instant(microseconds: 1_795_503_600_123_456),
            effectiveAt: Instant(microseconds: 0), causation: 11, leafHash: [])
        // HMAC-SHA-256 of {"text":"Zoë"} under 32 bytes 07, by Python's hmac.
        let hash = "d8d39838a82d384baaa04a0f8d993c06d48ec7e6c20d689e0ea69310171a9a72"
        let text = String(decoding: event.entry, as: UTF8.self)
        let commitment = sealed.hash.hexadecimal
        #expect(
            text == """
                {"actor":"00000000-0000-0007-0000-000000000008","actorKey":"00000000-0000-0009-0000-00000000000a",\
                "actorRole":"OWNER","causation":11,"data":{"stars":5},"effectiveAt":"1970-01-01T00:00:00.000000Z",\
                "id":"00000000-0000-0001-0000-000000000002","organization":"00000000-0000-0003-0000-000000000004",\
                "origin":"\(commitment)","position":12,"recordedAt":"2026-11-24T07:00:00.123456Z",\
                "related":"00000000-0000-0005-0000-000000000006","schema":2,"sealed":"\(commitment)",\
                "stream":"00000000-0000-0000-0000-000000000001","streamType":"NOTE","type":"note.written"}
                """)
        #expect(commitment == hash)
        #expect(try JSON(parsing: event.entry).canonicalBytes() == event.entry)
    }

    @Test func `Stored events cannot be changed or deleted`() async throws {
        let database = try await TestDatabase.withLog()
        var appender = try await Appender(database)
        try await appender.append(300)
        for sql in [
            "update log.events set type = 'x' where position = 1", "delete from log.events where position = 300",
            "truncate log.events", "update log.tiles set root = '\\x00'", "delete from log.tiles", "truncate log.tiles",
            "merge into log.events e using (select 1) s on e.position = 1 when matched then delete",
        ] {
            let error = await #expect(throws: PostgresError.self) { try await database.query(sql) }
            #expect(error?.sqlState == "LG000", "\(sql)")
        }
        #expect(try await database.number("select count(*) from log.events") == 300)
    }

    @Test func `An append after another head, too early or in the future is refused`() async throws {
        let database = try await TestDatabase.withLog()
        var appender = try await Appender(database)
        try await appender.append(2)
        let head = appender.batch, random = SystemRandomNumberGenerator()
        func batch(after: Position, _ hash: [UInt8]?, at instant: Instant) throws -> Batch {
            var random = random, batch = Batch(after: after, afterHash: hash)
            _ = try batch.add([Proposed(NoteEvent.torn(UUID()))], by: .system, at: instant, random: &random)
            return batch
        }
        let later = appender.instant.advanced(byMicroseconds: 1)
        let ahead = Instant(microseconds: Int64(Date().timeIntervalSince1970 * 1e6) + 3_600_000_000)
        let cases: [(Batch, Int64, AppendRefusal)] = [
            (try batch(after: 2, head.headHash, at: later), 2, .generationMoved),
            (try batch(after: 1, head.events[0].leafHash, at: later), 1, .headMoved),
            (try batch(after: 0, nil, at: later), 1, .headMoved),
            (try batch(after: 3, head.headHash, at: later), 1, .anotherLog),
            (try batch(after: 2, head.events[0].leafHash, at: later), 1, .anotherLog),
            (try batch(after: 2, nil, at: later), 1, .anotherLog),
            (try batch(after: 2, head.headHash, at: appender.instant), 1, .notLater),
            (try batch(after: 2, head.headHash, at: ahead), 1, .clockSetBack),
            // The head is checked for a batch of nothing but refused commands too.
            (Batch(after: 1, afterHash: head.events[0].leafHash), 1, .headMoved),
        ]
        for (batch, generation, refusal) in cases {
            let error = await #expect(throws: PostgresError.self) {
                try await appender.send(batch, generation: generation)
            }
            #expect(error.flatMap { AppendRefusal($0) } == refusal)
        }
        try await appender.send(Batch(after: 2, afterHash: head.headHash))
        try await appender.send(try batch(after: 2, head.headHash, at: later))
        #expect(try await database.number("select count(*) from log.events") == 3)
    }

    /// Whatever is rolled back, positions have no gap, and readers never see a position before an earlier one.
    @Test func `Positions have no gap, whatever fails`() async throws {
        let database = try await TestDatabase.withLog()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<6 {
                group.addTask {
                    let session = try await database.session()
                    var random = SystemRandomNumberGenerator()
                    for round in 0..<25 {
                        // On a busy machine it is long until the others have had their turns.
                        _ = try await session.send(
                            [(Appending.begin, []), (Appending.lock, [])], deadline: .seconds(600))
                        let head = try await session.selectOne(Appending.head)
                        var batch = Batch(after: head.position, afterHash: head.hash)
                        let now = max(head.clock, head.recordedAt?.advanced(byMicroseconds: 1) ?? head.clock)
                        let notes = (0...round % 3).map { _ in Proposed(NoteEvent.torn(UUID())) }
                        _ = try batch.add(notes, by: .system, at: now, random: &random)
                        let (statement, parameters) = Appending.append(batch, generation: 1)
                        _ = try await session.query(statement, parameters)
                        switch (client + round) % 4 {
                        case 0: _ = try await session.query(Appending.rollback)
                        case 1:
                            _ = try? await session.query("select 1 / 0")
                            _ = try await session.query(Appending.rollback)
                        default: _ = try await session.query(Appending.commit)
                        }
                    }
                    await session.close()
                }
            }
            group.addTask {
                try await database.withLog { log in
                    var query = EventQuery()
                    for _ in 0..<200 {
                        let read = try await log.read(query)
                        #expect(read.map(\.position) == read.indices.map { query.after + 1 + Position($0) })
                        query.after += Position(read.count)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await database.number("select count(*) - max(position) from log.events") == 0)
        #expect(
            try await database.number(
                "select count(*) from (select recorded_at <= lag(recorded_at) over (order by position) and causation is null as wrong from log.events) t where wrong"
            ) == 0)
    }

    @Test func `Erased text leaves its leaf valid`() async throws {
        let database = try await TestDatabase.withLog()
        var appender = try await Appender(database)
        try await appender.append(3)
        try await database.query("alter table log.events disable trigger only_erased")
        try await database.query("update log.events set sealed = null, sealed_salt = null where position = 2")
        try await database.query("alter table log.events enable trigger only_erased")
        let leaves = appender.leaves
        try await database.withLog { log in
            let read = try await log.read(EventQuery())
            #expect(
                read[1].sealed?.text == nil && read[1].sealed?.isIntact == false && read[0].sealed?.isIntact == true)
            #expect(read.map { MerkleTree.leafHash($0.entry) } == leaves)
            #expect(
                try NoteEvent(decoding: read[1].payload)
                    == .written(read[1].payload.stream, text: "", stars: 1, about: nil))
        }
        // Neither another text nor another salt matches the commitment.
        let sealed = try #require(appender.batch.events[0].sealed)
        #expect(!Commitment(text: Array(#"{"text":"other"}"#.utf8), salt: sealed.salt, hash: sealed.hash).isIntact)
        #expect(!Commitment(text: sealed.text, salt: [UInt8](repeating: 0, count: 32), hash: sealed.hash).isIntact)
        let salts = Set(appender.batch.events.map { $0.sealed?.salt })
        #expect(salts.count == 3)
    }

    @Test func `A batch with an event that is too large is refused as a whole`() throws {
        var batch = Batch(after: 0, afterHash: nil), random = SystemRandomNumberGenerator()
        // Sealed text is not in the entry; open data is.
        let long = String(repeating: "x", count: 70_000)
        _ = try batch.add(
            [Proposed(NoteEvent.written(UUID(), text: long, stars: 1, about: nil))], by: .system,
            at: Instant(microseconds: 1), random: &random)
        let large = EncodedPayload(
            type: "t", organization: nil, stream: UUID(), streamType: "T",
            data: .object([.init(name: "x", value: .string(long))]))
        #expect(throws: EntryTooLarge.self) {
            try batch.add(
                [Proposed(AnyPayload(large)), Proposed(AnyPayload(large))], by: .system, at: Instant(microseconds: 2),
                random: &random)
        }
        #expect(batch.events.count == 1)
    }

    /// A row as version 1 of a note's shape stored it.
    @Test func `A stored row of an old shape is read`() async throws {
        let database = try await TestDatabase.withLog()
        var appender = try await Appender(database)
        let id = UUID()
        try await appender.append([
            [
                Proposed(
                    AnyPayload(
                        EncodedPayload(
                            type: "note.written", schema: 1, organization: nil, stream: id, streamType: "NOTE",
                            sealed: .object([.init(name: "body", value: .string("of old"))]))))
            ]
        ])
        try await database.withLog { log in
            let stored = try await log.read(EventQuery())[0]
            #expect(try NoteEvent(decoding: stored.payload) == .written(id, text: "of old", stars: 0, about: nil))
            // What was stored and hashed stays as it was.
            #expect(stored.payload.schema == 1 && MerkleTree.leafHash(stored.entry) == stored.leafHash)
        }
        let rows = try await database.query(Replaying.page(after: 0, limit: 9).0.sql, [.int8(0), .int8(9)])
        let replayed: [Event<NoteEvent>] = try Replaying.events(rows)
        #expect(replayed.map(\.payload) == [.written(id, text: "of old", stars: 0, about: nil)])
    }
}
