import Testing

@testable import TransparencyLog

@Suite struct TileTests {
    @Test(
        arguments: [
            (0, 256, "000"), (7, 256, "007"), (999, 5, "999.p/5"), (1000, 256, "x001/000"),
            (1_234_067, 256, "x001/x234/067"), (1_234_067, 255, "x001/x234/067.p/255"),
        ] as [(UInt64, Int, String)])
    func `A tile's path is its number in groups of three digits`(_ index: UInt64, _ width: Int, _ text: String) {
        #expect(TilePath(index: index, width: width).path == text)
        #expect(TilePath(text) == TilePath(index: index, width: width))
    }

    @Test(arguments: [
        "", "0", "00", "0000", "x000/001", "001/002", "x001", "x001/x234", "001.p", "001.p/", "001.p/0", "001.p/256",
        "001.p/05", "001/", "/001", "001.p/1/2", "x01/001", "X001/001", "٠٠١", "x999/x999/x999/x999/x999/x999/x999/999",
        "+01", "001.p/+1",
    ])
    func `Any other spelling is no path`(_ text: String) { #expect(TilePath(text) == nil) }

    @Test func `A tree of 70,000 leaves has the tiles of the specification's example`() {
        func width(_ level: Int, _ index: UInt64) -> Int {
            TileIndex(level: level, index: index).width(inTreeOf: 70_000)
        }
        #expect(width(0, 272) == 256)
        #expect(width(0, 273) == 112)
        #expect(width(0, 274) == 0)
        #expect([width(1, 0), width(1, 1), width(1, 2)] == [256, 17, 0])
        #expect([width(2, 0), width(2, 1), width(3, 0), width(9, 0)] == [1, 0, 0, 0])
        #expect(TileIndex(level: 1, index: 0).width(inTreeOf: 256) == 1)
        #expect(TileIndex(level: 0, index: .max).width(inTreeOf: .max) == 0)
    }

    @Test func `A builder gives each tile when its last leaf comes`() {
        let tree = ReferenceTree(size: 65_536)
        var builder = TileBuilder()
        var tiles: [TileBuilder.Tile] = []
        for (number, leaf) in tree.leaves.enumerated() {
            let new = builder.append(leaf)
            #expect(new.count == (number == 65_535 ? 2 : (number + 1).isMultiple(of: 256) ? 1 : 0))
            tiles += new
        }
        #expect(tiles.count == 257)
        #expect(tiles[3].place == TileIndex(level: 0, index: 3))
        #expect(tiles[3].hashes == Array(tree.leaves[768..<1024].joined()))
        #expect(tiles[3].root == tree.root(768..<1024))
        #expect(tiles[256].place == TileIndex(level: 1, index: 0))
        #expect(tiles[256].hashes == Array(tiles[..<256].map(\.root).joined()))
        #expect(tiles[256].root == tree.root(0..<65_536))
    }
}
