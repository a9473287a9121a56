import FoundationEssentials
import Migrations
import Postgres

/// The organization to import into.
enum ImportTarget: Sendable {
    /// An existing organization.
    case existing(UUID)
    /// A new organization, whose OWNER is the account with this address.
    case new(name: String, ownerEmail: String)
}

extension Database {
    /// Runs `body` with a session, while no other import runs: two that import the same file would import it twice. The lock ends
    /// with the session.
    func withImportLock<T>(_ body: (PostgresSession) async throws -> T) async throws -> T {
        try await withSession("import") { session in
            let lock = Selection { try $0.bool("pg_try_advisory_lock(\(AdvisoryLock.imports.keys))") }
            guard try await session.selectOne(lock) else {
                throw Failure("Another import into this directory is in progress: wait until it has finished.")
            }
            return try await body(session)
        }
    }
}
