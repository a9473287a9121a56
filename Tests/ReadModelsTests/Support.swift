import Directory
import DirectoryEvents
import EmbeddedPostgres
import EventLog
import EventSourcing
import FoundationEssentials
import Logging
import Postgres
import Synchronization
import TestSupport

@testable import ReadModels

let directoryModels = ReadModels<DirectoryEvent>(Directory.projections, sideTables: Directory.sideTables)

extension TestDatabase {
    /// With the directory's read models, and nothing in them.
    static func prepared() async throws -> TestDatabase {
        let database = try await make()
        _ = try await DatabaseSetup.run(connection: database.url, readModels: directoryModels, logger: quiet)
        return database
    }

    var configuration: ConnectionConfiguration { ConnectionConfiguration(url: url, applicationName: "rebuild") }

    func schemas() async throws -> [String] {
        let rows = try await query("select nspname::text from pg_namespace where nspname ~ '_v[0-9]' order by 1")
        return try rows.map { try $0.text(0) }
    }

    /// All rows of all tables, as text, in order.
    func everything() async throws -> [String] {
        var all: [String] = []
        for model in directoryModels.models {
            for table in ["current", "past"] {
                let rows = try await query("select r::text from \(model.schema).\(table) r order by 1")
                for row in rows { all.append("\(model.name).\(table) \(try row.text(0))") }
            }
        }
        return all
    }

    func rebuild(
        cacheBudget: Int = 1 << 20, rangeSize: Int = 100, progress: @Sendable (RebuildProgress) -> Void = { _ in }
    ) async throws -> RebuildReport {
        try await Rebuild(
            readModels: directoryModels, configuration: configuration, cacheBudget: cacheBudget, logger: quiet
        ).run(rangeSize: rangeSize, progress: progress)
    }
}

/// Appends events as the command processor does, without deciding anything.
struct Writer {
    let session: PostgresSession
    var view = View()
    var head: Position = 0
    var headHash: [UInt8]?
    var instant = Instant(microseconds: 1_700_000_000_000_000)
    var cacheBudget = 4096

    init(_ database: TestDatabase) async throws { session = try await database.session() }

    mutating func append(_ payloads: [DirectoryEvent], by author: Author = .system) async throws {
        var batch = Batch(after: head, afterHash: headHash)
        var random = SystemRandomNumberGenerator()
        // One command each, so that instants differ.
        var events: [Event<DirectoryEvent>] = []
        for payload in payloads {
            instant = instant.advanced(byMicroseconds: 1)
            events += try batch.add([Proposed(payload)], by: author, at: instant, random: &random)
        }
        let loads = directoryModels.loads(for: events.map(\.payload), in: view)
        let reads = directoryModels.reads(loads)
        for (read, rows) in zip(reads, try await session.send(reads.map(\.step))) { try read.insert(rows, into: view) }
        for event in events { directoryModels.apply(event, in: view) }
        let writes = directoryModels.writes(from: view)
        let erasures = events.filter(\.payload.isErasure).map { Erasure(of: $0.payload.stream, at: $0.position) }
        while true {
            let generation = try await session.query("select generation from log.control")[0].int(0)
            do {
                _ = try await session.send(
                    [(Appending.begin, []), Appending.append(batch, generation: generation)] + writes)
                try await directoryModels.carryOut(erasures, in: session)
                _ = try await session.query(Appending.commit)
                break
            } catch let error as PostgresError {
                guard AppendRefusal(error) == .generationMoved else { throw error }
                _ = try await session.query(Appending.rollback)
            }
        }
        if erasures.isEmpty { view.endBatch(budget: cacheBudget) } else { view = View() }
        (head, headHash) = (batch.head, batch.headHash)
    }
}

/// Tells concurrent tasks to stop.
final class Flag: Sendable {
    private let state = Atomic(false)
    var isSet: Bool { state.load(ordering: .acquiring) }
    func set() { state.store(true, ordering: .releasing) }
}
