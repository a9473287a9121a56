import DirectoryEvents

/// What an e-mail address must look like, wherever one comes in.
public enum EmailAddress {
    /// Whether a text is one: a local part, an @, and a domain of labels; no white space or control characters. RFC 6531 allows
    /// any letter.
    public static func isValid(_ text: String) -> Bool {
        guard TextLimit.email.allows(text), let at = text.lastIndex(of: "@") else { return false }
        let local = text[..<at]
        let domain = text[text.index(after: at)...]
        let isPrintable = text.unicodeScalars.allSatisfy { scalar in
            !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control
                && !"<>(),;:\\\"[]".unicodeScalars.contains(scalar)
        }
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        return isPrintable && !local.isEmpty && local.utf8.count <= 64 && !local.contains("@")
            && !local.hasPrefix(".") && !local.hasSuffix(".") && !local.contains("..")
            && !labels.isEmpty
            && labels.allSatisfy { !$0.isEmpty && $0.utf8.count <= 63 && !$0.hasPrefix("-") && !$0.hasSuffix("-") }
    }
}
