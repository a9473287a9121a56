import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// An entity's status, when it last changed and who changed it.
public struct StatusInfo: Sendable, Equatable {
    public var current: Status
    /// When it took effect.
    public var changedAt: Instant
    /// The id of the account that caused it, or `SYSTEM`.
    public var changedBy: String

    /// The status that an event gives to its entity.
    public init<Payload>(_ status: Status, by event: Event<Payload>) {
        current = status
        changedAt = event.time
        changedBy = event.author.name
    }

    init?(_ json: JSON?) {
        guard let json, let current = json["current"]?.string.flatMap(Status.init(rawValue:)),
            let changedAt = json["changedAt"]?.string.flatMap({ Instant(rfc3339: $0) }),
            let changedBy = json["changedBy"]?.string
        else { return nil }
        self.current = current
        self.changedAt = changedAt
        self.changedBy = changedBy
    }
}

/// When an entity was created, and who created it.
public struct CreationInfo: Sendable, Equatable {
    /// When it took effect.
    public var createdAt: Instant
    /// The id of the account that caused it, or `SYSTEM`.
    public var createdBy: String

    /// The creation that an event records.
    public init<Payload>(by event: Event<Payload>) {
        createdAt = event.time
        createdBy = event.author.name
    }

    init?(_ json: JSON?) {
        guard let createdAt = json?["createdAt"]?.string.flatMap({ Instant(rfc3339: $0) }),
            let createdBy = json?["createdBy"]?.string
        else { return nil }
        self.createdAt = createdAt
        self.createdBy = createdBy
    }
}

/// What every entity has, and the part of its finished JSON that shows it.
public struct EntityFacts: Sendable, Equatable {
    /// The entity's id.
    public let id: UUID
    /// The position of the event that created it: lists are in this order.
    public let createdPosition: Position
    public var status: StatusInfo
    /// When it was created, and who created it.
    public let created: CreationInfo

    /// The facts of an entity that an event creates.
    public init<Payload>(_ id: UUID, createdBy event: Event<Payload>) {
        self.id = id
        createdPosition = event.position
        status = StatusInfo(.active, by: event)
        created = CreationInfo(by: event)
    }

    /// Reads the facts back from finished JSON.
    public init?(_ json: JSON, createdPosition: Position) {
        guard let id = json["id"]?.string.flatMap({ UUID(text: $0) }), let status = StatusInfo(json["status"]),
            let created = CreationInfo(json["created"])
        else { return nil }
        self.id = id
        self.createdPosition = createdPosition
        self.status = status
        self.created = created
    }

    /// Folds what can happen to every kind of entity. What is kept in rows of its own still makes a new version of the entity's
    /// row: the entity shows it, so its tag moves.
    public mutating func apply(_ change: EntityEvent, of event: Event<DirectoryEvent>) {
        switch change {
        case .deactivated: status = StatusInfo(.inactive, by: event)
        case .activated: status = StatusInfo(.active, by: event)
        case .erased: status = StatusInfo(.erased, by: event)
        case .profileChanged, .mappingSet, .mappingRemoved, .preferencesSet, .preferencesRemoved: break
        }
    }

    /// Whether the status is ACTIVE.
    public var isActive: Bool { status.current == .active }

    /// Writes `active`, `status` and `created`.
    public func write(to writer: inout JSONWriter) {
        writer.member("active", isActive)
        writer.name("status")
        writer.beginObject()
        writer.member("current", status.current.rawValue)
        writer.member("changedAt", status.changedAt.description)
        writer.member("changedBy", status.changedBy)
        writer.endObject()
        writer.name("created")
        writer.beginObject()
        writer.member("createdAt", created.createdAt.description)
        writer.member("createdBy", created.createdBy)
        writer.endObject()
    }
}
