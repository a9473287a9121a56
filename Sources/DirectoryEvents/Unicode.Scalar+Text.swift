extension Unicode.Scalar {
    /// Whether no text may have it: control characters, what reorders the text around it, and what nobody can see. Tab and line
    /// feed are among them; a rule may allow these two.
    var isForbiddenInText: Bool {
        switch value {
        case 0...0x1F, 0x7F...0x9F: true  // control characters
        case 0x202A...0x202E, 0x2066...0x2069: true  // bidirectional embeddings, overrides and isolates
        case 0xAD, 0x200B, 0x2060...0x2064, 0xFEFF: true  // soft hyphen, spaces without width, operators without a sign
        default: false
        }
    }

    /// Whether it joins or separates the characters around it (U+200C, U+200D), as Persian, Indic scripts and emoji need it.
    var isJoiner: Bool { value == 0x200C || value == 0x200D }

    /// Whether it is a combining mark that takes no space of its own.
    var isMark: Bool {
        if value < 0x300 { return false }
        return switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark: true
        default: false
        }
    }

    /// Whether one sees something where it is: no white space, no filler, and more than a mark on something else.
    var isVisible: Bool {
        if isASCII { return value > 0x20 && value != 0x7F }
        // The blank pattern of Braille is a symbol by its properties; the fillers of Hangul are ignorable.
        if value == 0x2800 || isMark { return false }
        if properties.isWhitespace || properties.isDefaultIgnorableCodePoint || properties.isNoncharacterCodePoint {
            return false
        }
        return switch properties.generalCategory {
        case .control, .format: false
        default: true
        }
    }
}
