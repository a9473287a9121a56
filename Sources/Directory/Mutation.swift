import EventSourcing
import FoundationEssentials

/// A change that a caller asks for. Its rules are in `authorize` and `decide`, and nowhere else. What the caller is shown of
/// the entity afterwards is no business of the mutation's: see `Execute`.
public protocol Mutation: Sendable {
    /// What `authorize` found: the entity, as far as it exists.
    associatedtype Subject

    /// What is sure to be read, besides the caller's authority.
    var loads: [Load] { get }

    /// Whether it removes the entity that its permit names. One that is removed is part of another, whose tag its removal moves.
    var removesEntity: Bool { get }

    /// Finds what the change is about, and whether the caller may make it.
    /// - Throws: not found or forbidden.
    func authorize(_ view: View, _ caller: Authority) throws -> Permit<Subject>

    /// Decides what happens.
    /// - Throws: conflicts and rules.
    func decide(_ view: View, _ caller: Authority, _ permit: Permit<Subject>) throws -> [ProposedEvent]

    /// What is written alongside the log if anything happens, such as secrets.
    func sideWrites(_ view: View, _ permit: Permit<Subject>) throws -> [SideWrite]
}

extension Mutation {
    public var removesEntity: Bool { false }

    public func sideWrites(_ view: View, _ permit: Permit<Subject>) -> [SideWrite] { [] }
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
    /// Whether the caller is shown fields that are hidden from others: a promotion shows more of a state that is the same.
    public var showsHidden: Bool
    /// For the groups of an entity, which of its memberships do not count for now.
    public var suspended: Suspended?

    /// Memberships in INACTIVE groups: they are not shown, and whether they are does not depend on events of the member.
    public struct Suspended: Sendable, Hashable {
        let count: Int64
        let since: Position

        /// - Parameter since: the position of the last event that changed one of the groups.
        public init?(count: Int64, since: Position) {
            if count == 0 { return nil }
            self.count = count
            self.since = since
        }
    }

    /// A tag.
    public init(
        _ position: Position, grants: Position? = nil, showsHidden: Bool = false, suspended: Suspended? = nil
    ) {
        self.position = position
        self.grants = grants
        self.showsHidden = showsHidden
        self.suspended = suspended
    }

    /// As in the header, quotes included.
    public var description: String {
        "\"\(state)\(showsHidden ? "h" : "")\(suspended.map { ".\($0.count).\($0.since)" } ?? "")\""
    }

    private var state: String { grants.map { "\(position)-\($0)" } ?? "\(position)" }

    /// Whether a tag in a header names this state, whatever its holder was shown of it.
    func agrees(with tag: String) -> Bool {
        tag == "\"\(state)\"" || tag == "\"\(state)h\"" || tag.hasPrefix("\"\(state).")
    }
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

    /// Whether a state meets it, whatever is shown of it.
    public func isMet(by tag: EntityTag?) -> Bool {
        switch (self, tag) {
        case (.exists, let tag): tag != nil
        case (.absent, let tag): tag == nil
        case (.tags(let tags), let tag?): tags.contains(where: tag.agrees)
        case (.tags, nil): false
        case (.otherThan(let tags), let tag?): !tags.contains(where: tag.agrees)
        case (.otherThan, nil): true
        }
    }

    /// Whether what is shown under a tag meets it: a holder of the same state who was shown less of it does not have this.
    public func isMet(byWhatIsShownUnder tag: EntityTag) -> Bool {
        if case .otherThan(let tags) = self { !tags.contains(tag.description) } else { isMet(by: tag) }
    }
}
