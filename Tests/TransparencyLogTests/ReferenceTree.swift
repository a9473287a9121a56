import Crypto

/// The tree, its proofs and their meaning as RFC 6962, section 2.1, defines them, by recursion over all leaves: what the
/// module works out from tiles is compared with it.
struct ReferenceTree {
    let leaves: [[UInt8]]

    func root(_ range: Range<Int>) -> [UInt8] {
        if range.isEmpty { return Array(SHA256.hash(data: [UInt8]())) }
        if range.count == 1 { return leaves[range.lowerBound] }
        let middle = range.lowerBound + split(range.count)
        let pair = root(range.lowerBound..<middle) + root(middle..<range.upperBound)
        return Array(SHA256.hash(data: [1] + pair))
    }

    func path(_ index: Int, _ range: Range<Int>) -> [[UInt8]] {
        if range.count == 1 { return [] }
        let middle = range.lowerBound + split(range.count)
        return index < middle
            ? path(index, range.lowerBound..<middle) + [root(middle..<range.upperBound)]
            : path(index, middle..<range.upperBound) + [root(range.lowerBound..<middle)]
    }

    /// PROOF(m, D[n]), with the range of D[n] and whether it is a subtree of the first tree.
    func proof(_ first: Int, _ range: Range<Int>, isKnown: Bool = true) -> [[UInt8]] {
        if range.lowerBound + first == range.upperBound { return isKnown ? [] : [root(range)] }
        let half = split(range.count), middle = range.lowerBound + half
        return first <= half
            ? proof(first, range.lowerBound..<middle, isKnown: isKnown) + [root(middle..<range.upperBound)]
            : proof(first - half, middle..<range.upperBound, isKnown: false) + [root(range.lowerBound..<middle)]
    }

    private func split(_ count: Int) -> Int {
        var power = 1
        while power * 2 < count { power *= 2 }
        return power
    }
}

extension ReferenceTree {
    /// A tree of leaves that are the hashes of their numbers.
    init(size: Int) {
        self.init(
            leaves: (0..<size).map { number in
                Array(SHA256.hash(data: [0] + withUnsafeBytes(of: UInt64(number).bigEndian) { Array($0) }))
            })
    }
}
