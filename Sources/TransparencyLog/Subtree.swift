/// A full subtree of a tree: the leaves from `index << height` on, `1 << height` of them.
public struct Subtree: Hashable, Sendable {
    public let height: Int
    public let index: UInt64

    public init(height: Int, index: UInt64) {
        self.height = height
        self.index = index
    }

    /// The full subtrees that together cover a range of leaves, in order: as they are in every tree that has these leaves.
    ///
    /// The range is one that RFC 6962 splits a tree into: it starts at a multiple of the largest power of two in its length.
    static func covering(_ range: Range<UInt64>) -> [Subtree] {
        var subtrees: [Subtree] = []
        var start = range.lowerBound
        while start < range.upperBound {
            let height = UInt64.bitWidth - 1 - (range.upperBound - start).leadingZeroBitCount
            subtrees.append(Subtree(height: height, index: start >> UInt64(height)))
            start += 1 << UInt64(height)
        }
        return subtrees
    }

    /// The tile whose hashes it is made of, and which of them.
    var place: (tile: TileIndex, hashes: Range<Int>) {
        let level = height / TileIndex.height
        let span = UInt64(1) << UInt64(height % TileIndex.height)
        let first = index * span
        let offset = Int(first % UInt64(TileIndex.width))
        return (TileIndex(level: level, index: first / UInt64(TileIndex.width)), offset..<offset + Int(span))
    }
}
