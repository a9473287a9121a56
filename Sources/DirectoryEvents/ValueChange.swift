import CanonicalJSON

/// The change of a member, whose values may be of any type that JSON has.
public struct ValueChange: Sendable, Equatable {
    /// The member's name: `externalId`.
    public let name: String
    public let change: Change<JSON>

    public init(_ name: String, _ change: Change<JSON>) {
        self.name = name
        self.change = change
    }

    public init(_ name: String, from: JSON?, to: JSON?) { self.init(name, Change(from: from, to: to)) }
}

/// A value that a client chose, as `Erasable` is a text.
public enum ErasableValue: Sendable, Equatable {
    case value(JSON)
    case erased

    /// The value; `nil` if it has been erased.
    public var value: JSON? {
        if case .value(let value) = self { value } else { nil }
    }
}

/// The names of secrets that got new values, and of those that were removed. No event has the values.
public struct SecretNames: Sendable, Equatable {
    public let set: [String]
    public let removed: [String]
    /// What is shown in place of a secret.
    public static let mask = "••••"

    /// Whether the names have been erased; there are none then.
    public let isErased: Bool

    public init(set: [String] = [], removed: [String] = []) {
        self.set = set
        self.removed = removed
        isErased = false
    }

    private init(isErased: Bool) {
        (set, removed) = ([], [])
        self.isErased = isErased
    }

    public static var erased: SecretNames { SecretNames(isErased: true) }

    public var isEmpty: Bool { self.set.isEmpty && removed.isEmpty }

    /// The names that there are after the change, ordered by their bytes.
    public func applied(to names: [String]) -> [String] {
        let kept = names.filter { name in !(self.set + removed).contains { $0.isIdentical(to: name) } }
        return (kept + self.set).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
