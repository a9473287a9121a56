import EventLog
import EventSourcing
import FoundationEssentials
import Postgres

/// Which log a database holds, and which keys belong to it.
struct LogIdentity: Sendable {
    /// The log's id, generated when the log was created.
    let id: UUID
    /// The keyed fingerprint of the master and signing keys; `nil` before the first start.
    let fingerprint: [UInt8]?

    /// - Throws: `Failure` if the database has no directory yet; `UnfinishedRestore`.
    static func read(_ session: PostgresSession) async throws -> LogIdentity {
        let identities: [LogIdentity]
        do {
            identities = try await session.select(selection)
        } catch {
            // The table or its schema is missing.
            guard ["42P01", "3F000"].contains(error.sqlState) else { throw error }
            throw Failure(
                "There is no directory in this database yet; `directory migrate` or `directory serve` creates it.")
        }
        guard let identity = identities.first else {
            throw Failure("The table log.control is empty: the database is damaged.")
        }
        try await UnfinishedRestore.check(session)
        return identity
    }

    private static let selection = Selection<Void, LogIdentity>(
        { LogIdentity(id: try $0.uuid("log_id"), fingerprint: try $0.bytesIfPresent("key_fingerprint")) },
        "from log.control")

    /// Sets the log's fingerprint unless it has one. If two nodes start for the first time at once, the first one wins.
    /// - Returns: the fingerprint that the log has now.
    static func claim(_ fingerprint: [UInt8], _ session: PostgresSession) async throws -> [UInt8]? {
        let update = Query<[UInt8]> {
            "update log.control set key_fingerprint = \($0.bytes { $0 }) where key_fingerprint is null"
        }
        _ = try await session.query(update, fingerprint)
        return try await read(session).fingerprint
    }
}
