import Postgres
import Synchronization
import TestSupport

/// Holds up statements for as long as a test wants, without a clock: they wait for its lock.
struct Gate {
    private static let last = Mutex<Int64>(0)
    private let number: Int64
    private let session: PostgresSession

    /// Creates a closed gate.
    init() async throws {
        number = Self.last.withLock { last in
            last += 1
            return last
        }
        session = try await PostgresSession.connect(configuration(), logger: quiet)
        _ = try await session.query("SELECT pg_advisory_lock($1)::text", [.int8(number)])
    }

    /// An SQL expression that evaluates to an empty text once the gate is open.
    var wait: String { "pg_advisory_xact_lock_shared(\(number))::text" }

    func open() async throws {
        _ = try await session.query("SELECT pg_advisory_unlock($1)", [.int8(number)])
        await session.close()
    }
}

/// Polls a condition for at most half a minute.
func until(_ condition: () async throws -> Bool) async throws {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(30)
    while try await !condition() {
        if clock.now > end { throw WaitedInVain() }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// What a test waits for did not come.
struct WaitedInVain: Error {}

/// Waits until a backend sleeps.
func untilAsleep(_ pid: Int32) async throws {
    try await withSession(configuration()) { session in
        let probe: Statement = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'"
        try await until { try await session.query(probe, [.int4(pid)])[0].int(0) == 1 }
    }
}
