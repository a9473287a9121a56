/// The kinds of entity that have a stream of their own.
public enum EntityKind: String, Sendable, CaseIterable {
    case organization = "ORGANIZATION"
    case account = "ACCOUNT"
    case employee = "EMPLOYEE"
    case group = "GROUP"

    /// The word in paths and event types: `employee`.
    public var word: String { rawValue.lowercased() }
}

/// Whether an entity takes part.
public enum Status: String, Sendable, CaseIterable {
    case active = "ACTIVE"
    case inactive = "INACTIVE"
    case erased = "ERASED"
}

/// The roles that grants give, and limits of keys name.
public enum Role: String, Sendable, CaseIterable {
    /// The platform's: acts as OWNER everywhere.
    case systemAdmin = "SYSTEM_ADMIN"
    case owner = "OWNER"
    case admin = "ADMIN"
    case manager = "MANAGER"
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
