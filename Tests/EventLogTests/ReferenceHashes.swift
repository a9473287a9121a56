import Crypto

@testable import EventLog

/// The tree of RFC 6962, section 2.1, to compare the database's tiles with.
extension MerkleTree {
    /// The hash of a node: SHA-256(0x01 ‖ left ‖ right).
    static func nodeHash(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: [1])
        hash.update(data: Array(left))
        hash.update(data: Array(right))
        return Array(hash.finalize())
    }

    /// The root of a tree of these leaf hashes; of none, the hash of nothing.
    static func root(_ leaves: some RandomAccessCollection<[UInt8]>) -> [UInt8] {
        // Full subtrees so far, largest first, as (height, hash): a binary counter of the leaves.
        var peaks: [(height: Int, hash: [UInt8])] = []
        for leaf in leaves {
            var node = (height: 0, hash: leaf)
            while let last = peaks.last, last.height == node.height {
                node = (node.height + 1, nodeHash(last.hash, node.hash))
                peaks.removeLast()
            }
            peaks.append(node)
        }
        guard var root = peaks.popLast()?.hash else { return Array(SHA256.hash(data: [UInt8]())) }
        while let peak = peaks.popLast() { root = nodeHash(peak.hash, root) }
        return root
    }
}

extension Commitment {
    /// Whether text and salt are there and give the hash.
    var isIntact: Bool {
        guard let text, let salt else { return false }
        return Commitment(to: text, salt: salt).hash == hash
    }
}
