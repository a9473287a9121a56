import EventSourcing
import FoundationEssentials
import Logging
import Postgres
import ReadModels
import ServiceLifecycle

/// Forgets, every hour, the receipts of idempotent requests that count no more. Nodes that do it at the same time do no
/// harm.
struct ReceiptExpiry: Service {
    let configuration: ConnectionConfiguration
    let interval: Duration
    let logger: Logger
    /// One for all connections to come: making another when the system has no descriptor left would trap.
    let eventLoop = EventLoop()

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await expire()
                do { try await Task.sleep(for: interval) } catch { return }
            }
        }
    }

    private func expire() async {
        do {
            let session = try await PostgresSession.connect(
                configuration, logger: logger, eventLoop: eventLoop)
            let now = Instant(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
            let (statement, parameters) = Receipts.expire(before: now.advanced(byMicroseconds: -Receipt.lifetime))
            _ = try? await session.query(statement, parameters)
            await session.close()
        } catch {
            // The next hour will do.
            logger.debug("receipts not expired", metadata: ["error": "\(error)"])
        }
    }
}
