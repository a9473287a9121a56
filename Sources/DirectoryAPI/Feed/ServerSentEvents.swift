import NIOCore

/// What is written to a stream, in the format of server-sent events (HTML, section 9.2).
enum ServerSentEvents {
    static let contentType = "text/event-stream"

    /// What an event's data is.
    enum Format: Sendable, Hashable {
        /// The entry as the trail shows it.
        case entry
        /// The entry as a CloudEvent from a source.
        case cloudEvent(source: String)
    }

    /// Says nothing, but that the stream is still there.
    static let silence = ByteBuffer(string: ":\n\n")

    /// An event: its id is its position, from which a client goes on.
    static func write(_ entry: AuditEntry, as format: Format, to buffer: inout ByteBuffer) {
        buffer.writeString("event: entry\nid: \(entry.position)\ndata: ")
        switch format {
        case .entry: buffer.writeBytes(entry.json)
        case .cloudEvent(let source): buffer.writeBytes(entry.cloudEvent(from: source))
        }
        buffer.writeString("\n\n")
    }

    /// A word to whoever reads the stream itself; programs skip it.
    static func comment(_ text: String) -> ByteBuffer { ByteBuffer(string: ": \(text)\n\n") }

    /// How long a client is to wait before it connects again.
    static func retry(after time: Duration) -> ByteBuffer {
        ByteBuffer(
            string: "retry: \(time.components.seconds * 1000 + time.components.attoseconds / 1_000_000_000_000_000)\n\n"
        )
    }
}
