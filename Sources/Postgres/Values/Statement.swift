/// One SQL statement, prepared once on each connection and found again by its text.
///
/// Keep the statements of hot paths in `static let`s: two copies of one value are equal by a comparison of pointers.
///
/// A *brief* one finds a few rows by an index. A pool sends several of those at a time, which costs the server half as much,
/// and answers them together: so what may take a millisecond should not be called brief.
public struct Statement: Hashable, Sendable, ExpressibleByStringLiteral {
    let text: Text

    /// A statement with parameters `$1`, `$2`, …
    /// - Parameter isBrief: Whether it always ends at once.
    public init(_ sql: String, isBrief: Bool = false) {
        text = Text(sql, isBrief: isBrief)
    }

    /// A statement with parameters `$1`, `$2`, …
    public init(stringLiteral sql: String) {
        self.init(sql)
    }

    /// The text that the server prepares.
    public var sql: String { text.sql }

    /// Whether it always ends at once.
    public var isBrief: Bool { text.isBrief }

    /// Equal if the texts are equal byte for byte (Swift's `==` on strings would merge two spellings of one letter).
    public static func == (a: Self, b: Self) -> Bool {
        a.text === b.text || (a.text.hash == b.text.hash && a.text.sql.utf8.elementsEqual(b.text.sql.utf8))
    }

    /// Hashes the number that was computed when the statement was made, not the text.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(text.hash)
    }

    /// The text with its hash, which is computed once.
    final class Text: Sendable {
        let sql: String
        let hash: Int
        let isBrief: Bool

        init(_ sql: String, isBrief: Bool) {
            var sql = sql
            hash = sql.withUTF8 { bytes in
                var hasher = Hasher()
                hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
                return hasher.finalize()
            }
            self.sql = sql
            self.isBrief = isBrief
        }
    }
}
