/// Latin letters that Unicode does not decompose, and the plain ones that people write for them.
enum LatinLetters {
    /// What is written for a letter in lower case; `nil` for all others.
    static func plain(_ letter: Unicode.Scalar) -> String? {
        guard letter.value >= 0xE6, letter.value <= 0x2C73 else { return nil }
        return table[letter]
    }

    private static let table: [Unicode.Scalar: String] = [
        "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ȷ": "j", "ĸ": "k", "ŋ": "n",
        // With a stroke or a bar.
        "ⱥ": "a", "ƀ": "b", "ȼ": "c", "đ": "d", "ð": "d", "ɇ": "e", "ǥ": "g", "ħ": "h", "ɨ": "i", "ɉ": "j", "ł": "l",
        "ƚ": "l", "ø": "o", "ɵ": "o", "ɍ": "r", "ŧ": "t", "ⱦ": "t", "ʉ": "u", "ɏ": "y", "ƶ": "z",
        // With a hook or a tail.
        "ɓ": "b", "ƈ": "c", "ɖ": "d", "ɗ": "d", "ƒ": "f", "ɠ": "g", "ƙ": "k", "ɲ": "n", "ƞ": "n", "ƥ": "p", "ʈ": "t",
        "ƭ": "t", "ʋ": "v", "ⱳ": "w", "ƴ": "y", "ȥ": "z",
    ]
}
