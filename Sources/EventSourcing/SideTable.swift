/// A table alongside the log: neither in the log nor derived from it, but loaded and written like the state that commands are
/// decided upon, in the very transaction that appends their events (receipts of idempotent requests, secrets).
///
/// A migration makes the table, whose name has its schema: `log.receipts`. It is listed where the read models are.
public protocol SideTable: StoredTable {
    /// The names of further tables that go with it, which the engine does not write but the service does.
    static var parts: [String] { get }
    /// What goes from it when a stream is erased. It runs in the transaction that erases, while the read models have what they had
    /// before.
    static var forgetting: [Forgetting] { get }
}

extension SideTable {
    public static var parts: [String] { [] }
}

/// The text of an SQL statement that takes from a side table what is kept of a stream that is erased. It takes its parameters where
/// they appear: the stream's id, and the position of the event that erases it.
public typealias Forgetting = @Sendable (_ stream: () -> String, _ position: () -> String) -> String

/// A write to a side table, as a command decides it. It is made if the command appends events, and only together with them.
public struct SideWrite: Sendable {
    private let make: @Sendable (View, Outcome) -> Void

    /// Writes a row, or removes it.
    /// - Parameter row: makes the row when it is known where the command's events are; `nil` removes it.
    public init<T: SideTable>(_ table: T.Type, _ key: T.Key, _ row: @escaping @Sendable (Outcome) -> T.Row?) {
        make = { view, outcome in view.write(row(outcome), to: table, at: key) }
    }

    /// Writes to the view, which hands it on to the database with all that the batch changed.
    public func apply(to view: View, _ outcome: Outcome) { make(view, outcome) }
}

/// The rows of one side table that a view holds: those that the batch under way has read, and those that it writes.
public final class SideRows<T: SideTable> {
    private var rows: [T.Key: T.Row?] = [:]
    private var written: Set<T.Key> = []

    init() {}

    /// The row under a key: `.some(nil)` where it is known that there is none, `nil` where nothing is known.
    public func find(_ key: T.Key) -> T.Row?? { rows[key] }

    /// Takes what the database holds under a key. The batch's own write, if there is one, stays.
    public func insert(_ row: T.Row?, at key: T.Key) {
        if rows[key] == nil { rows[key] = .some(row) }
    }

    func write(_ row: T.Row?, at key: T.Key) {
        rows[key] = .some(row)
        written.insert(key)
    }

    /// Hands over what the batch wrote; `nil` is a row that was removed.
    public func takeWrites() -> [(key: T.Key, row: T.Row?)] {
        defer { written = [] }
        return written.map { ($0, rows[$0] ?? nil) }
    }
}
