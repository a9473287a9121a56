import Foundation

/// The forms in which text is compared. They are made here, once, and nowhere in SQL.
public enum SearchText {
    /// Without regard to case: Unicode's full case folding (ß and ẞ are ss), but for Cherokee, which comes out in lower case.
    public static func folded(_ text: String) -> String {
        if isASCII(text) { return text.lowercased() }
        var folded = ""
        for scalar in text.unicodeScalars {
            // The standard library has no folding, but this comes to the same, save for dotless ı: it is a letter of its own,
            // and taken for an i it would let one mailbox's owner pass for another's.
            if scalar == "\u{131}" {
                folded.unicodeScalars.append(scalar)
            } else {
                folded += scalar.properties.lowercaseMapping.uppercased().lowercased()
            }
        }
        return folded
    }

    /// The key under which an e-mail address is unique.
    public static func emailKey(_ email: String) -> String {
        isASCII(email) ? email.lowercased() : folded(email.precomposedStringWithCanonicalMapping)
    }

    /// The words of a name or of a search for one: folded, without accents, each once, in order of appearance.
    public static func words(_ name: String) -> [String] {
        var words: [String] = []
        var seen: Set<[UInt8]> = []
        // By scalars: a space and a combining mark after it are one character, which is not a space.
        for scalars in letters(name).unicodeScalars.split(separator: " ") {
            let word = String(scalars)
            if seen.insert(Array(word.utf8)).inserted { words.append(word) }
        }
        return words
    }

    /// Letters and digits, folded and without accents; everything else is a space.
    private static func letters(_ text: String) -> String {
        if isASCII(text) { return asciiLetters(text) }
        var scalars = String.UnicodeScalarView()
        for scalar in folded(text).decomposedStringWithCanonicalMapping.unicodeScalars {
            if isAccent(scalar) { continue }
            scalars.append(isPartOfWord(scalar) ? scalar : " ")
        }
        return String(scalars)
    }

    private static func isASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 0x80 } }

    /// The same for ASCII alone, which needs no tables.
    private static func asciiLetters(_ text: String) -> String {
        let bytes = text.utf8.map { byte -> UInt8 in
            switch byte {
            case 65...90: byte + 32
            case 48...57, 97...122: byte
            default: UInt8(ascii: " ")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isAccent(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0300...0x036F, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF, 0xFE20...0xFE2F: true
        default: false
        }
    }

    private static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.properties.isAlphabetic || (48...57).contains(scalar.value) }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .nonspacingMark, .spacingMark:
            return true
        default: return false
        }
    }
}
