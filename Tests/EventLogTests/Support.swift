import CanonicalJSON
import EmbeddedPostgres
import EventSourcing
import FoundationEssentials
import Logging
import Migrations
import Postgres
import TestSupport

@testable import EventLog

/// A small domain: notes with a text. Version 1 of a note's shape called its text `body`, and had no stars.
enum NoteEvent: EventPayload {
    case written(UUID, text: String, stars: Int64, about: UUID?)
    case torn(UUID)

    var topic: Bool { isCreation }
    var isCreation: Bool { if case .written = self { true } else { false } }

    var encoded: EncodedPayload {
        switch self {
        case .written(let id, let text, let stars, let about):
            EncodedPayload(
                type: "note.written", schema: 2, organization: nil, stream: id, streamType: "NOTE", related: about,
                data: .object([.init(name: "stars", value: .integer(stars))]),
                sealed: .object([.init(name: "text", value: .string(text))]))
        case .torn(let id): EncodedPayload(type: "note.torn", organization: nil, stream: id, streamType: "NOTE")
        }
    }

    init(decoding stored: EncodedPayload) throws(UnreadableEvent) {
        let payload = try Self.upcasters.upcast(stored)
        switch payload.type {
        case "note.written":
            guard let stars = payload.data?["stars"]?.integer
            else { throw UnreadableEvent(type: stored.type, schema: stored.schema, reason: "no stars") }
            self = .written(
                payload.stream, text: payload.sealed?["text"]?.string ?? "", stars: stars, about: payload.related)
        case "note.torn": self = .torn(payload.stream)
        default: throw UnreadableEvent(type: stored.type, schema: stored.schema, reason: "its type is unknown")
        }
    }

    static let upcasters = Upcasters([
        .init(from: "note.written", schema: 1) { old in
            var next = old
            next.schema = 2
            next.data = .object([.init(name: "stars", value: .integer(0))])
            if let body = old.sealed?["body"] { next.sealed = .object([.init(name: "text", value: body)]) }
            return next
        }
    ])
}

/// A payload of any columns, to filter by them.
struct AnyPayload: EventPayload {
    var encoded: EncodedPayload
    var topic: Bool { isCreation }
    var isCreation: Bool { false }
    init(_ encoded: EncodedPayload) { self.encoded = encoded }
    init(decoding: EncodedPayload) { encoded = decoding }
}

extension TestDatabase {
    /// Creates a database with an empty log.
    static func withLog(on cluster: TestCluster? = nil) async throws -> TestDatabase {
        let database = try await make(on: cluster)
        let session = try await database.session()
        try await Migrations.apply(session, logger: quiet)
        await session.close()
        return database
    }

    var configuration: ConnectionConfiguration { ConnectionConfiguration(url: url, applicationName: "log") }

    /// Reads with a pool of its own.
    func withLog<T: Sendable>(_ body: @Sendable (EventLog) async throws -> T) async throws -> T {
        try await running(PostgresPool(configuration, connections: 1, logger: quiet)) { try await body(EventLog($0)) }
    }
}

/// Appends batches of commands.
struct Appender {
    private(set) var session: PostgresSession
    private(set) var batch = Batch(after: 0, afterHash: nil)
    private(set) var leaves: [[UInt8]] = []
    var instant = Instant(microseconds: 1_700_000_000_000_000)
    private var random = SystemRandomNumberGenerator()

    init(_ database: TestDatabase) async throws { session = try await database.session() }

    @discardableResult
    mutating func append<Payload: EventPayload>(
        _ commands: [[Proposed<Payload>]], by author: Author = .system
    ) async throws -> Batch {
        var next = Batch(after: batch.head, afterHash: batch.headHash)
        for command in commands {
            instant = instant.advanced(byMicroseconds: 1)
            _ = try next.add(command, by: author, at: instant, random: &random)
        }
        try await send(next)
        batch = next
        leaves += next.events.map(\.leafHash)
        return next
    }

    func send(_ batch: Batch, generation: Int64 = 1) async throws {
        do {
            _ = try await session.send(
                [(Appending.begin, []), Appending.append(batch, generation: generation), (Appending.commit, [])])
        } catch {
            _ = try await session.query(Appending.rollback)
            throw error
        }
    }

    mutating func append(_ count: Int) async throws {
        try await append(
            (0..<count).map { [Proposed(NoteEvent.written(UUID(), text: "note \($0)", stars: 1, about: nil))] })
    }
}
