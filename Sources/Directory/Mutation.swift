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
