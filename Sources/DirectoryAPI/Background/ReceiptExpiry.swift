import Directory
import EventSourcing
import FoundationEssentials
import Logging
import Postgres
import ServiceLifecycle

/// Deletes, every hour, the receipts of idempotent requests that are no longer valid, and what only says that a reading of the
/// trail was recorded a moment ago. It is safe for several nodes to do so at the same time.
struct ReceiptExpiry: Service {
    let configuration: ConnectionConfiguration
    let interval: Duration
    let logger: Logger
    private let eventLoop = EventLoop()

    func run() async throws {
        let work = PeriodicWork(
            failure: "receipts that have expired are not deleted", interval: interval, logger: logger)
        await cancelWhenGracefulShutdown { await work.run { try await expire() } }
    }

    /// Takes microseconds since 1970.
    private static let delete = Query<Int64> {
        "delete from \(Receipts.name) where recorded_at < \($0.microseconds { $0 })"
    }

    /// Takes microseconds since 1970.
    private static let deleteReadings = Query<Int64> {
        "delete from \(Readings.name) where recorded_at < \($0.microseconds { $0 })"
    }

    private func expire() async throws {
        try await PostgresSession.use(configuration, logger: logger, eventLoop: eventLoop) { session in
            let now = Instant.now.microseconds
            _ = try await session.query(Self.delete, now - Receipts.lifetime)
            _ = try await session.query(Self.deleteReadings, now - Readings.interval)
        }
    }
}
