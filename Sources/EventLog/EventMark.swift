import EventSourcing
import FoundationEssentials
import Postgres

/// What an event is about, without what it says: enough to tell who may want to read it.
public struct EventMark: Sendable, Equatable {
    /// Its place in the log.
    public let position: Position
    /// What happened.
    public let type: String
    /// The organization in whose trail it is.
    public let organization: UUID?
    /// The entity that it changed.
    public let stream: UUID
    /// The entity that it relates to.
    public let related: UUID?
    /// The account that caused it.
    public let actor: UUID?

    /// A mark, part by part.
    public init(
        position: Position, type: String, organization: UUID?, stream: UUID, related: UUID? = nil, actor: UUID? = nil
    ) {
        (self.position, self.type, self.organization) = (position, type, organization)
        (self.stream, self.related, self.actor) = (stream, related, actor)
    }

    private init(_ columns: inout Columns) throws(PostgresError) {
        position = try columns.int("position")
        type = try columns.text("type")
        organization = try columns.uuidIfPresent("organization")
        stream = try columns.uuid("stream")
        related = try columns.uuidIfPresent("related")
        actor = try columns.uuidIfPresent("actor")
    }

    private struct Span: Sendable {
        let after: Position
        let limit: Int
    }

    private static let selection = Selection<Span, EventMark>({ try EventMark(&$0) }) { parameters, columns in
        """
        select \(columns) from log.events
        where position > \(parameters.int { $0.after }) order by position limit \(parameters.int { Int64($0.limit) })
        """
    }

    /// The marks of the next events after a position, in order.
    public static func read(
        after position: Position, limit: Int, _ pool: PostgresPool
    ) async throws(PostgresError) -> [EventMark] {
        try await pool.select(selection, Span(after: position, limit: limit))
    }
}
