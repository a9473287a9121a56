/// A table whose rows are values in Swift: how key and row are told in columns, and read back.
public protocol StoredTable: Sendable {
    /// What tells the rows apart.
    associatedtype Key: Hashable & Sendable
    /// One row, as `decide` sees it.
    associatedtype Row: Sendable

    /// Its name, in snake case.
    static var name: String { get }
    /// The columns of the key, then those of the row.
    static var columns: (key: [Column], row: [Column]) { get }
    /// The values of `columns.key`.
    static func values(of key: Key) -> [ColumnValue]
    /// The values of `columns.row`.
    static func values(of row: Row) -> [ColumnValue]
    /// Reads a key back from the values of `columns.key`.
    static func key(from values: [ColumnValue]) throws(UnreadableRow) -> Key
    /// Reads the row of a key back from the values of `columns.row`.
    static func row(at key: Key, from values: [ColumnValue]) throws(UnreadableRow) -> Row
}

/// A column of a table.
public struct Column: Sendable, Hashable {
    /// Its name in SQL.
    public let name: String
    /// Its type.
    public let type: ColumnType

    /// A column of that name and type.
    public init(_ name: String, _ type: ColumnType) {
        self.name = name
        self.type = type
    }
}

/// The types that columns have.
public enum ColumnType: Sendable { case uuid, text, json, integer, bool, bytes, instant }

/// A row that cannot be read back into its value.
public struct UnreadableRow: Error, CustomStringConvertible {
    /// The table, and what is wrong; never the content.
    public let description: String

    /// Says which table's row cannot be read, and why.
    public init(_ table: String, _ reason: String) { description = "a row of \(table) cannot be read: \(reason)" }
}
