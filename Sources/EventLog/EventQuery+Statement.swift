import EventSourcing
import FoundationEssentials
import Postgres

extension EventQuery {
    /// The statement that reads the events of a query of that shape by itself, for a reader who may read everything.
    static func alone(_ shape: Shape) -> Selection<EventQuery, StoredEvent> { statements[shape] ?? statement(shape) }

    private static let statements = Dictionary(
        uniqueKeysWithValues: (Shape.bounded + Shape.unbounded).map { ($0, statement($0)) })

    private static func statement(_ shape: Shape) -> Selection<EventQuery, StoredEvent> {
        Selection({ try StoredEvent(&$0) }) { parameters, columns in
            let sql = EventQuerySQL(shape: shape, reader: nil, EventQueryParameters(parameters, isScoped: false) { $0 })
            let tables = sql.tables.isEmpty ? "" : "with \(sql.tables.joined(separator: ", ")) "
            return "\(tables)select \(columns) from (\(sql.select("*"))) e order by \(sql.order)"
        }
    }

    /// The query as part of a larger statement, for a reader: two tables for its WITH list, `found` with the named columns of
    /// what was found, in order, and, of bounded shapes, `bound (through)` with the position where the looking ended before the log did.
    /// - Parameters:
    ///   - columns: columns of the log, the position among them.
    ///   - query: the query in the statement's input.
    public static func tables<Input>(
        _ shape: Shape, of columns: String, for reader: Reader, _ parameters: Parameters<Input>,
        _ query: @escaping @Sendable (Input) -> EventQuery
    ) -> String {
        let sql = EventQuerySQL(
            shape: shape, reader: reader, EventQueryParameters(parameters, isScoped: true, query))
        return (sql.tables + ["found as materialized (\(sql.select(columns)))"]).joined(separator: ", ")
    }
}

/// The parameters of a query. Conditions that are not asked for are null, so that few texts serve all queries and a connection
/// prepares few statements.
struct EventQueryParameters {
    let after, through, since, until, entity, entityTypes, kind, kindRelated: String
    let kindOrganization, actor, bySystem, organization, type, typePrefix, types, requestID: String
    let limit, scanLimit, isSelective: String

    /// - Parameter isScoped: whether a reader's rights are a condition too.
    init<Input>(
        _ parameters: Parameters<Input>, isScoped: Bool, _ query: @escaping @Sendable (Input) -> EventQuery
    ) {
        // The last position recorded before an instant is the last one at the microsecond before.
        since = parameters.microseconds { query($0).since.map { $0.microseconds - 1 } }
        until = parameters.microseconds { query($0).until.map { $0.microseconds - 1 } }
        after = parameters.int { query($0).after }
        through = parameters.int { query($0).through }
        entity = parameters.uuid { query($0).entity?.id }
        entityTypes = parameters.texts { query($0).entity?.typesByOrganization ?? [] }
        kind = parameters.text { query($0).kind?.streamType }
        kindRelated = parameters.texts { query($0).kind?.typesByRelated ?? [] }
        kindOrganization = parameters.texts { query($0).kind?.typesByOrganization ?? [] }
        actor = parameters.uuid { query($0).actor }
        bySystem = parameters.bool { query($0).bySystem }
        organization = parameters.uuid { query($0).organization }
        type = parameters.text { query($0).type }
        typePrefix = parameters.text { query($0).typePrefix }
        types = parameters.texts { query($0).types }
        requestID = parameters.text { query($0).requestID }
        limit = parameters.int { Int64(query($0).limit) }
        scanLimit = parameters.int { Int64(query($0).scanLimit ?? 0) }
        isSelective = parameters.bool { query($0).isSelective(isScoped: isScoped) }
    }
}
