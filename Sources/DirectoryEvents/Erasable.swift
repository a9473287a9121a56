/// A text that a client chose. Erasure removes it from the log for good, so whoever reads an event must expect it to be gone.
public enum Erasable: Sendable, Equatable {
    case text(String)
    case erased

    /// What is shown in place of an erased name.
    public static let placeholder = "[erased]"

    public init(_ text: String) { self = .text(text) }

    /// The text; `nil` if it has been erased.
    public var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    /// The text, or the placeholder.
    public var shown: String { text ?? Self.placeholder }
}

extension Erasable: ExpressibleByStringInterpolation {
    public init(stringLiteral text: String) { self = .text(text) }
}
