import Migrations
import Postgres

/// Only one node at a time makes, rebuilds or swaps read models. The lock belongs to the session and ends with it.
enum BuildLock {
    private static let take = Selection { try $0.bool("pg_try_advisory_lock(\(AdvisoryLock.readModels.keys))") }
    private static let release = Statement("select pg_advisory_unlock(\(AdvisoryLock.readModels.keys))")

    /// Waits for the lock, runs `body` and releases the lock.
    static func hold<T>(_ session: PostgresSession, _ body: () async throws -> T) async throws -> T {
        while try await !session.selectOne(take) {
            try await Task.sleep(for: .milliseconds(200))
        }
        do {
            let result = try await body()
            _ = try await session.query(release)
            return result
        } catch {
            _ = try? await session.query("rollback")
            _ = try? await session.query(release)
            throw error
        }
    }
}
