import Foundation

/// The forms in which text is compared. They are made here, once, and nowhere in SQL.
public enum SearchText {
    /// The key under which an e-mail address is unique.
    public static func emailKey(_ email: String) -> String { caseless(email) }

    /// A text in lower case, in the normal form NFC: of texts that differ in case alone it is the same.
    ///
    /// It is not case *folding*, to which ß is ss and ſ is s: one mailbox's owner would pass for another's. Lower case of a normal
    /// form is not always normal, hence twice.
    public static func caseless(_ text: String) -> String {
        if isASCII(text) { return text.lowercased() }
        var lower = String.UnicodeScalarView()
        for scalar in composed(text).unicodeScalars {
            if scalar == "ς" {
                lower.append("σ")
            } else {
                lower.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
            }
        }
        return composed(String(lower))
    }

    /// A normal form of a text: of two that are canonically equivalent it is the same. It is NFC, except that letters beyond the
    /// basic plane stay decomposed: Foundation takes one that a mark follows for the letter with the same last 16 bits.
    private static func composed(_ text: String) -> String {
        var composed = ""
        var basic = String.UnicodeScalarView()
        for scalar in text.decomposedStringWithCanonicalMapping.unicodeScalars {
            guard scalar.value > 0xFFFF else {
                basic.append(scalar)
                continue
            }
            composed += String(basic).precomposedStringWithCanonicalMapping
            composed.unicodeScalars.append(scalar)
            basic.removeAll()
        }
        return composed + String(basic).precomposedStringWithCanonicalMapping
    }

    /// The words under whose beginnings a name is found, each once, in order of appearance. One with apostrophes or hyphens is
    /// found from each of its parts on: O'Brien-Lee under obrienlee, brienlee and lee.
    public static func words(_ name: String) -> [String] {
        let words = words(in: name).flatMap { parts in
            parts.count == 1 ? parts : parts.indices.map { parts[$0...].joined() }
        }
        return unique(words)
    }

    /// The words that a search is for: a name is found if each of them begins a word of the name's. Where one has apostrophes or
    /// hyphens there are two lists, and each finds: with its parts as one word, and with its parts as words.
    public static func searches(_ text: String) -> [[String]] {
        let words = words(in: text)
        let whole = unique(words.map { $0.joined() })
        return words.contains { $0.count > 1 } ? [whole, unique(words.flatMap { $0 })] : [whole]
    }

    /// A text without what a search does not regard: case (full case folding: ß is ss), marks, compatibility forms, and what is
    /// invisible. Apostrophes and hyphens of all kinds are `-`.
    public static func plain(_ text: String) -> String.UnicodeScalarView {
        if isASCII(text) { return plainASCII(text) }
        // Some apostrophes come apart into a space and a mark, so they are looked for first.
        var source = String.UnicodeScalarView()
        for scalar in text.decomposedStringWithCanonicalMapping.unicodeScalars {
            source.append(scalar.isJoint ? "-" : scalar)
        }
        var folded = ""
        for scalar in String(source).decomposedStringWithCompatibilityMapping.unicodeScalars {
            // The standard library has no case folding, but this comes to the same, save for Cherokee, which is in lower case.
            folded += scalar.properties.lowercaseMapping.uppercased().lowercased()
        }
        var plain = String.UnicodeScalarView()
        for scalar in folded.decomposedStringWithCompatibilityMapping.unicodeScalars where !scalar.isDisregarded {
            if let letters = LatinLetters.plain(scalar) {
                plain.append(contentsOf: letters.unicodeScalars)
            } else {
                plain.append(scalar.isJoint ? "-" : scalar)
            }
        }
        return plain
    }

    /// The same for ASCII alone, which needs no tables.
    private static func plainASCII(_ text: String) -> String.UnicodeScalarView {
        let bytes = text.utf8.map { byte -> UInt8 in
            switch byte {
            case 65...90: byte + 32
            case UInt8(ascii: "'"), UInt8(ascii: "`"): UInt8(ascii: "-")
            default: byte
            }
        }
        return String(decoding: bytes, as: UTF8.self).unicodeScalars
    }

    /// The words of a text, each as its parts between apostrophes and hyphens.
    private static func words(in text: String) -> [[String]] {
        if isASCII(text) { return wordsOfASCII(text) }
        // By scalars: a space and a mark after it are one character, which is not a space.
        return plain(text).split { !$0.isPartOfWord && $0 != "-" }.map { word in
            word.split(separator: "-").map { String($0) }
        }
        .filter { !$0.isEmpty }
    }

    /// The same for ASCII alone: most names, and each is taken apart several times while it is changed.
    private static func wordsOfASCII(_ text: String) -> [[String]] {
        var words: [[String]] = []
        var parts: [String] = []
        var part: [UInt8] = []
        func endPart() {
            if !part.isEmpty { parts.append(String(decoding: part, as: UTF8.self)) }
            part.removeAll(keepingCapacity: true)
        }
        func endWord() {
            endPart()
            if !parts.isEmpty { words.append(parts) }
            parts = []
        }
        for byte in text.utf8 {
            switch byte {
            case 48...57, 97...122: part.append(byte)
            case 65...90: part.append(byte + 32)
            case UInt8(ascii: "-"), UInt8(ascii: "'"), UInt8(ascii: "`"): endPart()
            default: endWord()
            }
        }
        endWord()
        return words
    }

    /// Each once, by its bytes.
    private static func unique(_ words: [String]) -> [String] {
        // Of a few it is cheaper to compare each with each.
        if words.count <= 8 {
            return words.indices.filter { at in !words[..<at].contains { $0.isIdentical(to: words[at]) } }
                .map { words[$0] }
        }
        var seen: Set<[UInt8]> = []
        return words.filter { seen.insert(Array($0.utf8)).inserted }
    }

    private static func isASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 0x80 } }
}

extension Unicode.Scalar {
    /// Whether it is an apostrophe or a hyphen, or is used as one.
    fileprivate var isJoint: Bool {
        switch value {
        case 0x27, 0x60, 0xB4, 0x2B9...0x2BD, 0x2C8, 0x55A, 0x5F3, 0x5F4, 0x2018...0x201B, 0x2032, 0xA78B, 0xA78C,
            0xFF07:
            true
        case 0x2212: true
        default: properties.generalCategory == .dashPunctuation
        }
    }

    /// Whether a search does not regard it: marks of every script, and what is invisible.
    fileprivate var isDisregarded: Bool {
        if isASCII { return false }
        return switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .format: true
        default: properties.isDefaultIgnorableCodePoint
        }
    }

    fileprivate var isPartOfWord: Bool {
        if isASCII { return properties.isAlphabetic || (48...57).contains(value) }
        return switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber:
            true
        default: false
        }
    }
}
