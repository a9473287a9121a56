import Crypto

/// The hashes of RFC 6962, section 2.1. Those above the leaves are the database's: `log.tile_root`.
public enum MerkleTree {
    /// The hash of a leaf: SHA-256(0x00 ‖ entry).
    public static func leafHash(_ entry: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: [0])
        hash.update(data: entry)
        return Array(hash.finalize())
    }
}
