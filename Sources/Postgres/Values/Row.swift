import CLibPQ

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One row; columns are counted from 0. Asking for a column of another type, or for a null by a method that promises a
/// value, throws ``PostgresError/unexpectedResult(_:)``.
public struct Row: Sendable {
    let rows: Rows
    let index: Int32

    /// Whether the column is null.
    public func isNull(_ column: Int) -> Bool {
        PQgetisnull(rows.result, index, Int32(column)) == 1
    }

    /// The column's raw bytes, valid during the call only; none if it is null.
    public func withBytes<T>(_ column: Int, _ body: (UnsafeRawBufferPointer) throws -> T) rethrows -> T {
        let count = Int(PQgetlength(rows.result, index, Int32(column)))
        return try body(UnsafeRawBufferPointer(start: PQgetvalue(rows.result, index, Int32(column)), count: count))
    }

    /// A uuid.
    public func uuid(_ column: Int) throws(PostgresError) -> UUID { try present(column, uuidIfPresent(column)) }

    /// A uuid, or nil for null.
    public func uuidIfPresent(_ column: Int) throws(PostgresError) -> UUID? {
        try value(column, OID.uuid) { $0.count == 16 ? UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) : nil }
    }

    /// An int2, int4 or int8.
    public func int(_ column: Int) throws(PostgresError) -> Int64 { try present(column, intIfPresent(column)) }

    /// An int2, int4 or int8, or nil for null.
    public func intIfPresent(_ column: Int) throws(PostgresError) -> Int64? {
        let oid = type(column)
        guard Integer.isOne(oid) else { throw mismatch(column, "an integer") }
        return try value(column, oid) { Integer.decode($0, oid) }
    }

    /// A text, varchar, name or json.
    public func text(_ column: Int) throws(PostgresError) -> String { try present(column, textIfPresent(column)) }

    /// A text, varchar, name or json, or nil for null.
    public func textIfPresent(_ column: Int) throws(PostgresError) -> String? {
        switch type(column) {
        case OID.text, OID.json, OID.varchar, OID.name, OID.bpchar, OID.char, OID.unknown: break
        default: throw mismatch(column, "text")
        }
        return try value(column, type(column)) { String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes of a bytea, of a text or json in UTF-8, or of any other type in its binary form.
    public func bytes(_ column: Int) throws(PostgresError) -> [UInt8] { try present(column, bytesIfPresent(column)) }

    /// The bytes of a bytea, of a text or json in UTF-8, or of any other type in its binary form; nil for null.
    public func bytesIfPresent(_ column: Int) throws(PostgresError) -> [UInt8]? {
        try value(column, type(column)) { [UInt8]($0) }
    }

    /// A boolean.
    public func bool(_ column: Int) throws(PostgresError) -> Bool { try present(column, boolIfPresent(column)) }

    /// A boolean, or nil for null.
    public func boolIfPresent(_ column: Int) throws(PostgresError) -> Bool? {
        try value(column, OID.bool) { $0.count == 1 ? $0[0] != 0 : nil }
    }

    /// A timestamptz in microseconds since 1970 UTC; the infinities are `Int64.max` and `Int64.min`.
    public func microseconds(_ column: Int) throws(PostgresError) -> Int64 {
        try present(column, microsecondsIfPresent(column))
    }

    /// A timestamptz in microseconds since 1970 UTC, or nil for null; the infinities are `Int64.max` and `Int64.min`.
    public func microsecondsIfPresent(_ column: Int) throws(PostgresError) -> Int64? {
        try value(column, OID.timestamptz) {
            Integer.decode($0, OID.int8).flatMap { Timestamp.microseconds(wire: $0) }
        }
    }
}

extension Row {
    func type(_ column: Int) -> UInt32 { PQftype(rows.result, Int32(column)) }

    /// Nil for null; throws if the column has another type or `decode` finds it malformed.
    func value<T>(
        _ column: Int, _ oid: UInt32, _ decode: (UnsafeRawBufferPointer) -> T?
    ) throws(PostgresError) -> T? {
        guard type(column) == oid, column >= 0 else { throw mismatch(column, "type \(oid)") }
        if isNull(column) { return nil }
        guard let value = withBytes(column, decode) else { throw mismatch(column, "a value in range") }
        return value
    }

    func present<T>(_ column: Int, _ value: T?) throws(PostgresError) -> T {
        guard let value else { throw mismatch(column, "a value, not null") }
        return value
    }

    func mismatch(_ column: Int, _ wanted: String) -> PostgresError {
        let name = PQfname(rows.result, Int32(column)).map { String(cString: $0) } ?? "none"
        return .unexpectedResult("column \(column) (\(name), type \(type(column))): wanted \(wanted)")
    }
}
