import DirectoryEvents

/// What an e-mail address must look like, wherever one comes in (RFC 6531). It is judged by its code points: a mark after an @
/// makes one character with it, which is no @.
public enum EmailAddress {
    /// The longest address, in bytes of UTF-8 (RFC 5321, section 4.5.3.1.3, without its angle brackets).
    public static let limit = 254
    private static let localLimit = 64
    private static let labelLimit = 63

    /// Whether a text is an address: a local part, one @, and a domain of labels. The form in which it is compared must be one as
    /// well: in lower case some letters take more bytes.
    public static func isValid(_ text: String) -> Bool {
        guard hasForm(text) else { return false }
        let key = SearchText.emailKey(text)
        return key.isIdentical(to: text) || hasForm(key)
    }

    private static func hasForm(_ text: String) -> Bool {
        guard text.utf8.count <= limit else { return false }
        let parts = text.unicodeScalars.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, Substring(parts[0]).utf8.count <= localLimit else { return false }
        let atoms = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        return atoms.allSatisfy { consists($0, of: isAtomText) } && labels.allSatisfy(isLabel)
    }

    private static func isLabel(_ label: Substring.UnicodeScalarView) -> Bool {
        Substring(label).utf8.count <= labelLimit && label.first != "-" && label.last != "-"
            && consists(label) { $0 == "-" }
    }

    /// Whether a text has letters, digits, what else is allowed, and marks on letters and digits; nothing else, and at least one.
    private static func consists(
        _ text: Substring.UnicodeScalarView, of other: (Unicode.Scalar) -> Bool
    ) -> Bool {
        var takesMark = false
        for scalar in text {
            switch Kind(scalar) {
            case .letterOrDigit: takesMark = true
            // On a sign it might make another one, such as ≠.
            case .mark: guard takesMark else { return false }
            case .other:
                guard other(scalar) else { return false }
                takesMark = false
            }
        }
        return !text.isEmpty
    }

    /// The characters of an atom besides letters and digits (RFC 5322, section 3.2.3).
    private static func isAtomText(_ scalar: Unicode.Scalar) -> Bool {
        "!#$%&'*+-/=?^_`{|}~".unicodeScalars.contains(scalar)
    }

    private enum Kind {
        case letterOrDigit, mark, other

        init(_ scalar: Unicode.Scalar) {
            if scalar.isASCII {
                switch scalar.value {
                case 48...57, 65...90, 97...122: self = .letterOrDigit
                default: self = .other
                }
                return
            }
            // Variation selectors are marks, and fillers letters, that nobody can see.
            if scalar.properties.isDefaultIgnorableCodePoint {
                self = .other
                return
            }
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber:
                self = .letterOrDigit
            case .nonspacingMark, .spacingMark, .enclosingMark: self = .mark
            default: self = .other
            }
        }
    }
}
