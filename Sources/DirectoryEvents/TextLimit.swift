/// How long a text may be, in bytes of UTF-8, wherever one comes in.
public struct TextLimit: Sendable, Hashable {
    public let bytes: Int

    public init(bytes: Int) { self.bytes = bytes }

    /// Names, titles and other single lines.
    public static let line = TextLimit(bytes: 256)
    /// E-mail addresses (RFC 5321, section 4.5.3.1.3, without its angle brackets).
    public static let email = TextLimit(bytes: 254)
    public static let url = TextLimit(bytes: 2048)
    /// Text of several paragraphs.
    public static let prose = TextLimit(bytes: 8192)

    public func allows(_ text: String) -> Bool { text.utf8.count <= bytes }
}
