import CanonicalJSON
import DirectoryEvents
import EventLog
import EventSourcing
import FoundationEssentials

/// An entry of the audit trail: an event, as shown to those who administer an organization.
public struct AuditEntry: Sendable {
    /// Who caused it.
    public struct Actor: Sendable {
        /// `ACCOUNT`, `KEY` or `SYSTEM`.
        public let type: String
        /// The actor's id; `nil` for `SYSTEM`.
        public let id: UUID?
        /// The actor's current name, if the reader may see it.
        public let name: String?
        /// The highest role that permitted it.
        public let role: String
        /// The organization's key that signed the request's token.
        public let key: UUID?
    }

    /// What the event concerns: an entity, or a part of one that has an id.
    public struct Target: Sendable {
        public let kind: TargetKind
        public let id: UUID
        /// Its current name, if the reader may see it.
        public let name: String?
    }

    /// A field that it changed.
    public struct Change: Sendable, Equatable {
        /// A JSON pointer into the entity.
        public let field: String
        /// The old value.
        public let from: JSON?
        /// The new value.
        public let to: JSON?

        init(_ field: String, from: JSON? = nil, to: JSON? = nil) {
            self.field = field
            self.from = from
            self.to = to
        }
    }

    public let position: Position
    public let id: UUID
    /// When it was recorded.
    public let time: Instant
    /// When it took effect, if that differs.
    public let effectiveAt: Instant?
    /// What happened: `employee.manager_assigned`.
    public let type: String
    /// The organization whose trail it belongs to.
    public let organization: UUID?
    public let actor: Actor
    /// What it concerns; the first is the entity that it changed.
    public let targets: [Target]
    /// What it changed in that entity.
    public let changes: [Change]
    /// The request that caused it, as far as it said these things; empty if no request did, or if it was erased.
    public let context: [JSON.Member]

    /// What an entry shows of its request, in this order.
    static let contextNames = ["requestId", "ip", "userAgent", "idempotencyKey", "traceparent"]

    /// - Parameter names: the current names of the event's entities, of those that the reader may see.
    /// - Throws: `UnreadableEvent` if this binary does not know the event's type or shape.
    init(_ event: StoredEvent, _ names: [UUID: String]) throws(UnreadableEvent) {
        let (payload, declaration) = try EventCatalog.describe(event.payload)
        position = event.position
        id = event.id
        time = event.recordedAt
        effectiveAt = event.effectiveAt
        type = payload.type
        organization = payload.organization
        let kind = event.actor != nil ? "ACCOUNT" : event.actorKey != nil ? "KEY" : "SYSTEM"
        actor = Actor(
            type: kind, id: event.actor ?? event.actorKey, name: event.actor.flatMap { names[$0] },
            role: event.actorRole,
            key: event.actorKey)
        var targets = [Target(kind: TargetKind(declaration.stream), id: payload.stream, name: names[payload.stream])]
        if let related = payload.related, let kind = declaration.related.kind {
            targets.append(Target(kind: kind, id: related, name: names[related]))
        }
        if let organization = payload.organization, organization != payload.stream, declaration.isOrganizationTarget {
            targets.append(Target(kind: .organization, id: organization, name: names[organization]))
        }
        self.targets = targets
        changes = Change.all(of: payload, declaration)
        let origin = event.origin?.text.flatMap { try? JSON(parsing: $0, limits: .trusted) }
        context = AuditEntry.contextNames.compactMap { name in
            origin?[name].map { JSON.Member(name: name, value: $0) }
        }
    }
}

extension AuditEntry {
    /// The finished JSON.
    public var json: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 768)
        writer.beginObject()
        writer.member("position", position)
        writer.member("id", id.text)
        writer.member("time", time.description)
        if let effectiveAt { writer.member("effectiveAt", effectiveAt.description) }
        writer.member("type", type)
        if let organization { writer.member("organization", organization.text) }
        writer.name("actor")
        actor.write(to: &writer)
        writer.name("targets")
        writer.beginArray()
        for target in targets {
            writer.beginObject()
            writer.member("type", target.kind.rawValue)
            writer.member("id", target.id.text)
            if let name = target.name { writer.member("name", name) }
            writer.endObject()
        }
        writer.endArray()
        writer.name("changes")
        writer.beginArray()
        for change in changes { change.write(to: &writer) }
        writer.endArray()
        writer.name("context")
        writer.asGiven(.object(context))
        writer.endObject()
        return writer.bytes
    }
}

extension AuditEntry.Change {
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("field", field)
        if let from { writer.member("from", from) }
        if let to { writer.member("to", to) }
        writer.endObject()
    }
}

extension AuditEntry.Actor {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("type", type)
        if let id { writer.member("id", id.text) }
        if let name { writer.member("name", name) }
        writer.member("role", role)
        if let key { writer.member("key", key.text) }
        writer.endObject()
    }
}
