import Directory
import DirectoryEvents
import EventLog
import EventSourcing
import FoundationEssentials
import Postgres

/// The audit trail: the log, told to those who look after an organization.
public struct AuditTrail: Sendable {
    /// A page of the trail.
    public struct Page: Sendable {
        /// The entries, in the order asked for.
        public let entries: [AuditEntry]
        /// Where to go on (`AuditFilter.after`). Ascending it is always there: what is appended later stands behind it.
        /// Descending it is `nil` behind the oldest.
        public let next: Position?
        /// Whether everything that there is now has been looked at. If not, a page may be short, even empty, and there is
        /// more behind `next`.
        public let isComplete: Bool
        /// The position of the last event of the log at that moment.
        public let position: Position
    }

    private let pool: PostgresPool

    /// The trail of the log behind these connections, whose statements may take their time.
    public init(_ pool: PostgresPool) { self.pool = pool }

    /// Reads a page for a reader whom nothing is hidden from: whoever holds the database.
    public func page(_ filter: AuditFilter) async throws -> Page {
        let query = filter.query
        guard let statement = AuditStatements.trusted[query.shape] else { throw AuditStatements.unknown }
        let parameters: [Parameter] = [.uuid(nil), .int8(0), .uuid(nil), .uuid(nil)]
        let rows = try await pool.read(
            statement, parameters + [.uuid(filter.organization), .uuid(nil)] + query.parameters)
        return try AuditTrail.page(rows, filter)
    }

    /// Reads a page for a caller; its rights and the entries are of one moment, since they are of one statement.
    /// - Parameter kind: of what kind the filter's entity must be, where its history is asked for.
    /// - Throws: refusals, as `AuditRights` says.
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
                // All up to the head was looked at, and does not change: a poll need not look at it again.
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
