import EventSourcing
import FoundationEssentials

/// The kinds of entity that have a stream of their own.
public enum EntityKind: String, Sendable, CaseIterable {
    /// A tenant, to which everything but accounts belongs.
    case organization = "ORGANIZATION"
    /// A person or program that can sign in.
    case account = "ACCOUNT"
    /// A member of an organization.
    case employee = "EMPLOYEE"
    /// A set of members, which may be groups themselves.
    case group = "GROUP"

    /// Whether entities of the kind can be members of groups.
    public var joinsGroups: Bool {
        switch self {
        case .account, .employee, .group: true
        case .organization: false
        }
    }

    /// Whether an entity of the kind is a person, whose data can be erased.
    public var canBeErased: Bool {
        switch self {
        case .account, .employee: true
        case .organization, .group: false
        }
    }

    /// The word in paths and event types: `employee`.
    public var word: String { rawValue.lowercased() }

    /// The word as schemas begin with it: `Employee`.
    public var title: String { String(rawValue.prefix(1)) + word.dropFirst() }

    /// The word with its article: `an employee`.
    public var phrase: String { ("aeiou".contains(word.prefix(1)) ? "an " : "a ") + word }
}

/// What an event can be about: an entity with a stream of its own, or a part of one that has an id.
public enum TargetKind: String, Sendable, CaseIterable {
    case organization = "ORGANIZATION"
    case account = "ACCOUNT"
    case employee = "EMPLOYEE"
    case group = "GROUP"
    /// A system that an organization uses.
    case app = "APP"
    /// A key with which an organization's programs sign tokens.
    case key = "KEY"
    /// A URL that receives an organization's events.
    case webhook = "WEBHOOK"

    /// The kind of an entity with a stream of its own.
    public init(_ kind: EntityKind) {
        switch kind {
        case .organization: self = .organization
        case .account: self = .account
        case .employee: self = .employee
        case .group: self = .group
        }
    }

    /// The kind of entity that has a stream of its own; `nil` for a part of one.
    public var entity: EntityKind? { EntityKind(rawValue: rawValue) }

    /// The word that names it: `employee`.
    public var word: String { rawValue.lowercased() }
}

/// An entity of any kind.
public struct EntityReference: Sendable, Hashable {
    public let kind: EntityKind
    public let id: UUID

    public init(_ kind: EntityKind, _ id: UUID) {
        self.kind = kind
        self.id = id
    }
}
