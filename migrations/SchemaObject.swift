import Crypto

/// A piece of the schema that this binary carries: a migration, or a function.
public struct SchemaObject: Sendable {
    /// The file's name without its ending: `0001_log`, `append`.
    public let name: String
    /// The file's text.
    public let sql: String

    init(_ name: String, _ text: [UInt8]) {
        self.init(name, sql: String(decoding: text, as: UTF8.self))
    }

    init(_ name: String, sql: String) {
        self.name = name
        self.sql = sql
    }

    /// The SHA-256 of the text, in lower-case hexadecimal.
    public var checksum: String {
        SHA256.hash(data: Array(sql.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
