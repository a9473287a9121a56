import CanonicalJSON
import EventSourcing
import FoundationEssentials

/// An event as the log stores it: the envelope that a leaf hashes, the texts of its commitments, and the leaf itself.
public struct StoredEvent: Sendable, Equatable {
    /// Its place in the log.
    public var position: Position
    /// Its own id, a UUID of version 7.
    public var id: UUID
    /// What happened, whose it is, and its fields.
    public var payload: EncodedPayload
    /// The text of `payload.data`, byte for byte what was hashed.
    public var data: [UInt8]?
    /// The commitment to what a client chose; `nil` where there is nothing such. Its text is `nil` once erased.
    public var sealed: Commitment?
    /// Who caused it.
    public var actor: UUID?
    /// The highest role by which its command was permitted.
    public var actorRole: String
    /// The organization key that signed the request's token.
    public var actorKey: UUID?
    /// The commitment to where the request came from; `nil` where it was none. Its text is `nil` once erased.
    public var origin: Commitment?
    /// When it was appended.
    public var recordedAt: Instant
    /// When it took effect, where that differs.
    public var effectiveAt: Instant?
    /// The position of its command's first event, on the others.
    public var causation: Position?
    /// RFC 6962: SHA-256(0x00 ‖ entry).
    public var leafHash: [UInt8]

    /// An event as it is stored.
    public init(
        position: Position, id: UUID, payload: EncodedPayload, data: [UInt8]? = nil, sealed: Commitment? = nil,
        actor: UUID? = nil,
        actorRole: String, actorKey: UUID? = nil, origin: Commitment? = nil, recordedAt: Instant,
        effectiveAt: Instant? = nil, causation: Position? = nil, leafHash: [UInt8]
    ) {
        self.position = position
        self.id = id
        self.payload = payload
        self.data = data
        self.sealed = sealed
        self.actor = actor
        self.actorRole = actorRole
        self.actorKey = actorKey
        self.origin = origin
        self.recordedAt = recordedAt
        self.effectiveAt = effectiveAt
        self.causation = causation
        self.leafHash = leafHash
    }

    /// When the change took effect.
    public var time: Instant { effectiveAt ?? recordedAt }
}

extension StoredEvent {
    /// The canonical bytes whose hash is the leaf (RFC 8785). Members are in the order of their names.
    public var entry: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 768)
        writer.beginObject()
        if let actor { writer.member("actor", actor.text) }
        if let actorKey { writer.member("actorKey", actorKey.text) }
        writer.member("actorRole", actorRole)
        if let causation { writer.member("causation", causation) }
        if let data {
            writer.name("data")
            writer.raw(data)
        }
        if let effectiveAt { writer.member("effectiveAt", effectiveAt.description) }
        writer.member("id", id.text)
        if let organization = payload.organization { writer.member("organization", organization.text) }
        if let origin { writer.member("origin", origin.hash.hexadecimal) }
        writer.member("position", position)
        writer.member("recordedAt", recordedAt.description)
        if let related = payload.related { writer.member("related", related.text) }
        writer.member("schema", Int64(payload.schema))
        if let sealed { writer.member("sealed", sealed.hash.hexadecimal) }
        writer.member("stream", payload.stream.text)
        writer.member("streamType", payload.streamType)
        writer.member("type", payload.type)
        writer.endObject()
        return writer.bytes
    }
}

extension ImportedLine {
    /// Reads the line that an event's `data` notes, if it notes one.
    init?(noted data: JSON?) {
        guard let data, let line = data["line"]?.integer, let text = data["import"]?.string, let id = UUID(text: text)
        else { return nil }
        self.init(import: id, line: Int(line))
    }
}
