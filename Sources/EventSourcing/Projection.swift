/// A table of read models: a fold of the events that name a row's key, and of nothing else.
///
/// The state that commands are decided upon is the state that is served: one fold, written once, run for five events of a
/// commit and for fifty thousand of a rebuild alike. All of it is pure; loading and writing is the engine's.
public protocol Projection<Payload>: Sendable {
    /// The domain's events.
    associatedtype Payload: EventPayload
    /// What tells the rows apart.
    associatedtype Key: Hashable & Sendable
    /// One row, as `decide` sees it.
    associatedtype Row: Sendable

    /// The table's name, in snake case. With `version` it names the SQL schema: `employees_v1`.
    static var name: String { get }
    /// Raised whenever the rows would come out differently: a binary with a new version builds its tables beside the old.
    static var version: Int { get }
    /// The SQL that makes its tables `current` and `past`, run with the schema as search path.
    static var schema: String { get }
    /// The columns of the key, then those of the row; `since` (and in `past` also `until`) is the engine's.
    static var columns: (key: [Column], row: [Column]) { get }
    /// The columns rows are looked up by, other than the key.
    static var lookups: [Lookup<Self>] { get }

    /// The keys whose rows an event changes; each gets a new version.
    static func keys(of payload: Payload) -> [Key]
    /// Those of its keys under which, as the event itself tells, there is no row yet, so that nobody need look. All keys of
    /// an event that creates an entity, unless it is said otherwise.
    static func newKeys(of payload: Payload) -> [Key]
    /// Folds one event into the row of one of its keys; `nil` is absence.
    static func apply(_ event: Event<Payload>, to row: inout Row?, at key: Key)

    /// The values of `columns.key`.
    static func values(of key: Key) -> [ColumnValue]
    /// The values of `columns.row`.
    static func values(of row: Row) -> [ColumnValue]
    /// Reads a key back from the values of `columns.key`.
    static func key(from values: [ColumnValue]) throws(UnreadableRow) -> Key
    /// Reads the row of a key back from the values of `columns.row`.
    static func row(at key: Key, from values: [ColumnValue]) throws(UnreadableRow) -> Row

    /// About how many bytes a row takes in memory.
    static func size(of row: Row) -> Int
}

extension Projection {
    /// The SQL schema that holds its tables.
    public static var schemaName: String { "\(name)_v\(version)" }
    public static var lookups: [Lookup<Self>] { [] }
    public static func newKeys(of payload: Payload) -> [Key] { payload.isCreation ? keys(of: payload) : [] }
    public static func size(of row: Row) -> Int { 256 }
}

/// A column of a read model.
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

/// The types that columns of read models have.
public enum ColumnType: Sendable { case uuid, text, json, integer, bool, bytes }

/// A row that cannot be read back into the projection's value.
public struct UnreadableRow: Error, CustomStringConvertible {
    /// The projection, and what is wrong; never the content.
    public let description: String

    /// Says which table's row cannot be read, and why.
    public init(_ projection: String, _ reason: String) {
        description = "a row of \(projection) cannot be read: \(reason)"
    }
}

/// A way to find rows by other columns than the key (e-mail → employee). Absence is an answer too.
public struct Lookup<Of: Projection>: Sendable {
    /// Its place in `Of.lookups`.
    public let ordinal: Int
    /// The columns it goes by.
    public let columns: [String]
    /// The values by which a row is found; `nil` where it is not to be found.
    public let values: @Sendable (Of.Row) -> [ColumnValue]?

    /// A lookup by the named columns.
    public init(_ ordinal: Int, by columns: [String], _ values: @escaping @Sendable (Of.Row) -> [ColumnValue]?) {
        self.ordinal = ordinal
        self.columns = columns
        self.values = values
    }
}

/// A row and the position since which it stands.
public struct Versioned<Row: Sendable>: Sendable {
    /// The row.
    public var row: Row
    /// The position of the event that made it so.
    public var since: Position

    /// A row that stands since `since`.
    public init(_ row: Row, since: Position) {
        self.row = row
        self.since = since
    }
}
