import EventSourcing
import Postgres
import TransparencyLog

/// The Merkle tree of a log, read from its tiles: of no proof does the cost depend on the length of the log.
public struct LogTree: Sendable {
    private let database: any DatabaseReader

    /// The tree of the log that this reaches.
    public init(_ database: any DatabaseReader) { self.database = database }

    /// The root of the tree of the first `size` leaves, which the log has.
    /// - Throws: `PostgresError`; `MissingTile` where the database is damaged.
    public func root(size: Position) async throws -> [UInt8] {
        guard size > 0 else { return MerkleTree.emptyRoot }
        let hashes = try await hashes(of: .root(size: UInt64(size)), size: size)
        return hashes.first ?? MerkleTree.emptyRoot
    }

    /// The hashes of a proof in the tree of the first `size` leaves, which the log has.
    /// - Throws: as `root(size:)`.
    public func hashes(of plan: ProofPlan, size: Position) async throws -> [[UInt8]] {
        var tiles: [TileIndex: [UInt8]] = [:]
        for tile in plan.tiles {
            tiles[tile] = try await hashes(of: tile, width: tile.width(inTreeOf: UInt64(size)))
        }
        return try plan.hashes(from: tiles)
    }

    /// The first `width` hashes of a tile, one after the other; fewer where the log is shorter.
    public func hashes(of tile: TileIndex, width: Int) async throws(PostgresError) -> [UInt8] {
        guard let index = Int64(exactly: tile.index), index <= Int64.max >> 8, tile.level <= TileIndex.highestLevel
        else { return [] }
        let place = Place(level: Int64(tile.level), index: index, width: Int64(width))
        let selection =
            width == TileIndex.width ? LogTree.full : tile.level == 0 ? LogTree.leaves : LogTree.roots
        return try await database.rows(selection, place).first ?? []
    }

    private struct Place: Sendable {
        let level, index, width: Int64
        var start: Int64 { index * Int64(TileIndex.width) }
    }

    private static let full = Selection<Place, [UInt8]>({ try $0.bytes("hashes") }) { place, columns in
        """
        select \(columns) from log.tiles
        where level = \(place.int { $0.level }) and index = \(place.int { $0.index })
        """
    }

    private static let leaves = Selection<Place, [UInt8]>(
        { try $0.bytes("coalesce(string_agg(leaf_hash, ''::bytea order by position), ''::bytea)") },
        { place, columns in
            let start = place.int { $0.start }
            return """
                select \(columns) from log.events
                where position > \(start) and position <= \(start) + \(place.int { $0.width })
                """
        })

    private static let roots = Selection<Place, [UInt8]>(
        { try $0.bytes("coalesce(string_agg(root, ''::bytea order by index), ''::bytea)") },
        { place, columns in
            let start = place.int { $0.start }
            return """
                select \(columns) from log.tiles where level = \(place.int { $0.level - 1 })
                and index >= \(start) and index < \(start) + \(place.int { $0.width })
                """
        })
}
