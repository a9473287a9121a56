/// One SQL statement, prepared once on each connection and found again by its text.
///
/// Keep the statements of hot paths in `static let`s: two copies of one value are equal by a comparison of pointers.
///
/// A *point read* finds exactly one row by an index. Those of one text that wait at the same time a pool runs as a
/// single statement, which costs the server a third, and answers together: so what may take a millisecond should not be
/// called one.
public struct Statement: Hashable, Sendable, ExpressibleByStringLiteral {
    let text: Text

    /// A statement that takes its parameters by number; ``Query`` numbers them by itself.
    public init(_ sql: String) {
        text = Text(sql, many: nil)
    }

    /// A statement that takes its parameters by number; ``Query`` numbers them by itself.
    public init(stringLiteral sql: String) {
        self.init(sql)
    }

    init(_ sql: String, many: ManyPoints) { text = Text(sql, many: many) }

    /// The text that the server prepares.
    public var sql: String { text.sql }

    /// Whether it gives exactly one row, and soon.
    public var isPointRead: Bool { text.many != nil }

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
        /// What runs many of it at once, where it is a point read.
        let many: ManyPoints?

        init(_ sql: String, many: ManyPoints?) {
            var sql = sql
            hash = sql.withUTF8 { bytes in
                var hasher = Hasher()
                hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
                return hasher.finalize()
            }
            self.sql = sql
            self.many = many
        }
    }
}
