/// A table of read models: a fold of the events that name a row's key, and of nothing else.
///
/// The state that commands are decided upon is the state that is served: one fold, written once, run for five events of a
/// commit and for fifty thousand of a rebuild alike. All of it is pure; the engine loads and writes.
public protocol Projection<Payload>: StoredTable {
    /// The domain's events.
    associatedtype Payload: EventPayload

    /// Raised whenever the rows would come out differently: a binary with a new version builds its tables alongside the old. With
    /// the name it names the SQL schema: `employees_v1`.
    static var version: Int { get }
    /// The SQL that makes its tables `current` and `past`, run with the schema as search path. Both also have the engine's
    /// column `since`, and `past` has `until`, by which the engine indexes it.
    static var schema: String { get }
    /// The columns that rows are looked up by, other than the key.
    static var lookups: [Lookup<Self>] { get }
    /// The topics of all events that change its rows: it is asked about no others.
    static var topics: Set<Payload.Topic> { get }

    /// The column with the stream from whose `sealed` texts a row was made; `nil` where no row holds anything of such a text, or
    /// where streams of that kind are never erased. These rows must be folds of that stream's events alone: when it is erased,
    /// all of them are deleted and folded again from what is left.
    static var erasedBy: String? { get }

    /// The keys whose rows an event changes; each gets a new version.
    static func keys(of payload: Payload) -> [Key]
    /// Those of its keys that, as the event itself tells, have no row yet, so that none needs to be loaded. All keys of an event
    /// that creates an entity, unless declared otherwise.
    static func newKeys(of payload: Payload) -> [Key]
    /// Folds one event into the row of one of its keys; `nil` is absence.
    static func apply(_ event: Event<Payload>, to row: inout Row?, at key: Key)

    /// About how many bytes a row takes in memory.
    static func size(of row: Row) -> Int

    // Requirements, although all projections share one implementation: so each projection's module has that code compiled
    // for its own key and row, which is several times as fast as code that looks up what they are.

    /// The rows that must be loaded before these events can be folded, one after the other.
    static func loads(for payloads: [Payload], in view: View) -> [Load]
    /// Folds an event into a view.
    static func fold(_ event: Event<Payload>, in view: View)
}

extension Projection {
    /// The SQL schema that holds its tables.
    public static var schemaName: String { "\(name)_v\(version)" }
    public static var lookups: [Lookup<Self>] { [] }
    public static func newKeys(of payload: Payload) -> [Key] { payload.isCreation ? keys(of: payload) : [] }
    public static func size(of row: Row) -> Int { 256 }

    public static func loads(for payloads: [Payload], in view: View) -> [Load] {
        view.table(Self.self).keys(missingFor: payloads).map { .row(Self.self, $0) }
    }

    public static func fold(_ event: Event<Payload>, in view: View) { view.fold(event, into: Self.self) }
}

/// A way to find rows by other columns than the key (e-mail → employee). Absence is an answer too.
public struct Lookup<Of: Projection>: Sendable {
    /// Its place in `Of.lookups`.
    public let ordinal: Int
    /// The columns it goes by.
    public let columns: [String]
    /// Where it finds more rows than this, it tells only that there are more.
    public let most: Int
    /// The values by which a row is found; `nil` for a row that is not to be found.
    public let values: @Sendable (Of.Row) -> [ColumnValue]?

    /// A lookup by the named columns.
    public init(_ ordinal: Int, by columns: [String], _ values: @escaping @Sendable (Of.Row) -> [ColumnValue]?) {
        self.init(ordinal, by: columns, most: .max, values)
    }

    fileprivate init(
        _ ordinal: Int, by columns: [String], most: Int, _ values: @escaping @Sendable (Of.Row) -> [ColumnValue]?
    ) {
        self.ordinal = ordinal
        self.columns = columns
        self.most = most
        self.values = values
    }
}

/// A lookup of rows whose number others can raise at will: it finds them only as long as they are few, so that nobody makes
/// another's commands slow.
public struct BoundedLookup<Of: Projection>: Sendable {
    /// The lookup, as one of `Of.lookups`.
    public let lookup: Lookup<Of>

    /// A lookup by the named columns that finds at most that many rows.
    public init(
        _ ordinal: Int, by columns: [String], most: Int, _ values: @escaping @Sendable (Of.Row) -> [ColumnValue]?
    ) {
        lookup = Lookup(ordinal, by: columns, most: most, values)
    }
}

/// A row and the position since which it is in effect.
///
/// A version is handed on and kept in several places, and a row has many fields: it is shared, and copied only where it is read.
public struct Versioned<Row: Sendable>: Sendable {
    private final class Shared: Sendable {
        let row: Row

        init(_ row: Row) { self.row = row }
    }

    private let shared: Shared
    /// The position of the event that made it so.
    public let since: Position

    /// A row in effect since `since`.
    public init(_ row: Row, since: Position) {
        shared = Shared(row)
        self.since = since
    }

    /// The row.
    public var row: Row { shared.row }
}
