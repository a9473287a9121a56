import CanonicalJSON
import EventLog
import EventSourcing
import FoundationEssentials

/// A log as `directory export` writes it: a line that says which log it is, then a line for each event.
struct ExportedLog {
    /// What the first line says.
    struct Header {
        static let format = "directory-log@1"

        let log: UUID
        /// The log's name; `nil` where no service has started yet.
        let origin: String?
        /// The position after which the export begins.
        let after: Position
        /// The position of its last event.
        let through: Position

        /// The line, without its end.
        var line: [UInt8] {
            var writer = JSONWriter()
            writer.beginObject()
            writer.member("format", Header.format)
            writer.member("log", log.text)
            if let origin { writer.member("origin", origin) }
            writer.member("after", after)
            writer.member("through", through)
            writer.endObject()
            return writer.bytes
        }

        init(log: UUID, origin: String?, after: Position, through: Position) {
            (self.log, self.origin, self.after, self.through) = (log, origin, after, through)
        }

        init?(_ json: JSON) {
            guard json["format"]?.string == Header.format, let log = json["log"]?.string.flatMap({ UUID(text: $0) }),
                let after = json["after"]?.integer, let through = json["through"]?.integer
            else { return nil }
            self.init(log: log, origin: json["origin"]?.string, after: after, through: through)
        }
    }

    let header: Header
    private var lines: FileLines

    /// Opens a file.
    /// - Throws: `Failure` if it is not such an export.
    init(path: String) throws {
        lines = try FileLines(path: path)
        guard let line = try lines.next(), let json = try? JSON(parsing: line, limits: .trusted),
            let header = Header(json)
        else { throw Failure("\(path):1: it is not an export of a log, since this line does not say which log it is.") }
        self.header = header
    }

    /// The next event; `nil` after the last.
    /// - Parameter position: where it must be in the log.
    /// - Throws: `LogFinding` if the line is not an event.
    mutating func next(at position: Position) throws -> StoredEvent? {
        guard let line = try lines.next() else { return nil }
        do {
            return try StoredEvent(exported: JSON(parsing: line, limits: .trusted))
        } catch {
            throw LogFinding(at: position, "its line is not an event: \(error)")
        }
    }
}

extension StoredEvent {
    /// Why a line is not an event.
    private struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads what `exported` writes. Whatever is in the line is in the entry, or committed to by it; a member of another name
    /// is refused.
    init(exported json: JSON) throws {
        var members: [String: JSON] = [:]
        for member in json.members ?? [] { members[member.name] = member.value }
        func take<T>(_ name: String, _ read: (JSON) throws -> T?) throws -> T? {
            guard let value = members.removeValue(forKey: name) else { return nil }
            guard let read = try read(value) else { throw Unreadable(description: "`\(name)` cannot be read") }
            return read
        }
        func need<T>(_ name: String, _ read: (JSON) throws -> T?) throws -> T {
            guard let value = try take(name, read) else { throw Unreadable(description: "`\(name)` is missing") }
            return value
        }
        let id = { (json: JSON) in json.string.flatMap { UUID(text: $0) } }
        let time = { (json: JSON) in json.string.flatMap { Instant(rfc3339: $0) } }
        let data = try take("data") { $0.canonicalBytes() }
        let payload = EncodedPayload(
            type: try need("type", \.string),
            schema: Int(try need("schema") { $0.integer.flatMap { Int16(exactly: $0) } }),
            organization: try take("organization", id), stream: try need("stream", id),
            streamType: try need("streamType", \.string), related: try take("related", id), data: nil, sealed: nil)
        self.init(
            position: try need("position", \.integer), id: try need("id", id), payload: payload, data: data,
            sealed: try take("sealed", Commitment.init(exported:)), actor: try take("actor", id),
            actorRole: try need("actorRole", \.string), actorKey: try take("actorKey", id),
            origin: try take("origin", Commitment.init(exported:)), recordedAt: try need("recordedAt", time),
            effectiveAt: try take("effectiveAt", time), causation: try take("causation", \.integer),
            leafHash: try need("leafHash") { $0.string.flatMap { Array(hexadecimal: $0) } })
        if let name = members.keys.min() { throw Unreadable(description: "`\(name)` is unknown") }
    }
}

extension Commitment {
    fileprivate init?(exported json: JSON) {
        guard let hash = json["hash"]?.string.flatMap({ [UInt8](hexadecimal: $0) }) else { return nil }
        self.init(
            text: json["text"]?.canonicalBytes(), salt: json["salt"]?.string.flatMap { [UInt8](hexadecimal: $0) },
            hash: hash)
    }
}

extension [UInt8] {
    /// The bytes of a hexadecimal text in lower case; `nil` if it is not one.
    init?(hexadecimal text: String) {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        self = []
        reserveCapacity(digits.count / 2)
        for place in stride(from: 0, to: digits.count, by: 2) {
            guard let high = Self.value(digits[place]), let low = Self.value(digits[place + 1]) else { return nil }
            append(high << 4 | low)
        }
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 48...57: digit - 48
        case 97...102: digit - 87
        default: nil
        }
    }
}
