import Directory
import DirectoryEvents
import EventLog
import EventSourcing
import Postgres
import ReadModels
import TestSupport

@testable import DirectoryAPI

/// A database of its own into which the log of a server is replayed, step by step: its events are copied as they are stored,
/// and the engine folds them into read models.
struct Replay {
    private let source: PostgresSession
    private let copy: PostgresSession
    private let url: String
    private let view = View()
    private var head: Position = 0

    /// Replays up to a position.
    init(of server: Server, through position: Position) async throws {
        let database = try await TestDatabase.make()
        url = database.url
        _ = try await DatabaseSetup.run(connection: url, readModels: DirectoryNode.readModels, logger: quiet)
        source = try await TestDatabase(url: server.database).session()
        copy = try await database.session()
        try await advance(to: position)
    }

    /// Starts a node that serves it. It appends nothing: the log has a SYSTEM_ADMIN from its first events on.
    func serve() async throws -> Server { try await Server.start(database: url) }

    /// Replays the events up to a position, those of one command or of several.
    mutating func advance(to position: Position) async throws {
        let models = DirectoryNode.readModels
        let stored = try await source.query(
            "select e::text from log.events e where position > $1 and position <= $2 order by position",
            [.int8(head), .int8(position)])
        var rows = ArrayBuilder(of: .text)
        for row in stored { rows.append(text: try row.text(0)) }
        _ = try await copy.query("begin")
        _ = try await copy.query(
            "insert into log.events select (e::log.events).* from unnest($1::text[]) e", [.array(rows)])
        let (page, parameters) = Replaying.page(after: head, limit: Int(position - head))
        let events: [Event<DirectoryEvent>] = try Replaying.events(try await copy.query(page, parameters))
        let reads = models.reads(models.loads(for: events.map(\.payload), in: view))
        for (read, rows) in zip(reads, try await copy.send(reads.map(\.step))) { try read.insert(rows, into: view) }
        for event in events { models.apply(event, in: view) }
        _ = try await copy.send(models.writes(from: view))
        _ = try await copy.query("commit")
        view.endBatch(budget: 1 << 20)
        head = position
    }

    func close() async {
        await source.close()
        await copy.close()
    }
}
