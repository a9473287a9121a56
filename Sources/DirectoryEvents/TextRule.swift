/// What a text that a client chooses may be, wherever one comes in. It is judged by its code points: a mark makes one character
/// with the space before it, and that character is not a space.
public struct TextRule: Sendable, Hashable {
    /// How long it may be, in bytes of UTF-8.
    public let bytes: Int
    /// Whether tabs and line feeds are allowed.
    public let hasLines: Bool
    /// Whether it must have a visible character.
    public let isName: Bool

    private init(bytes: Int, hasLines: Bool = false, isName: Bool = false) {
        self.bytes = bytes
        self.hasLines = hasLines
        self.isName = isName
    }

    /// Titles, places and other single lines.
    public static let line = TextRule(bytes: 256)
    /// What something or somebody is called: a line that can be seen.
    public static let name = TextRule(bytes: 256, isName: true)
    public static let url = TextRule(bytes: 2048)
    /// Text of several paragraphs.
    public static let prose = TextRule(bytes: 8192, hasLines: true)

    /// Text in a free-form object, which is limited as a whole.
    public static let freeForm = TextRule(bytes: 1 << 20, hasLines: true)

    /// What is wrong with a text, as the end of a sentence that begins with it; `nil` where nothing is.
    public func fault(in text: String) -> String? {
        guard text.utf8.count <= bytes else { return "is longer than \(bytes) bytes" }
        guard isClean(text) else { return "has a control character, or an invisible one that no text may have" }
        guard !isName || text.unicodeScalars.contains(where: \.isVisible) else { return "has no visible character" }
        return nil
    }

    public func allows(_ text: String) -> Bool { fault(in: text) == nil }

    /// A text without what no text may have: of one that is recorded, but is not worth refusing a request for.
    public static func cleaned(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { !$0.isForbiddenInText }))
    }

    private func isClean(_ text: String) -> Bool {
        // What a joiner may follow: something visible, with the marks on it.
        var hasBase = false
        var isJoining = false
        for scalar in text.unicodeScalars {
            if scalar.isForbiddenInText, !(hasLines && (scalar == "\t" || scalar == "\n")) { return false }
            if scalar.isJoiner {
                guard hasBase, !isJoining else { return false }
                isJoining = true
            } else if scalar.isMark {
                // In Bengali a mark follows a joiner; nowhere does one that is itself invisible.
                guard !isJoining || !scalar.properties.isDefaultIgnorableCodePoint else { return false }
                isJoining = false
            } else {
                hasBase = scalar.isVisible
                guard !isJoining || hasBase else { return false }
                isJoining = false
            }
        }
        return !isJoining
    }
}
