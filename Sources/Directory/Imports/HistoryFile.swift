import CanonicalJSON
import Crypto
import EventSourcing

/// A history to be imported: a JSON object a line, in the order in which they took effect.
public struct HistoryFile: Sendable {
    /// Its lines, without empty ones.
    public let lines: [ImportLine]
    /// How many lines it has, empty ones included.
    public var lineCount: Int { texts.count }
    private let texts: [ArraySlice<UInt8>]

    /// Reads a file.
    /// - Parameter now: no line may be later: those that follow it would be refused for ever.
    /// - Throws: the first thing that is wrong with it, before anything is imported.
    public init(parsing bytes: [UInt8], now: Instant) throws(HistoryError) {
        var texts = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // What follows the last line feed is a line only if there is something.
        if texts.last?.isEmpty == true { texts.removeLast() }
        var reader = HistoryReader(now: now)
        var lines: [ImportLine] = []
        for (index, text) in texts.enumerated() where !text.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) {
            lines.append(try reader.read(text, number: index + 1))
        }
        self.texts = texts
        self.lines = lines
    }

    /// The SHA-256 digest of the first lines, each followed by a line feed; of all lines, that of the file.
    public func digest(ofFirst count: Int) -> String {
        var hash = SHA256()
        for text in texts.prefix(count) {
            hash.update(data: text)
            hash.update(data: [UInt8(ascii: "\n")])
        }
        return hash.finalize().hexadecimal
    }

    /// What the log records of it.
    public var record: ImportedFile { ImportedFile(lines: lineCount, digest: digest, begins: lines.first?.at) }

    /// The digest of all lines.
    public var digest: String { digest(ofFirst: lineCount) }
}
