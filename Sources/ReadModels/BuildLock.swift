import Postgres

/// One at a time makes, rebuilds or swaps read models, whichever node it is. The lock belongs to the session and goes with it.
enum BuildLock {
    /// Waits for the lock, then runs `body`, then gives it back.
    static func hold<T>(_ session: PostgresSession, _ body: () async throws -> T) async throws -> T {
        while try await !session.query("select pg_try_advisory_lock(7021966, 3)")[0].bool(0) {
            try await Task.sleep(for: .milliseconds(200))
        }
        do {
            let result = try await body()
            _ = try await session.query("select pg_advisory_unlock(7021966, 3)")
            return result
        } catch {
            _ = try? await session.query("rollback")
            _ = try? await session.query("select pg_advisory_unlock(7021966, 3)")
            throw error
        }
    }
}
