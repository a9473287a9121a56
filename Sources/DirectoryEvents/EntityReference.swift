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

    /// The word in paths and event types: `employee`.
    public var word: String { rawValue.lowercased() }

    /// The word as schemas begin with it: `Employee`.
    public var title: String { String(rawValue.prefix(1)) + word.dropFirst() }

    /// The word with its article: `an employee`.
    public var phrase: String { ("aeiou".contains(word.prefix(1)) ? "an " : "a ") + word }
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
