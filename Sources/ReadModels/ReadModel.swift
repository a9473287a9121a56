import EventSourcing
import FoundationEssentials
import Postgres

/// A table as the engine loads and writes it, whatever its rows are.
public protocol TableStore: Sendable {
    /// How loads name it.
    var target: LoadTarget { get }

    /// The statements that load what is asked for, each with what to do with its rows.
    func reads(_ loads: [Load]) -> [Read]
    /// Whether the view holds what a load would bring.
    func holds(_ load: Load, in view: View) -> Bool
    /// Takes what the batch changed, and gives what makes the statements that write it; the view begins the next batch.
    func writes(from view: View) -> @Sendable () -> [(Statement, [Parameter])]
}

/// A projection as the engine runs it.
public protocol ReadModel<Payload>: TableStore {
    /// The domain's events.
    associatedtype Payload: EventPayload

    /// The projection's name.
    var name: String { get }
    /// The projection's version.
    var version: Int { get }
    /// The SQL schema that holds the tables.
    var schema: String { get }
    /// The SQL that makes the tables, then the SQL that makes their indexes.
    var definition: (tables: String, indexes: String) { get }
    /// All columns of the table, the key's first.
    var columns: [Column] { get }
    /// The topics of the events that change its rows.
    var topics: Set<Payload.Topic> { get }

    /// The same projection in tables of another schema.
    func inSchema(_ schema: String) -> any ReadModel<Payload>
    /// What must be loaded before these events can be folded, one after the other.
    func loads(for payloads: [Payload], in view: View) -> [Load]
    /// Folds an event into the view's rows.
    func apply(_ event: Event<Payload>, in view: View)
    /// Whether its rows are made from streams that can be erased.
    var canBeErased: Bool { get }
    /// The statements that delete all rows, current and past, that were made from a stream which is erased.
    func deletions(erasing stream: UUID) -> [(Statement, [Parameter])]
}

/// A statement that loads rows, and what to do with them.
public struct Read {
    let statement: Statement
    let parameters: [Parameter]
    let insert: (Rows, View) throws -> Void

    /// The statement and its parameters.
    public var step: (Statement, [Parameter]) { (statement, parameters) }

    /// Takes the statement's rows into a view.
    /// - Throws: `UnreadableRow`, `PostgresError.unexpectedResult`.
    public func insert(_ rows: Rows, into view: View) throws { try insert(rows, view) }
}
