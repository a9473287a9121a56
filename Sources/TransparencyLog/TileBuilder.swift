/// Makes the tiles of a tree that grows, in bounded memory: at most 255 hashes of each level.
public struct TileBuilder: Sendable {
    /// A tile that is full.
    public struct Tile: Sendable, Equatable {
        public let place: TileIndex
        /// Its 256 hashes, one after the other.
        public let hashes: [UInt8]
        /// The hash above them.
        public let root: [UInt8]
    }

    /// For each level, the hashes after its last full tile.
    private var levels: [[[UInt8]]] = [[]]
    /// How many full tiles each level has.
    private var counts: [UInt64] = [0]
    /// How many leaves have been appended.
    public private(set) var size: UInt64 = 0

    public init() {}

    /// Appends the hash of a leaf.
    /// - Returns: the tiles that it completes, from the lowest level up.
    public mutating func append(_ leaf: [UInt8]) -> [Tile] {
        size += 1
        var tiles: [Tile] = []
        var (level, hash) = (0, leaf)
        while true {
            if level == levels.count {
                levels.append([])
                counts.append(0)
            }
            levels[level].append(hash)
            guard levels[level].count == TileIndex.width else { return tiles }
            let tile = Tile(
                place: TileIndex(level: level, index: counts[level]), hashes: Array(levels[level].joined()),
                root: MerkleTree.root(levels[level]))
            tiles.append(tile)
            counts[level] += 1
            levels[level].removeAll(keepingCapacity: true)
            (level, hash) = (level + 1, tile.root)
        }
    }

    /// The root of the tree of all leaves so far.
    public var root: [UInt8] {
        // A level's rest is a run of subtrees of one size; the full ones among them come before the smaller of the level below.
        var root: [UInt8]?
        for hashes in levels where !hashes.isEmpty {
            var peaks: [[UInt8]] = []
            var start = 0
            while start < hashes.count {
                let span = 1 << (Int.bitWidth - 1 - (hashes.count - start).leadingZeroBitCount)
                peaks.append(MerkleTree.root(hashes[start..<start + span]))
                start += span
            }
            for peak in peaks.reversed() { root = root.map { MerkleTree.nodeHash(peak, $0) } ?? peak }
        }
        return root ?? MerkleTree.emptyRoot
    }
}
