import CanonicalJSON
import EventLog
import EventSourcing

extension StoredEvent {
    /// The whole event as one line of JSON. What was hashed is in it exactly as it was hashed.
    var exported: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 1024)
        writer.beginObject()
        writer.member("position", position)
        writer.member("id", id.text)
        writer.member("type", payload.type)
        writer.member("schema", Int64(payload.schema))
        if let organization = payload.organization { writer.member("organization", organization.text) }
        writer.member("stream", payload.stream.text)
        writer.member("streamType", payload.streamType)
        if let related = payload.related { writer.member("related", related.text) }
        if let data {
            writer.name("data")
            writer.raw(data)
        }
        if let sealed { writer.commitment("sealed", sealed) }
        if let actor { writer.member("actor", actor.text) }
        writer.member("actorRole", actorRole)
        if let actorKey { writer.member("actorKey", actorKey.text) }
        if let origin { writer.commitment("origin", origin) }
        writer.member("recordedAt", recordedAt.description)
        if let effectiveAt { writer.member("effectiveAt", effectiveAt.description) }
        if let causation { writer.member("causation", causation) }
        writer.member("leafHash", leafHash.hexadecimal)
        writer.endObject()
        return writer.bytes
    }
}

extension JSONWriter {
    /// Writes a commitment: its text and salt, unless they have been erased, and its hash.
    fileprivate mutating func commitment(_ name: String, _ commitment: Commitment) {
        self.name(name)
        beginObject()
        if let text = commitment.text {
            self.name("text")
            raw(text)
        }
        if let salt = commitment.salt { member("salt", salt.hexadecimal) }
        member("hash", commitment.hash.hexadecimal)
        endObject()
    }
}
