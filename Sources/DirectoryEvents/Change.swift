/// A value before and after a change; `nil` is no value.
public struct Change<Value: Sendable & Equatable>: Sendable, Equatable {
    public let from: Value?
    public let to: Value?
    /// Whether both sides have been erased; both are `nil` then.
    public let isErased: Bool

    public init(from: Value?, to: Value?) {
        self.from = from
        self.to = to
        isErased = false
    }

    private init() {
        from = nil
        to = nil
        isErased = true
    }

    /// A change that happened, but whose values have been erased.
    public static var erased: Change { Change() }
}

/// The change of one field of a profile.
public struct ProfileChange: Sendable, Equatable {
    /// The field's name: `bio`.
    public let field: String
    public let change: Change<String>

    public init(_ field: String, _ change: Change<String>) {
        self.field = field
        self.change = change
    }

    public init(_ field: String, from: String?, to: String?) { self.init(field, Change(from: from, to: to)) }
}
