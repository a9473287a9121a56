import EventSourcing
import Postgres
import TransparencyLog

/// A log as the database has it, read from the first event on to be verified.
public struct StoredLog: Sendable {
    /// How many events are read at a time.
    private static let pageSize: Int64 = 1_000
    private let session: PostgresSession

    public init(_ session: PostgresSession) { self.session = session }

    /// The position of the last event.
    public func head() async throws -> Position { try await session.selectOne(EventLog.lastPosition) }

    /// The next events after a position.
    /// - Throws: `LogFinding` where one has a text of which nothing is committed to.
    public func events(after position: Position, through head: Position) async throws -> [StoredEvent] {
        let page = Page(after: position, through: min(head, position + StoredLog.pageSize))
        return try await session.select(StoredLog.page, page, deadline: .seconds(600)).map { row in
            if row.hasStrayText {
                throw LogFinding(at: row.event.position, "it has a text of which nothing is committed to")
            }
            return row.event
        }
    }

    /// The stored hashes of a full tile and the hash above them; `nil` if it is not there.
    func tile(_ place: TileIndex) async throws -> (hashes: [UInt8], root: [UInt8])? {
        try await session.select(StoredLog.tile, place).first
    }

    /// How many tiles there are that end after the last event, where an append would meet them.
    func tilesBeyondTheEnd() async throws -> Int64 { try await session.selectOne(StoredLog.tilesBeyondTheEnd) }

    private struct Page: Sendable {
        let after, through: Position
    }

    private struct Found: Sendable {
        let event: StoredEvent
        let hasStrayText: Bool
    }

    private static let page = Selection<Page, Found>(
        { columns in
            Found(
                event: try StoredEvent(&columns, readsJSON: false),
                hasStrayText: try columns.bool(
                    """
                    (e.sealed_hash is null and (e.sealed is not null or e.sealed_salt is not null)) \
                    or (e.origin_hash is null and (e.origin is not null or e.origin_salt is not null))
                    """))
        },
        { page, columns in
            """
            select \(columns) from log.events e
            where e.position > \(page.int { $0.after }) and e.position <= \(page.int { $0.through }) order by e.position
            """
        })

    private static let tile = Selection<TileIndex, (hashes: [UInt8], root: [UInt8])>(
        { (try $0.bytes("hashes"), try $0.bytes("root")) },
        { place, columns in
            """
            select \(columns) from log.tiles
            where level = \(place.int { Int64($0.level) }) and index = \(place.int { Int64($0.index) })
            """
        })

    private static let tilesBeyondTheEnd = Selection<Void, Int64>(
        { try $0.int("count(*)") },
        """
        from log.tiles
        where (index + 1)::numeric * 256::numeric ^ (level + 1) > coalesce((select max(position) from log.events), 0)
        """)
}

extension StoredLog {
    /// Checks the log at least up to a position, with its tiles.
    /// - Throws: `LogFinding`, the first; `PostgresError`.
    public func check(
        _ checker: inout LogChecker, through head: Position, progress: @Sendable (Position) -> Void
    ) async throws {
        var head = head
        while true {
            try await read(into: &checker, through: head, progress)
            do {
                try checker.finish()
                break
            } catch {
                // What is missing may have been erased meanwhile, by an event that was appended meanwhile.
                let later = try await self.head()
                guard later > head else { throw error }
                head = later
            }
        }
        guard try await tilesBeyondTheEnd() == 0 else { throw LogFinding(at: nil, "there are tiles beyond the end") }
    }

    private func read(
        into checker: inout LogChecker, through head: Position, _ progress: @Sendable (Position) -> Void
    ) async throws {
        while checker.head < head {
            try Task.checkCancellation()
            let events = try await events(after: checker.head, through: head)
            guard !events.isEmpty else { throw LogFinding(at: checker.head + 1, "the event is missing") }
            for event in events {
                for tile in try checker.take(event) { try await check(tile) }
            }
            progress(checker.head)
        }
    }

    private func check(_ tile: TileBuilder.Tile) async throws {
        // How many leaves a hash of the tile covers.
        let span = Int64(1) << Int64(TileIndex.height * tile.place.level)
        let start = Int64(tile.place.index) * Int64(TileIndex.width) * span
        let name = "tile \(tile.place.index) of level \(tile.place.level)"
        guard let stored = try await self.tile(tile.place) else {
            throw LogFinding(at: start + 1, "\(name) is missing")
        }
        guard stored.hashes == tile.hashes else {
            let same = zip(stored.hashes, tile.hashes).prefix { $0 == $1 }.count
            throw LogFinding(
                at: start + Int64(same / MerkleTree.hashLength) * span + 1, "\(name) has another hash of it")
        }
        guard stored.root == tile.root else { throw LogFinding(at: start + 1, "the hash above \(name) is another") }
    }
}
