/// A JSON value (RFC 8259) within the bounds of I-JSON (RFC 7493), which RFC 8785 canonicalises.
///
/// Strings compare by their UTF-8 bytes, never by Unicode equivalence; objects are equal regardless of the order of their
/// members.
public enum JSON: Sendable {
    case null
    case bool(Bool)
    /// A number. It must be finite to be written: JSON has no text for a NaN or an infinity.
    case number(Double)
    case string(String)
    case array([JSON])
    /// An object, with its members in the order of the text. It cannot be written if two members have the same name.
    case object([Member])

    /// A name and its value inside an object.
    public struct Member: Sendable {
        /// The name, compared by its UTF-8 bytes.
        public var name: String
        public var value: JSON

        public init(name: String, value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// An integer as a JSON number.
    ///
    /// - Precondition: the magnitude is at most 2^53, so that a double represents the integer and no neighbour is mistaken
    ///   for it (RFC 7493, section 2.2).
    public static func integer(_ value: Int64) -> JSON {
        precondition(value.magnitude <= largestInteger, "a JSON integer is at most 2^53 in magnitude")
        return .number(Double(value))
    }
}

/// 2^53: up to this magnitude a double represents every integer exactly, so text and number cannot disagree.
let largestInteger: UInt64 = 1 << 53

/// The double as an integer of at most 2^53 in magnitude, or nil. `Int64(exactly:)` would do the same, but needs the C
/// library's `trunc`, which an executable without Foundation does not link.
func exactInteger(_ value: Double) -> Int64? {
    guard value.magnitude <= 0x1p53 else { return nil }
    let integer = Int64(value)
    return Double(integer) == value ? integer : nil
}

extension JSON {
    /// The value of the member with this name (the same bytes), or nil if there is none or this is not an object.
    public subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.isIdentical(to: name) }?.value
    }

    public var isNull: Bool {
        guard case .null = self else { return false }
        return true
    }

    /// The Boolean, or nil if this is another kind of value.
    public var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The number, or nil if this is another kind of value.
    public var number: Double? {
        guard case .number(let value) = self else { return nil }
        return value
    }

    /// The number as an integer, or nil if it has a fraction, is beyond 2^53 in magnitude (where a neighbouring integer may
    /// have been rounded to it), or this is another kind of value.
    public var integer: Int64? {
        guard case .number(let value) = self else { return nil }
        return exactInteger(value)
    }

    /// The string, or nil if this is another kind of value.
    public var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The elements, or nil if this is not an array.
    public var array: [JSON]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members in the order of the text, or nil if this is not an object.
    public var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }
}
