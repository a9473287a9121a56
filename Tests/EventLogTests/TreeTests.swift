import EventSourcing
import FoundationEssentials
import TestSupport
import Testing
import TransparencyLog

@testable import EventLog

@Suite struct TreeTests {
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
