import TestSupport
import Testing

@testable import TransparencyLog

@Suite struct ProofTests {
    private static let sizes = [1, 2, 3, 5, 7, 8, 9, 255, 256, 257, 300, 511, 512, 513, 700, 1023, 1024, 1030]

    /// All tiles of a tree, partial ones too.
    private func tiles(_ tree: ReferenceTree, size: Int) -> [TileIndex: [UInt8]] {
        var tiles: [TileIndex: [UInt8]] = [:]
        var (level, hashes) = (0, Array(tree.leaves.prefix(size)))
        while !hashes.isEmpty {
            for start in stride(from: 0, to: hashes.count, by: 256) {
                let place = TileIndex(level: level, index: UInt64(start / 256))
                tiles[place] = Array(hashes[start..<min(start + 256, hashes.count)].joined())
            }
            hashes = stride(from: 0, through: hashes.count - 256, by: 256).map { start in
                ReferenceTree(leaves: Array(hashes[start..<start + 256])).root(0..<256)
            }
            level += 1
        }
        return tiles
    }

    /// The roots of the trees of 0 to 8 leaves from the tests of certificate-transparency.
    @Test func `Roots are those published for certificate transparency`() {
        let entries: [[UInt8]] = [
            [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
            [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            [0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
        ]
        let roots = [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ]
        for count in 0...8 {
            let root = MerkleTree.root(entries.prefix(count).map { MerkleTree.leafHash($0) })
            #expect(root.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() == roots[count])
        }
    }

    @Test func `Roots from tiles, from a frontier and from a builder are the tree's`() throws {
        let tree = ReferenceTree(size: 1030)
        var frontier = MerkleFrontier()
        var builder = TileBuilder()
        #expect(frontier.root == tree.root(0..<0))
        #expect(builder.root == tree.root(0..<0))
        for (number, leaf) in tree.leaves.enumerated() {
            frontier.append(leaf)
            _ = builder.append(leaf)
            guard Self.sizes.contains(number + 1) else { continue }
            let root = tree.root(0..<number + 1)
            #expect(frontier.root == root, "\(number + 1)")
            #expect(builder.root == root, "\(number + 1)")
            let plan = ProofPlan.root(size: UInt64(number + 1))
            #expect(try plan.hashes(from: tiles(tree, size: number + 1)) == [root], "\(number + 1)")
        }
    }

    @Test func `Proofs of inclusion are RFC 6962's, and verify`() throws {
        let tree = ReferenceTree(size: 1030)
        for size in Self.sizes {
            let tiles = tiles(tree, size: size), root = tree.root(0..<size)
            for index in Set([0, 1, size / 2, size - 2, size - 1, 254, 255, 256, 257]).filter({ 0..<size ~= $0 }) {
                let plan = try #require(ProofPlan.inclusion(index: UInt64(index), size: UInt64(size)))
                let hashes = try plan.hashes(from: tiles)
                #expect(hashes == tree.path(index, 0..<size), "\(index) of \(size)")
                let leaf = tree.leaves[index]
                #expect(MerkleProof.includes(leaf, at: UInt64(index), size: UInt64(size), root: root, hashes))
                #expect(!MerkleProof.includes(root, at: UInt64(index), size: UInt64(size), root: root, hashes + [root]))
            }
        }
        #expect(ProofPlan.inclusion(index: 5, size: 5) == nil)
    }

    @Test func `Proofs of consistency are RFC 6962's, and verify`() throws {
        let tree = ReferenceTree(size: 1030)
        for second in Self.sizes {
            let tiles = tiles(tree, size: second), root = tree.root(0..<second)
            for first in Self.sizes where first <= second {
                let plan = try #require(ProofPlan.consistency(from: UInt64(first), to: UInt64(second)))
                let hashes = try plan.hashes(from: tiles)
                #expect(hashes == tree.proof(first, 0..<second), "\(first) to \(second)")
                let old = tree.root(0..<first)
                func isConsistent(_ root: [UInt8]) -> Bool {
                    MerkleProof.isConsistent(
                        from: UInt64(first), root: old, to: UInt64(second), root: root, hashes)
                }
                #expect(isConsistent(root), "\(first) to \(second)")
                #expect(!isConsistent(tree.leaves[0].map { $0 ^ 1 }))
            }
        }
        #expect(ProofPlan.consistency(from: 6, to: 5) == nil)
        #expect(ProofPlan.consistency(from: 0, to: 5) == ProofPlan(elements: []))
    }

    @Test func `Every tree extends the empty one, whose root is the hash of nothing`() {
        let tree = ReferenceTree(size: 5)
        let root = tree.root(0..<5)
        #expect(MerkleProof.isConsistent(from: 0, root: MerkleTree.emptyRoot, to: 5, root: root, []))
        #expect(!MerkleProof.isConsistent(from: 0, root: root, to: 5, root: root, []))
    }

    @Test func `A proof reads only the tiles that it needs`() throws {
        // The last leaf of 70,000 and the first: their paths meet at the root.
        let plan = try #require(ProofPlan.inclusion(index: 0, size: 70_000))
        #expect(
            plan.tiles == [
                TileIndex(level: 0, index: 0), TileIndex(level: 1, index: 0), TileIndex(level: 1, index: 1),
                TileIndex(level: 0, index: 273),
            ])
        let tiles = tiles(ReferenceTree(size: 300), size: 300)
        let short = try #require(ProofPlan.inclusion(index: 0, size: 70_000))
        #expect(throws: MissingTile.self) { try short.hashes(from: tiles) }
    }

    @Test func `A damaged proof does not verify`() throws {
        let tree = ReferenceTree(size: 300)
        var random = SeededGenerator(11)
        for _ in 0..<200 {
            let index = Int.random(in: 0..<300, using: &random)
            var path = tree.path(index, 0..<300)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: path[Int.random(in: 0..<path.count, using: &random)][3] ^= 4
            case 1: path.removeLast()
            case 2: path.append(tree.leaves[0])
            default: path.swapAt(0, path.count - 1)
            }
            let isIncluded = MerkleProof.includes(
                tree.leaves[index], at: UInt64(index), size: 300, root: tree.root(0..<300), path)
            #expect(!isIncluded)
        }
    }
}
