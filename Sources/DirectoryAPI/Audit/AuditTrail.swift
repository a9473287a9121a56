import Directory
import DirectoryEvents
import EventLog
import EventSourcing
import FoundationEssentials
import Postgres

/// The audit trail: the log, as shown to those who administer an organization.
public struct AuditTrail: Sendable {
    /// A page of the trail.
    public struct Page: Sendable {
        /// The entries, in the order asked for.
        public let entries: [AuditEntry]
        /// Where to continue (`AuditFilter.after`). In ascending order it is never `nil`, since later events come after it; in
        /// descending order it is `nil` after the oldest entry.
        public let next: Position?
        /// Whether all events up to now have been examined. If not, a page may be short or even empty, with more after `next`.
        public let isComplete: Bool
        /// The position of the last event of the log at that moment.
        public let position: Position
    }

    private let pool: PostgresPool

    /// - Parameter pool: connections whose statements may take long.
    public init(_ pool: PostgresPool) { self.pool = pool }

    /// Reads a page for a reader who may see everything: someone with access to the database.
    public func page(_ filter: AuditFilter) async throws -> Page {
        let query = filter.query
        guard let statement = AuditStatements.trusted[query.shape] else { throw AuditStatements.unknown }
        let parameters: [Parameter] = [.uuid(nil), .int8(0), .uuid(nil), .uuid(nil)]
        let rows = try await pool.read(
            statement, parameters + [.uuid(filter.organization), .uuid(nil)] + query.parameters)
        return try AuditTrail.page(rows, filter)
    }

    /// Reads a page for a caller. Their rights and the entries are of one moment, since one statement reads both.
    /// - Parameter kind: the kind of entity that the filter must name, if the request is for a history.
    /// - Throws: refusals, as described by `AuditRights`.
    func page(_ filter: AuditFilter, for caller: Caller, historyOf kind: EntityKind? = nil) async throws -> Page {
        let query = filter.query
        guard let statement = AuditStatements.scoped[query.shape] else { throw AuditStatements.unknown }
        let rows = try await statement.run(
            pool, caller, at: nil,
            [
                .uuid(caller.statedOrganization), .uuid(caller.claimedOrganization), .uuid(filter.organization),
                .uuid(filter.entity),
            ] + query.parameters)
        try AuditRights(rows[0], caller).check(filter, caller, historyOf: kind)
        return try AuditTrail.page(rows, filter)
    }

    private static func page(_ rows: Rows, _ filter: AuditFilter) throws -> Page {
        let position = try rows[0].int(AuditColumn.position)
        let through = try rows[0].intIfPresent(AuditColumn.through)
        var entries: [AuditEntry] = []
        var hasMore = false
        for row in rows where !row.isNull(AuditColumn.event) {
            guard entries.count < filter.limit else {
                hasMore = true
                break
            }
            entries.append(try AuditEntry(row))
        }
        let isComplete = !hasMore && through == nil
        let next: Position? =
            if hasMore {
                entries.last?.position
            } else if let through {
                through
            } else {
                // Everything up to the head has been examined and cannot change, so a poll need not examine it again.
                filter.order == .ascending ? max(filter.after, position) : nil
            }
        return Page(entries: entries, next: next, isComplete: isComplete, position: position)
    }
}

extension AuditEntry {
    fileprivate init(_ row: Row) throws {
        let names = Names(
            actor: try row.textIfPresent(AuditColumn.names), stream: try row.textIfPresent(AuditColumn.names + 1),
            related: try row.textIfPresent(AuditColumn.names + 2),
            organization: try row.textIfPresent(AuditColumn.names + 3))
        self.init(try StoredEvent(row, from: AuditColumn.event), names)
    }
}
