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
        /// The account that reads; `nil` where nobody calls.
        let reader: UUID?
    }

    private let pool: PostgresPool

    /// - Parameter pool: connections whose statements may take long.
    public init(_ pool: PostgresPool) { self.pool = pool }

    /// A page as a caller reads it.
    struct Reading: Sendable {
        let page: Page
        /// The organization whose trail it is; `nil` where none was named.
        let organization: UUID?
        /// Whether the same reading was recorded a moment ago.
        let isRecorded: Bool
    }

    /// Reads a page for a reader who may see everything: someone with access to the database.
    public func page(_ filter: AuditFilter) async throws -> Page {
        let rows = try await AuditTrail.rows(AuditStatements.trusted, filter, for: .nobody, pool)
        return try AuditTrail.page(rows, filter)
    }

    /// Reads a page for a caller. Their rights and the entries are of one moment, since one statement reads both.
    /// - Throws: refusals, as described by `AuditRights`.
    func page(_ filter: AuditFilter, for caller: Caller) async throws -> Reading {
        let rows = try await AuditTrail.rows(AuditStatements.scoped, filter, for: caller, pool)
        guard let first = rows.first, first.rights.facts.isActive else { throw caller.refusal }
        try first.rights.check(filter, caller)
        return Reading(
            page: try AuditTrail.page(rows, filter), organization: first.rights.organization(of: filter, caller),
            isRecorded: first.isRecorded)
    }

    /// Reads a page of an organization's trail as an AUDITOR of it is shown it.
    func page(_ filter: AuditFilter, ofOrganization organization: UUID) async throws -> Page {
        var filter = filter
        filter.organization = organization
        let reader = Caller(.id(.unknown), claimedOrganization: organization)
        return try AuditTrail.page(
            try await AuditTrail.rows(AuditStatements.auditing, filter, for: reader, pool), filter)
    }

    private static func rows(
        _ statements: [EventQuery.Shape: AuditStatements.Page], _ filter: AuditFilter, for caller: Caller,
        _ pool: PostgresPool
    ) async throws -> [AuditRow] {
        let query = filter.query
        guard let statement = statements[query.shape] else { throw AuditStatements.unknown }
        let input = AuditInput(
            organization: filter.organization, entity: filter.entity, query: query,
            reading: Readings.digest(filter: filter.conditions, confinedTo: caller.claimedOrganization))
        return try await statement.run(pool, caller, .now, input)
    }

    private static func page(_ rows: [AuditRow], _ filter: AuditFilter) throws -> Page {
        let position = rows.first?.rights.facts.position ?? 0
        let through = rows.first?.through
        let names = rows.first?.names ?? [:]
        let found = try rows.compactMap { try $0.entry(names) }
        let entries = Array(found.prefix(filter.limit))
        let hasMore = found.count > filter.limit
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
        return Page(
            entries: entries, next: next, isComplete: isComplete, position: position,
            reader: rows.first?.rights.facts.account)
    }
}
