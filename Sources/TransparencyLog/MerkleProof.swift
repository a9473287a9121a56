/// Verifies proofs of RFC 6962 by the algorithms of RFC 9162, section 2.1.3.2 and 2.1.4.2.
public enum MerkleProof {
    /// Whether a leaf is in a tree.
    /// - Parameters:
    ///   - index: the leaf's number, from 0.
    ///   - hashes: the proof, from the leaf's sibling up.
    public static func includes(
        _ leaf: [UInt8], at index: UInt64, size: UInt64, root: [UInt8], _ hashes: [[UInt8]]
    ) -> Bool {
        guard index < size, areHashes([leaf, root] + hashes) else { return false }
        var (node, last) = (index, size - 1)
        var hash = leaf
        for sibling in hashes {
            guard last > 0 else { return false }
            if node & 1 == 1 || node == last {
                hash = MerkleTree.nodeHash(sibling, hash)
                while node & 1 == 0, node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                hash = MerkleTree.nodeHash(hash, sibling)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && hash == root
    }

    /// Whether a tree has all leaves of a smaller one, in the same order, before its others.
    public static func isConsistent(
        from first: UInt64, root firstRoot: [UInt8], to second: UInt64, root secondRoot: [UInt8], _ hashes: [[UInt8]]
    ) -> Bool {
        // The empty tree has only one root.
        guard first <= second, first > 0 || firstRoot == MerkleTree.emptyRoot else { return false }
        if first == second { return hashes.isEmpty && firstRoot == secondRoot }
        guard areHashes([firstRoot, secondRoot] + hashes) else { return false }
        // Every tree extends the empty one.
        if first == 0 { return hashes.isEmpty }
        guard !hashes.isEmpty else { return false }
        let path = first & (first - 1) == 0 ? [firstRoot] + hashes : hashes
        var (node, last) = (first - 1, second - 1)
        while node & 1 == 1 {
            node >>= 1
            last >>= 1
        }
        var (old, new) = (path[0], path[0])
        for hash in path.dropFirst() {
            guard last > 0 else { return false }
            if node & 1 == 1 || node == last {
                old = MerkleTree.nodeHash(hash, old)
                new = MerkleTree.nodeHash(hash, new)
                while node & 1 == 0, node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                new = MerkleTree.nodeHash(new, hash)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && old == firstRoot && new == secondRoot
    }

    private static func areHashes(_ hashes: [[UInt8]]) -> Bool {
        hashes.allSatisfy { $0.count == MerkleTree.hashLength }
    }
}
