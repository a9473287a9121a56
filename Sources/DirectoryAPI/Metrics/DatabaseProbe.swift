import EventLog
import EventSourcing
import Postgres
import ServiceLifecycle
import Synchronization

/// Asks the database every few seconds how long the log is and how far webhooks are, so that whoever reads the metrics need not wait
/// for its answer.
final class DatabaseProbe: Service {
    private static let interval = Duration.seconds(2)
    /// After this time without an answer the database counts as down.
    private static let deadline = Duration.seconds(2)

    private let pool: PostgresPool
    private let answers = Atomic(false)
    /// Negative before the first answer.
    private let lastPosition = Atomic<Position>(-1)
    private let webhookLag = Atomic<Int64>(-1)

    init(_ pool: PostgresPool) { self.pool = pool }

    /// Whether the database answered when it was asked last.
    var isUp: Bool { answers.load(ordering: .relaxed) }

    /// The position of the last event, as of the last answer; `nil` before the first.
    var position: Position? {
        let position = lastPosition.load(ordering: .relaxed)
        return position < 0 ? nil : position
    }

    /// How many events the slowest webhook has not been told of, as of the last answer; `nil` before the first.
    var lag: Int64? {
        let lag = webhookLag.load(ordering: .relaxed)
        return lag < 0 ? nil : lag
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            await PeriodicWork.run(every: DatabaseProbe.interval) { await ask() }
        }
    }

    private func ask() async {
        do {
            let found = try await pool.select(EventLog.lastPosition, (), deadline: DatabaseProbe.deadline)
            if let position = found.first { lastPosition.store(position, ordering: .relaxed) }
            let lags = try await pool.select(WebhookLag.lag, (), deadline: DatabaseProbe.deadline)
            if let lag = lags.first { webhookLag.store(lag, ordering: .relaxed) }
            answers.store(true, ordering: .relaxed)
        } catch {
            // Shutting down says nothing about the database.
            if !Task.isCancelled { answers.store(false, ordering: .relaxed) }
        }
    }
}
