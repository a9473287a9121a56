import FoundationEssentials

/// A value of a column.
public enum ColumnValue: Sendable {
    /// No value.
    case null
    /// A UUID.
    case uuid(UUID)
    /// Text.
    case text(String)
    /// Finished JSON text, served byte for byte.
    case json([UInt8])
    /// A 64-bit integer.
    case integer(Int64)
    /// A truth value.
    case bool(Bool)
    /// Raw bytes.
    case bytes([UInt8])
    /// An instant.
    case instant(Instant)

    /// A UUID, or no value.
    public static func uuid(_ value: UUID?) -> ColumnValue { value.map { .uuid($0) } ?? .null }
    /// Text, or no value.
    public static func text(_ value: String?) -> ColumnValue { value.map { .text($0) } ?? .null }
    /// Finished JSON, or no value.
    public static func json(_ value: [UInt8]?) -> ColumnValue { value.map { .json($0) } ?? .null }
}

extension ColumnValue {
    /// About how many bytes it takes in memory.
    var size: Int {
        switch self {
        case .text(let text): 24 + text.utf8.count
        case .json(let bytes), .bytes(let bytes): 24 + bytes.count
        case .null, .uuid, .integer, .bool, .instant: 24
        }
    }
}

extension ColumnValue: Hashable {
    /// Text is compared by bytes, as SQL does under `COLLATE "C"`, and not by Unicode equivalence, as `String` does.
    public static func == (left: ColumnValue, right: ColumnValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.uuid(let a), .uuid(let b)): a == b
        case (.text(let a), .text(let b)): a.isIdentical(to: b)
        case (.json(let a), .json(let b)), (.bytes(let a), .bytes(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.bool(let a), .bool(let b)): a == b
        case (.instant(let a), .instant(let b)): a == b
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .uuid(let value): hasher.combine(value)
        case .text(var value): value.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        case .json(let value), .bytes(let value): hasher.combine(value)
        case .integer(let value): hasher.combine(value)
        case .bool(let value): hasher.combine(value)
        case .instant(let value): hasher.combine(value)
        }
    }
}
