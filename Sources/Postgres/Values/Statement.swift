/// One SQL statement, prepared once on each connection and found again by its text.
///
/// Keep the statements of hot paths in `static let`s: two copies of one value are equal by a comparison of pointers.
public struct Statement: Hashable, Sendable, ExpressibleByStringLiteral {
    let text: Text

    /// A statement with parameters `$1`, `$2`, …
    public init(_ sql: String) {
        text = Text(sql)
    }

    /// A statement with parameters `$1`, `$2`, …
    public init(stringLiteral sql: String) {
        self.init(sql)
    }

    /// The text that the server prepares.
    public var sql: String { text.sql }

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

        init(_ sql: String) {
            var sql = sql
            hash = sql.withUTF8 { bytes in
                var hasher = Hasher()
                hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
                return hasher.finalize()
            }
            self.sql = sql
        }
    }
}
