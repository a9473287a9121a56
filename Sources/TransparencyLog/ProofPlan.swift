/// Which hashes of a tree a proof is made of: worked out from numbers alone, so that whoever makes it reads only the tiles
/// that it needs.
public struct ProofPlan: Sendable, Equatable {
    /// For each hash of the proof, the full subtrees whose roots it is made of, from the left.
    let elements: [[Subtree]]

    /// The root of a tree, as a plan of one hash; of none for an empty tree.
    public static func root(size: UInt64) -> ProofPlan {
        ProofPlan(elements: size == 0 ? [] : [Subtree.covering(0..<size)])
    }

    /// PATH(m, D[n]) of RFC 6962, section 2.1.1.
    /// - Returns: `nil` if the tree has no such leaf.
    public static func inclusion(index: UInt64, size: UInt64) -> ProofPlan? {
        guard index < size else { return nil }
        var elements: [[Subtree]] = []
        var range = 0..<size
        while range.upperBound - range.lowerBound > 1 {
            let middle = range.lowerBound + split(range.upperBound - range.lowerBound)
            let (left, right) = (range.lowerBound..<middle, middle..<range.upperBound)
            elements.append(Subtree.covering(index < middle ? right : left))
            range = index < middle ? left : right
        }
        return ProofPlan(elements: elements.reversed())
    }

    /// PROOF(m, D[n]) of RFC 6962, section 2.1.2; without hashes if the trees are one, or the first is empty.
    /// - Returns: `nil` if the first tree is larger than the second.
    public static func consistency(from first: UInt64, to second: UInt64) -> ProofPlan? {
        guard first <= second else { return nil }
        guard first > 0, first < second else { return ProofPlan(elements: []) }
        var elements: [[Subtree]] = []
        var range = 0..<second
        // Whether the range is one of the first tree's own subtrees, whose hash the verifier has.
        var isKnown = true
        while range.upperBound != first {
            let middle = range.lowerBound + split(range.upperBound - range.lowerBound)
            let (left, right) = (range.lowerBound..<middle, middle..<range.upperBound)
            if first <= middle {
                elements.append(Subtree.covering(right))
                range = left
            } else {
                elements.append(Subtree.covering(left))
                range = right
                isKnown = false
            }
        }
        if !isKnown { elements.append(Subtree.covering(range)) }
        return ProofPlan(elements: elements.reversed())
    }

    /// The largest power of two that is smaller than a number of leaves, which is at least two.
    private static func split(_ count: UInt64) -> UInt64 {
        1 << UInt64(UInt64.bitWidth - 1 - (count - 1).leadingZeroBitCount)
    }

    /// The tiles that the hashes are in.
    public var tiles: Set<TileIndex> { Set(elements.joined().map(\.place.tile)) }

    /// The hashes of the proof.
    /// - Parameter tiles: the hashes of each of `tiles`, one after the other; of a partial one, as many as the tree has.
    /// - Throws: `MissingTile` if one is not there or too short.
    public func hashes(from tiles: [TileIndex: [UInt8]]) throws(MissingTile) -> [[UInt8]] {
        var hashes: [[UInt8]] = []
        for subtrees in elements {
            var roots: [[UInt8]] = []
            for subtree in subtrees { roots.append(try ProofPlan.root(of: subtree, in: tiles)) }
            if let hash = MerkleFrontier.root(of: roots) { hashes.append(hash) }
        }
        return hashes
    }

    private static func root(of subtree: Subtree, in tiles: [TileIndex: [UInt8]]) throws(MissingTile) -> [UInt8] {
        let (tile, range) = subtree.place
        let length = MerkleTree.hashLength
        guard let bytes = tiles[tile], bytes.count >= range.upperBound * length else { throw MissingTile(tile: tile) }
        return MerkleTree.root(range.map { Array(bytes[$0 * length..<($0 + 1) * length]) })
    }
}

/// A tile that a proof needs is not there.
public struct MissingTile: Error, CustomStringConvertible {
    public let tile: TileIndex
    public var description: String { "tile \(tile.index) of level \(tile.level) is missing or too short" }
}
