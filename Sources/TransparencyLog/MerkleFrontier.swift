/// The right edge of a tree that grows: all that is needed to append leaves and to tell the root, at most one hash for each
/// power of two.
public struct MerkleFrontier: Sendable {
    /// How many leaves have been appended.
    public private(set) var size: UInt64 = 0
    /// The roots of the full subtrees that the leaves form, the largest first.
    private var peaks: [(height: Int, hash: [UInt8])] = []

    public init() {}

    /// Appends the hash of a leaf.
    public mutating func append(_ leaf: [UInt8]) {
        var node = (height: 0, hash: leaf)
        while let last = peaks.last, last.height == node.height {
            node = (node.height + 1, MerkleTree.nodeHash(last.hash, node.hash))
            peaks.removeLast()
        }
        peaks.append(node)
        size += 1
    }

    /// The root of the tree of all leaves so far.
    public var root: [UInt8] { MerkleFrontier.root(of: peaks.map(\.hash)) ?? MerkleTree.emptyRoot }

    /// The root over the roots of adjacent full subtrees, the largest first; `nil` if there are none.
    static func root(of peaks: some BidirectionalCollection<[UInt8]>) -> [UInt8]? {
        guard var root = peaks.last else { return nil }
        for peak in peaks.dropLast().reversed() { root = MerkleTree.nodeHash(peak, root) }
        return root
    }
}
