/// Where a tile is in a tree (c2sp.org/tlog-tiles): 256 consecutive hashes of one level, each the root of a full tile of the
/// level below; on level 0, hashes of leaves.
public struct TileIndex: Hashable, Sendable {
    /// How many levels of the tree one tile covers.
    public static let height = 8
    /// How many hashes a full tile has.
    public static let width = 256
    /// The highest level.
    public static let highestLevel = 63

    public let level: Int
    public let index: UInt64

    public init(level: Int, index: UInt64) {
        self.level = level
        self.index = index
    }

    /// How many hashes the tile has in a tree of a size: 256 if it is full, 0 if it is not there.
    public func width(inTreeOf size: UInt64) -> Int {
        let shift = TileIndex.height * level
        // Beyond 63 bits not even one hash is complete.
        guard shift < UInt64.bitWidth else { return 0 }
        let (first, isTooFar) = index.multipliedReportingOverflow(by: UInt64(TileIndex.width))
        let hashes = size >> UInt64(shift)
        guard !isTooFar, hashes > first else { return 0 }
        return Int(min(hashes - first, UInt64(TileIndex.width)))
    }
}

/// The path of a tile or of a bundle of entries, below its level: `x001/x234/067` or, if it is partial, `x001/x234/067.p/5`.
public struct TilePath: Equatable, Sendable {
    public let index: UInt64
    /// How many hashes or entries are asked for: 256, or fewer of a partial tile.
    public let width: Int

    public init(index: UInt64, width: Int = TileIndex.width) {
        self.index = index
        self.width = width
    }

    /// Parses a path; `nil` if it is not written in exactly this form.
    public init?(_ text: some StringProtocol) {
        var elements = String(text).unicodeScalars.split(separator: "/", omittingEmptySubsequences: false).map {
            String($0)
        }
        var width = TileIndex.width
        if elements.count > 1, let last = elements.dropLast().last, last.hasSuffix(".p") {
            guard let number = Decimal.parse(elements[elements.count - 1]), (1..<256).contains(number) else {
                return nil
            }
            width = Int(number)
            elements.removeLast()
            elements[elements.count - 1].removeLast(2)
        }
        var index: UInt64 = 0
        for (place, element) in elements.enumerated() {
            var digits = element.utf8[...]
            if place < elements.count - 1, digits.popFirst() != UInt8(ascii: "x") { return nil }
            guard digits.count == 3, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
            for digit in digits {
                let (tens, isTooFar) = index.multipliedReportingOverflow(by: 10)
                guard !isTooFar, tens <= UInt64.max - 9 else { return nil }
                index = tens + UInt64(digit - 48)
            }
        }
        self.init(index: index, width: width)
        // A leading x000 is another spelling.
        guard path.utf8.elementsEqual(text.utf8) else { return nil }
    }

    /// The path as text.
    public var path: String {
        var rest = index
        var elements = [TilePath.element(rest % 1000)]
        while rest >= 1000 {
            rest /= 1000
            elements.insert("x" + TilePath.element(rest % 1000), at: 0)
        }
        let path = elements.joined(separator: "/")
        return width < TileIndex.width ? "\(path).p/\(width)" : path
    }

    private static func element(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 3 - digits.count) + digits
    }
}
