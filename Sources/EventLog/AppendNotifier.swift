import Logging
import Postgres

/// Wakes a reader on a notification of the log, and after each poll interval. It listens over a connection of its own, until
/// it is released.
public final class AppendNotifier: Sendable {
    /// Yields once for any number of notifications since the last.
    public let signals: AsyncStream<Void>
    private let work: Task<Void, Never>

    /// Begins to listen.
    /// - Parameter eventLoop: whose thread does the I/O of this connection, and of those after it if it is lost.
    public init(
        _ configuration: ConnectionConfiguration, _ eventLoop: EventLoop, pollInterval: Duration = .seconds(1),
        logger: Logger
    ) {
        let (signals, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.signals = signals
        work = Task {
            await withTaskGroup { group in
                group.addTask {
                    while !Task.isCancelled {
                        try? await Task.sleep(for: pollInterval)
                        continuation.yield()
                    }
                }
                group.addTask {
                    while !Task.isCancelled {
                        await AppendNotifier.listen(configuration, eventLoop, continuation, logger)
                        try? await Task.sleep(for: pollInterval)
                    }
                }
            }
        }
    }

    deinit { work.cancel() }

    private static func listen(
        _ configuration: ConnectionConfiguration, _ eventLoop: EventLoop,
        _ continuation: AsyncStream<Void>.Continuation,
        _ logger: Logger
    ) async {
        guard
            let session = try? await PostgresSession.connect(configuration, logger: logger, eventLoop: eventLoop)
        else { return }
        let notifications = session.notifications()
        if (try? await session.query("listen log")) != nil {
            // What was appended before LISTEN took effect sent no notification here.
            continuation.yield()
            for await _ in notifications { continuation.yield() }
        }
        await session.close()
    }
}
