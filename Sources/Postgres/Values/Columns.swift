#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The columns of a statement's rows: one declaration writes the SELECT list, and reads every row in the same order.
///
/// Each method names one column by its SQL expression, which is made only while the list is written, and gives the value of
/// the row at hand. While the list is written, and where an absent part is skipped, values are empty ones: a declaration
/// takes the same columns whatever it reads.
///
///     struct Member { let id: UUID, json: [UInt8]
///         init(_ columns: inout Columns) throws {
///             id = try columns.uuid("e.id")
///             json = try columns.bytes("e.json")
///         }
///     }
public struct Columns {
    /// A column, as it is declared.
    public struct Declaration: Sendable {
        /// Its SQL expression.
        public let sql: String
        /// The names of the types that it may have (`pg_type.typname`).
        public let types: [String]
    }

    private enum Mode {
        case listing
        case reading(Row)
        case skipping
    }

    private var mode: Mode
    private var next: Int
    private var declarations: [Declaration] = []

    /// The columns that a declaration names, in order.
    public static func list(_ declare: (inout Columns) throws -> some Any) rethrows -> [Declaration] {
        var columns = Columns(mode: .listing, next: 0)
        _ = try declare(&columns)
        return columns.declarations
    }

    /// Reads a row.
    /// - Parameter first: the index of the declaration's first column.
    public init(_ row: Row, from first: Int = 0) { self.init(mode: .reading(row), next: first) }

    private init(mode: Mode, next: Int) {
        self.mode = mode
        self.next = next
    }

    /// A part of the row that is there only if its marker, an expression of type boolean, is true.
    public mutating func ifPresent<T>(
        _ marker: @autoclosure () -> String, _ declare: (inout Columns) throws -> T
    ) throws -> T? {
        let isPresent = try bool(marker())
        if case .reading = mode, !isPresent {
            let reading = mode
            mode = .skipping
            _ = try declare(&self)
            mode = reading
            return nil
        }
        return try declare(&self)
    }

    /// A uuid.
    public mutating func uuid(_ sql: @autoclosure () -> String) throws(PostgresError) -> UUID {
        guard let (row, column) = take(sql, ["uuid"]) else {
            return UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
        }
        return try row.uuid(column)
    }

    /// A uuid, or nil for null.
    public mutating func uuidIfPresent(_ sql: @autoclosure () -> String) throws(PostgresError) -> UUID? {
        guard let (row, column) = take(sql, ["uuid"]) else { return nil }
        return try row.uuidIfPresent(column)
    }

    /// A smallint, integer or bigint.
    public mutating func int(_ sql: @autoclosure () -> String) throws(PostgresError) -> Int64 {
        guard let (row, column) = take(sql, ["int2", "int4", "int8"]) else { return 0 }
        return try row.int(column)
    }

    /// A smallint, integer or bigint, or nil for null.
    public mutating func intIfPresent(_ sql: @autoclosure () -> String) throws(PostgresError) -> Int64? {
        guard let (row, column) = take(sql, ["int2", "int4", "int8"]) else { return nil }
        return try row.intIfPresent(column)
    }

    /// A text or json.
    public mutating func text(_ sql: @autoclosure () -> String) throws(PostgresError) -> String {
        guard let (row, column) = take(sql, ["text", "json"]) else { return "" }
        return try row.text(column)
    }

    /// A text or json, or nil for null.
    public mutating func textIfPresent(_ sql: @autoclosure () -> String) throws(PostgresError) -> String? {
        guard let (row, column) = take(sql, ["text", "json"]) else { return nil }
        return try row.textIfPresent(column)
    }

    /// The bytes of a text, json or bytea.
    public mutating func bytes(_ sql: @autoclosure () -> String) throws(PostgresError) -> [UInt8] {
        guard let (row, column) = take(sql, ["text", "json", "bytea"]) else { return [] }
        return try row.bytes(column)
    }

    /// The bytes of a text, json or bytea, or nil for null.
    public mutating func bytesIfPresent(_ sql: @autoclosure () -> String) throws(PostgresError) -> [UInt8]? {
        guard let (row, column) = take(sql, ["text", "json", "bytea"]) else { return nil }
        return try row.bytesIfPresent(column)
    }

    /// A boolean.
    public mutating func bool(_ sql: @autoclosure () -> String) throws(PostgresError) -> Bool {
        guard let (row, column) = take(sql, ["bool"]) else { return false }
        return try row.bool(column)
    }

    /// A timestamptz, in microseconds since 1970 UTC.
    public mutating func microseconds(_ sql: @autoclosure () -> String) throws(PostgresError) -> Int64 {
        guard let (row, column) = take(sql, ["timestamptz"]) else { return 0 }
        return try row.microseconds(column)
    }

    /// A timestamptz, in microseconds since 1970 UTC, or nil for null.
    public mutating func microsecondsIfPresent(_ sql: @autoclosure () -> String) throws(PostgresError) -> Int64? {
        guard let (row, column) = take(sql, ["timestamptz"]) else { return nil }
        return try row.microsecondsIfPresent(column)
    }

    /// The elements of a `text[]`.
    public mutating func texts(_ sql: @autoclosure () -> String) throws(PostgresError) -> [String] {
        guard let (row, column) = take(sql, ["_text"]) else { return [] }
        return try row.texts(column)
    }

    /// The elements of a `bigint[]`.
    public mutating func ints(_ sql: @autoclosure () -> String) throws(PostgresError) -> [Int64] {
        guard let (row, column) = take(sql, ["_int8"]) else { return [] }
        return try row.ints(column)
    }

    /// The elements of a `uuid[]`.
    public mutating func uuids(_ sql: @autoclosure () -> String) throws(PostgresError) -> [UUID] {
        guard let (row, column) = take(sql, ["_uuid"]) else { return [] }
        return try row.uuids(column)
    }

    /// The row and the index of the column whose turn it is; nil while nothing is read.
    private mutating func take(_ sql: () -> String, _ types: [String]) -> (Row, Int)? {
        defer { next += 1 }
        switch mode {
        case .listing:
            declarations.append(Declaration(sql: sql(), types: types))
            return nil
        case .reading(let row): return (row, next)
        case .skipping: return nil
        }
    }
}
