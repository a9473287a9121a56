#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Collects the elements of a one-dimensional array parameter, straight into its binary form.
///
/// Append values of the element type only: another one traps in debug builds and is refused by the server otherwise.
public struct ArrayBuilder: Sendable {
    /// The type of the elements.
    public let type: ElementType
    /// How many elements were appended, nulls included.
    public private(set) var count = 0
    private var writer = BinaryWriter()
    private var hasNull = false

    /// An empty array; `capacity` is the number of elements to come, if known.
    public init(of type: ElementType, capacity: Int = 0) {
        self.type = type
        writer.bytes.reserveCapacity(Self.headerSize + capacity * 20)
        writer.bytes.append(contentsOf: repeatElement(0, count: Self.headerSize))
    }

    /// Appends an element of type uuid.
    public mutating func append(uuid value: UUID) {
        begin(.uuid)
        writer.field(value)
    }

    /// Appends an element of type text or json.
    public mutating func append(text value: String) {
        assert(type == .text || type == .json)
        count += 1
        writer.field(value)
    }

    /// Appends an element of type json, bytea or text, given as its bytes.
    public mutating func append(bytes value: some Collection<UInt8>) {
        assert(type == .json || type == .bytea || type == .text)
        count += 1
        writer.field(value)
    }

    /// Appends an element of type int2.
    public mutating func append(int2 value: Int16) {
        begin(.int2)
        writer.field(value)
    }

    /// Appends an element of type int4.
    public mutating func append(int4 value: Int32) {
        begin(.int4)
        writer.field(value)
    }

    /// Appends an element of type int8.
    public mutating func append(int8 value: Int64) {
        begin(.int8)
        writer.field(value)
    }

    /// Appends an element of type bool.
    public mutating func append(bool value: Bool) {
        begin(.bool)
        writer.field(value)
    }

    /// Appends an element of type timestamptz, in microseconds since 1970 UTC.
    public mutating func append(microseconds value: Int64) {
        begin(.timestamptz)
        writer.field(Timestamp.wire(microseconds: value))
    }

    /// Appends the value of a parameter of the element type.
    mutating func append(_ parameter: Parameter) {
        assert(parameter.oid == type.oid, "an array of \(type) was given an element of type \(parameter.oid)")
        count += 1
        switch parameter.value {
        case .null:
            hasNull = true
            writer.null()
        case .bool(let value): writer.field(value)
        case .int2(let value): writer.field(value)
        case .int4(let value): writer.field(value)
        case .int8(let value): writer.field(value)
        case .uuid(let value): writer.field(value)
        case .text(let value): writer.field(value)
        case .bytes(let value): writer.field(value)
        }
    }

    /// Appends a null.
    public mutating func appendNull() {
        count += 1
        hasNull = true
        writer.null()
    }

    private mutating func begin(_ expected: ElementType) {
        assert(type == expected, "an array of \(type) was given an element of type \(expected)")
        count += 1
    }

    /// Dimensions, null flag, element type, length, lower bound.
    private static let headerSize = 20

    /// The finished array; an empty one has no dimension at all.
    var encoded: [UInt8] {
        var header = BinaryWriter()
        header.write(Int32(count == 0 ? 0 : 1))
        header.write(Int32(hasNull ? 1 : 0))
        header.write(type.oid)
        if count == 0 { return header.bytes }
        header.write(Int32(count))
        header.write(Int32(1))
        var bytes = writer.bytes
        bytes.replaceSubrange(0..<Self.headerSize, with: header.bytes)
        return bytes
    }
}
