import EventSourcing
import FoundationEssentials

/// A change that a caller asks for. Its rules are in `authorize` and `decide`, and nowhere else. What the caller is shown of
/// the entity afterwards is no business of the mutation's: see `Execute`.
public protocol Mutation: Sendable {
    /// What `authorize` found: the entity, as far as it exists.
    associatedtype Subject

    /// What is sure to be read, besides the caller's authority.
    var loads: [Load] { get }

    /// Finds what the change is about, and whether the caller may make it.
    /// - Throws: not found or forbidden.
    func authorize(_ view: View, _ caller: Authority) throws -> Permit<Subject>

    /// Decides what happens.
    /// - Throws: conflicts and rules.
    func decide(_ view: View, _ caller: Authority, _ permit: Permit<Subject>) throws -> [ProposedEvent]
}

/// That a caller may make a change, and to what.
public struct Permit<Subject> {
    /// What the change is about.
    public let subject: Subject
    /// The highest role by which it is permitted.
    public let role: String
    /// The entity that is changed or made: its tag is what `If-Match` names, and a repeat shows it.
    public let entity: UUID
    /// The organization that an idempotency key belongs to.
    public let organization: UUID?
    /// The entity's tag as it is; `nil` where it does not exist yet.
    public let tag: EntityTag?

    init(_ subject: Subject, by role: String, entity: UUID, organization: UUID?, tag: EntityTag?) {
        self.subject = subject
        self.role = role
        self.entity = entity
        self.organization = organization
        self.tag = tag
    }
}

/// What an `ETag` says (RFC 9110, section 8.8.3).
public struct EntityTag: Sendable, Hashable, CustomStringConvertible {
    /// The position of the last event that changed the entity's full representation.
    public var position: Position
    /// For an account, also that of the last event that changed the caller's own grants.
    public var grants: Position?

    /// A tag.
    public init(_ position: Position, grants: Position? = nil) {
        self.position = position
        self.grants = grants
    }

    /// As in the header, quotes included.
    public var description: String { grants.map { "\"\(position)-\($0)\"" } ?? "\"\(position)\"" }
}

/// What `If-Match` or `If-None-Match` asks for (RFC 9110, sections 13.1.1 and 13.1.2).
public enum Precondition: Sendable, Hashable {
    /// Any state, as long as there is one.
    case exists
    /// One of these tags, as they stand in the header.
    case tags([String])
    /// No state at all.
    case absent
    /// None of these tags, as they stand in the header.
    case otherThan([String])

    /// Whether a state meets it.
    public func isMet(by tag: EntityTag?) -> Bool {
        switch (self, tag) {
        case (.exists, let tag): tag != nil
        case (.absent, let tag): tag == nil
        case (.tags(let tags), let tag?): tags.contains(tag.description)
        case (.tags, nil): false
        case (.otherThan(let tags), let tag?): !tags.contains(tag.description)
        case (.otherThan, nil): true
        }
    }
}
