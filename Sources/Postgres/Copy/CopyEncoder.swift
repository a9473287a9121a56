#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Writes rows in the format of `COPY … FROM STDIN (FORMAT binary)`.
///
/// For each row call ``beginRow(columns:)`` and then one `append` a column; at the end ``finish()``. ``takeBytes()``
/// hands over what was written since the last call, so a large copy is sent in chunks.
public struct CopyEncoder: Sendable {
    private var writer = BinaryWriter()

    /// An encoder that has written the header.
    public init() {
        writer.bytes.append(contentsOf: Array("PGCOPY\n".utf8) + [0xff, 0x0d, 0x0a, 0x00])
        writer.write(Int32(0))  // flags
        writer.write(Int32(0))  // length of the header's extension
    }

    /// How many bytes wait to be taken.
    public var count: Int { writer.bytes.count }

    /// Begins a row of the given number of columns.
    public mutating func beginRow(columns: Int) { writer.write(Int16(columns)) }

    /// Appends a column of type uuid.
    public mutating func append(uuid value: UUID?) { value.map { writer.field($0) } ?? writer.null() }

    /// Appends a column of type text or json.
    public mutating func append(text value: String?) { value.map { writer.field($0) } ?? writer.null() }

    /// Appends a column of type json, bytea or text, given as its bytes.
    public mutating func append(bytes value: [UInt8]?) { value.map { writer.field($0) } ?? writer.null() }

    /// Appends a column of type int2.
    public mutating func append(int2 value: Int16?) { value.map { writer.field($0) } ?? writer.null() }

    /// Appends a column of type int4.
    public mutating func append(int4 value: Int32?) { value.map { writer.field($0) } ?? writer.null() }

    /// Appends a column of type int8.
    public mutating func append(int8 value: Int64?) { value.map { writer.field($0) } ?? writer.null() }

    /// Appends a column of type bool.
    public mutating func append(bool value: Bool?) { value.map { writer.field($0) } ?? writer.null() }

    /// Appends a column of type timestamptz, in microseconds since 1970 UTC.
    public mutating func append(microseconds value: Int64?) {
        value.map { writer.field(Timestamp.wire(microseconds: $0)) } ?? writer.null()
    }

    /// Appends a null of any type.
    public mutating func appendNull() { writer.null() }

    /// Writes the trailer; nothing may be appended after it.
    public mutating func finish() { writer.write(Int16(-1)) }

    /// What was written since the last call.
    public mutating func takeBytes() -> [UInt8] {
        defer { writer.bytes = [] }
        return writer.bytes
    }
}
