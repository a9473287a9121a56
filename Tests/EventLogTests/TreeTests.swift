import EventSourcing
import FoundationEssentials
import TestSupport
import Testing

@testable import EventLog

@Suite struct TreeTests {
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
            #expect(MerkleTree.root(entries.prefix(count).map { MerkleTree.leafHash($0) }).hexadecimal == roots[count])
        }
    }

    /// More than 256 tiles, so that one of the level above is complete, in batches that end on, before and after the edges.
    @Test func `Stored tiles are those of the tree`() async throws {
        let database = try await TestDatabase.withLog()
        var appender = try await Appender(database)
        for count in [1, 254, 1, 1, 255, 600, 255] { try await appender.append(count) }
        while appender.leaves.count < 65_000 { try await appender.append(9_000) }
        try await appender.append(65_535 - appender.leaves.count % 65_536)
        while appender.leaves.count < 65_536 + 300 { try await appender.append(200) }
        let leaves = appender.leaves
        let tiles = try await database.query("select level, index, hashes, root from log.tiles order by level, index")
        let full = leaves.count / 256
        #expect(tiles.count == full + full / 256)
        var roots: [[[UInt8]]] = [leaves]
        for level in 0...1 {
            roots.append(
                stride(from: 0, to: roots[level].count / 256 * 256, by: 256).map {
                    MerkleTree.root(roots[level][$0..<$0 + 256])
                })
        }
        for row in tiles {
            let level = Int(try row.int(0)), index = Int(try row.int(1))
            #expect(try row.bytes(2) == Array(roots[level][index * 256..<(index + 1) * 256].joined()))
            #expect(try row.bytes(3) == roots[level + 1][index])
        }
        #expect(
            try await database.query("select root from log.tiles where level = 1")[0].bytes(0)
                == MerkleTree.root(leaves[..<65_536]))
    }
}
