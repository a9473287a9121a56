/// The kinds of entity that have a stream of their own.
public enum EntityKind: String, Sendable, CaseIterable {
    /// A tenant: what all but accounts belong to.
    case organization = "ORGANIZATION"
    /// A person or program that can sign in.
    case account = "ACCOUNT"
    /// A member of an organization.
    case employee = "EMPLOYEE"
    /// A set of members, which may be groups themselves.
    case group = "GROUP"

    /// The word in paths and event types: `employee`.
    public var word: String { rawValue.lowercased() }
}

/// Whether an entity takes part.
public enum Status: String, Sendable, CaseIterable {
    /// It does.
    case active = "ACTIVE"
    /// It does not, until it is activated.
    case inactive = "INACTIVE"
    /// It never does again: what it said of itself is gone.
    case erased = "ERASED"
}

/// The types that reporting lines and employees have where none is given.
public enum DefaultType {
    public static let line = "DIRECT"
    public static let employee = "EMPLOYEE"
}

/// The roles that grants give, and limits of keys name; the highest first, as lists of them show them.
public enum Role: String, Sendable, CaseIterable {
    /// The platform's: acts as OWNER everywhere.
    case systemAdmin = "SYSTEM_ADMIN"
    /// May do everything in its organization, which always has one.
    case owner = "OWNER"
    /// Changes everything in its organization but what concerns its OWNERs.
    case admin = "ADMIN"
    /// Reads the directory, and edits its own profile and those of its reports.
    case manager = "MANAGER"
    /// Reads the directory, and edits its own profile.
    case employee = "EMPLOYEE"
    /// Reads everything of its organization, changes nothing.
    case auditor = "AUDITOR"
}

/// What a value was before and is after a change; `nil` is no value.
public struct Change<Value: Sendable & Equatable>: Sendable, Equatable {
    /// Before the change.
    public var from: Value?
    /// After it.
    public var to: Value?

    /// A change from one value to another.
    public init(from: Value?, to: Value?) {
        self.from = from
        self.to = to
    }
}

/// The change of one field of a profile.
public struct ProfileChange: Sendable, Equatable {
    /// The field's name: `bio`.
    public var field: String
    /// Its values.
    public var change: Change<String>

    /// The change of that field.
    public init(_ field: String, from: String?, to: String?) {
        self.field = field
        change = Change(from: from, to: to)
    }
}
