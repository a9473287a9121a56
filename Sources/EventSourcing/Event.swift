import CanonicalJSON
import FoundationEssentials

/// The place of an event in the log: 1, 2, 3 … without a gap. 0 is before the first.
public typealias Position = Int64

/// What a domain says has happened: its own value, and its stored form.
public protocol EventPayload: Sendable, Equatable {
    /// What events are sorted by for those who fold them: few words, fine enough that a projection is asked about little that
    /// does not concern it.
    associatedtype Topic: Hashable & Sendable

    /// The one topic that the event belongs to.
    var topic: Topic { get }
    /// Whether it begins its stream. No row whose key such an event names exists before it.
    var isCreation: Bool { get }
    /// Its stream, if it erases what clients chose in the events before it there: their `sealed`. It is the last of its stream.
    var erasedStream: UUID? { get }
    /// The form that is stored for ever.
    var encoded: EncodedPayload { get }
    /// Reads a stored form, of today's shape or of any older one (upcast first).
    /// - Throws: `UnreadableEvent` where type or shape is unknown.
    init(decoding: EncodedPayload) throws(UnreadableEvent)
}

extension EventPayload {
    public var erasedStream: UUID? { nil }
    /// Whether it erases its stream.
    public var isErasure: Bool { erasedStream != nil }
}

/// A payload as the log stores it.
public struct EncodedPayload: Sendable, Equatable {
    /// What happened: `employee.manager_assigned`.
    public var type: String
    /// The version of this type's shape, from 1.
    public var schema: Int
    /// The tenant whose trail has the event; `nil` for the platform's.
    public var organization: UUID?
    /// The entity that the event belongs to.
    public var stream: UUID
    /// The kind of that entity: `EMPLOYEE`.
    public var streamType: String
    /// The other end of a relation.
    public var related: UUID?
    /// What only the server made, or bounded words: hashed as it is.
    public var data: JSON?
    /// Every other string that a client chose: hashed as a commitment, so that it can be erased.
    public var sealed: JSON?
    /// Whether `sealed` held something that has been erased since.
    public var isErased: Bool

    public init(
        type: String, schema: Int = 1, organization: UUID?, stream: UUID, streamType: String, related: UUID? = nil,
        data: JSON? = nil, sealed: JSON? = nil, isErased: Bool = false
    ) {
        self.type = type
        self.schema = schema
        self.organization = organization
        self.stream = stream
        self.streamType = streamType
        self.related = related
        self.data = data
        self.sealed = sealed
        self.isErased = isErased
    }
}

/// An event of the log that this binary cannot read.
public struct UnreadableEvent: Error, Equatable, CustomStringConvertible {
    /// The type and the version of its shape.
    public let type: String, schema: Int
    /// What is wrong with it; names fields, never their content.
    public let reason: String

    /// Says which event cannot be read, and why.
    public init(type: String, schema: Int, reason: String) {
        self.type = type
        self.schema = schema
        self.reason = reason
    }

    public var description: String { "event \(type) (schema \(schema)) cannot be read: \(reason)" }
}

/// Who caused the events of a command.
public struct Author: Sendable, Equatable {
    /// The account; `nil` where the system itself acted.
    public var account: UUID?
    /// The highest role by which the command was permitted; `SYSTEM` without an account.
    public var role: String
    /// The organization key that signed the request's token.
    public var key: UUID?
    /// Where the request came from: about the author's person, hence hashed as a commitment.
    public var origin: JSON?

    /// An author, part by part.
    public init(account: UUID?, role: String, key: UUID? = nil, origin: JSON? = nil) {
        self.account = account
        self.role = role
        self.key = key
        self.origin = origin
    }

    /// The system itself: imports, first start.
    public static let system = Author(account: nil, role: "SYSTEM")

    /// How entities name their author: the account's id, or `SYSTEM`.
    public var name: String { account?.text ?? "SYSTEM" }
}

/// An event at its place in the log.
public struct Event<Payload: Sendable>: Sendable {
    /// Its place.
    public let position: Position
    /// Its own id, a UUID of version 7.
    public let id: UUID
    /// What happened.
    public let payload: Payload
    /// Who caused it.
    public let author: Author
    /// When it was appended, by the database's clock.
    public let recordedAt: Instant
    /// When it took effect, where that differs (imports).
    public let effectiveAt: Instant?
    /// The position of its command's first event, on the others.
    public let causation: Position?
    /// The line of an imported file that it came from.
    public let imported: ImportedLine?

    /// An event, part by part.
    public init(
        position: Position, id: UUID, payload: Payload, author: Author, recordedAt: Instant,
        effectiveAt: Instant? = nil,
        causation: Position? = nil, imported: ImportedLine? = nil
    ) {
        self.position = position
        self.id = id
        self.payload = payload
        self.author = author
        self.recordedAt = recordedAt
        self.effectiveAt = effectiveAt
        self.causation = causation
        self.imported = imported
    }

    /// When the change took effect: what entities show as `createdAt`, `changedAt`, `since`.
    public var time: Instant { effectiveAt ?? recordedAt }
}

/// Where an imported event came from.
public struct ImportedLine: Sendable, Hashable {
    /// The import.
    public let `import`: UUID
    /// The line of its file, from 1.
    public let line: Int

    /// A line of an import.
    public init(import: UUID, line: Int) {
        self.import = `import`
        self.line = line
    }
}
