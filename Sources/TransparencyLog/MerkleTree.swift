import Crypto

/// The hashes of RFC 6962, section 2.1. A hash has 32 bytes.
public enum MerkleTree {
    /// The length of a hash in bytes.
    public static let hashLength = 32

    /// The root of a tree without leaves.
    public static let emptyRoot = Array(SHA256.hash(data: [UInt8]()))

    /// The hash of a leaf: SHA-256(0x00 ‖ entry).
    public static func leafHash(_ entry: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: [0])
        hash.update(data: entry)
        return Array(hash.finalize())
    }

    /// The hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
    public static func nodeHash(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: [1])
        hash.update(data: left)
        hash.update(data: right)
        return Array(hash.finalize())
    }

    /// The root over leaf hashes.
    public static func root(_ leaves: some Sequence<[UInt8]>) -> [UInt8] {
        var frontier = MerkleFrontier()
        for leaf in leaves { frontier.append(leaf) }
        return frontier.root
    }
}
