import Foundation
import TestSupport

/// Makes hostile texts: known ones, changed in a few places.
struct Mutator {
    private let seeds: [String]
    private let tokens: [String]

    /// - Parameters:
    ///   - seeds: the texts to start from.
    ///   - tokens: what is inserted, besides characters that are known to make trouble.
    init(_ seeds: [String], _ tokens: [String] = []) {
        self.seeds = seeds
        self.tokens = tokens
    }

    func text(_ random: inout SeededGenerator) -> String {
        var scalars = Array(random.pick(seeds).unicodeScalars)
        for _ in 0..<Int.random(in: 0...4, using: &random) { change(&scalars, &random) }
        let text = String(String.UnicodeScalarView(scalars))
        switch Int.random(in: 0..<24, using: &random) {
        case 0: return text.uppercased()
        case 1: return text.lowercased()
        case 2: return text.decomposedStringWithCanonicalMapping
        case 3: return text.precomposedStringWithCanonicalMapping
        case 4: return text + text
        default: return text
        }
    }

    /// A hostile text as bytes, some of which are no UTF-8.
    func bytes(_ random: inout SeededGenerator) -> [UInt8] {
        var bytes = Array(text(&random).utf8)
        guard random.chance(30) else { return bytes }
        for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
            let index = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: index)
            default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
            }
        }
        return bytes
    }

    /// One of the known texts, unchanged.
    func seed(_ random: inout SeededGenerator) -> [UInt8] { Array(random.pick(seeds).utf8) }

    private func change(_ scalars: inout [Unicode.Scalar], _ random: inout SeededGenerator) {
        let index = Int.random(in: 0...scalars.count, using: &random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0...2: scalars.insert(Mutator.scalar(&random), at: index)
        case 3 where !tokens.isEmpty: scalars.insert(contentsOf: random.pick(tokens).unicodeScalars, at: index)
        case 4 where index < scalars.count: scalars[index] = Mutator.scalar(&random)
        case 5 where index < scalars.count: scalars.remove(at: index)
        case 6:
            let other = Array(random.pick(seeds).unicodeScalars)
            scalars = Array(scalars.prefix(index)) + other.suffix(other.count / 2)
        default:
            let end = min(index + Int.random(in: 1...8, using: &random), scalars.count)
            let many = random.chance(5) ? 40 : 1
            for _ in 0..<many { scalars.insert(contentsOf: scalars[index..<end], at: index) }
        }
    }

    private static func scalar(_ random: inout SeededGenerator) -> Unicode.Scalar {
        switch Int.random(in: 0..<10, using: &random) {
        case 0...4: random.pick(troublesome)
        case 5...6: Unicode.Scalar(UInt8.random(in: 0..<128, using: &random))
        case 7...8: Unicode.Scalar(UInt16.random(in: 0x80..<0xD800, using: &random)) ?? "x"
        default: Unicode.Scalar(UInt32.random(in: 0x10000...0x10FFFF, using: &random)) ?? "x"
        }
    }

    private static let troublesome: [Unicode.Scalar] = [
        // Joiners, fillers, and what is invisible.
        "\u{0}", "\u{7F}", "\u{85}", "\u{A0}", "\u{AD}", "\u{200B}", "\u{200C}", "\u{200D}", "\u{200E}", "\u{202E}",
        "\u{2028}", "\u{2060}", "\u{2066}", "\u{2800}", "\u{3164}", "\u{115F}", "\u{FEFF}", "\u{FE0F}", "\u{34F}",
        "\u{E0041}", "\u{FFFF}",
        // Marks, and letters that change their shape or number in another case or normal form.
        "\u{301}", "\u{307}", "\u{308}", "\u{323}", "\u{338}", "\u{345}", "\u{5B0}", "\u{654}", "\u{93E}", "\u{3099}",
        "\u{DF}", "\u{1E9E}", "\u{17F}", "\u{130}", "\u{131}", "\u{149}", "\u{1F0}", "\u{23A}", "\u{390}", "\u{3C2}",
        "\u{587}", "\u{1F80}", "\u{1FB3}", "\u{1FFD}", "\u{1FEF}", "\u{212A}", "\u{2126}", "\u{FB01}", "\u{FDFA}",
        "\u{3300}", "\u{958}", "\u{13A0}", "\u{AC00}", "\u{1100}", "\u{142}", "\u{F8}",
        // What has a meaning in names, addresses, URLs or JSON.
        "'", "\u{2019}", "\u{B4}", "-", "\u{2011}", "@", ".", "+", "%", "&", "=", "/", "\\", "\"", " ", "\n", "\t",
    ]
}
