import DirectoryEvents

/// What a PATCH says of a field.
public enum FieldEdit<Value: Sendable & Equatable>: Sendable, Equatable {
    /// It is not named, so it remains as it is.
    case keep
    /// JSON `null`: its value is removed.
    case clear
    /// It gets a value.
    case set(Value)

    /// The value after the edit.
    public func applied(to value: Value?) -> Value? {
        switch self {
        case .keep: value
        case .clear: nil
        case .set(let new): new
        }
    }
}

extension FieldEdit<String> {
    /// The change that the edit makes; `nil` where it changes nothing, byte by byte.
    func change(from value: String?) -> Change<String>? {
        let new = applied(to: value)
        switch (value, new) {
        case (nil, nil): return nil
        case (let old?, let new?) where old.isIdentical(to: new): return nil
        default: return Change(from: value, to: new)
        }
    }
}
