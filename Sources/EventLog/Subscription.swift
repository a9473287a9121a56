import EventSourcing
import Logging
import Postgres

/// Follows the log from a position: everything behind it, then what is appended, in order and without a gap.
///
/// A NOTIFY wakes it; polling backs that up, for a notification is lost with its connection.
public struct Subscription: AsyncSequence, Sendable {
    private let log: EventLog
    private let configuration: ConnectionConfiguration
    private let after: Position
    private let pollInterval: Duration
    private let logger: Logger
    /// One for all connections to come: making another when the system has no descriptor left would trap.
    private let eventLoop = EventLoop()

    /// All events behind `after`, for as long as the caller iterates.
    public init(
        to log: EventLog, after: Position, listening configuration: ConnectionConfiguration,
        pollInterval: Duration = .seconds(1), logger: Logger
    ) {
        self.log = log
        self.after = after
        self.configuration = configuration
        self.pollInterval = pollInterval
        self.logger = logger
    }

    public func makeAsyncIterator() -> Iterator {
        let alarm = Alarm(configuration, eventLoop, pollInterval: pollInterval, logger: logger)
        return Iterator(log: log, after: after, alarm: alarm)
    }

    /// Reads a page, hands its events out, and sleeps where there is none.
    public struct Iterator: AsyncIteratorProtocol {
        private let log: EventLog
        private let alarm: Alarm
        private var bell: AsyncStream<Void>.Iterator
        private var position: Position
        private var page: ArraySlice<StoredEvent> = []

        init(log: EventLog, after: Position, alarm: Alarm) {
            self.log = log
            self.alarm = alarm
            bell = alarm.bell.makeAsyncIterator()
            position = after
        }

        public mutating func next() async throws -> StoredEvent? {
            while page.isEmpty {
                try Task.checkCancellation()
                var query = EventQuery()
                query.after = position
                page = try await read(query)[...]
                if page.isEmpty { await bell.next() }
            }
            let event = page.removeFirst()
            position = event.position
            return event
        }

        /// The events of a page; none while the database is out of reach, or when the task was cancelled. Nothing can be
        /// lost meanwhile.
        private func read(_ query: EventQuery) async throws(PostgresError) -> [StoredEvent] {
            do {
                return try await log.read(query)
            } catch {
                guard error.isOutage || error == .cancelled else { throw error }
                return []
            }
        }
    }
}

/// Wakes a reader on a notification of the log, and after each poll interval.
final class Alarm: Sendable {
    /// Yields once for any number of rings since the last.
    let bell: AsyncStream<Void>
    private let work: Task<Void, Never>

    init(_ configuration: ConnectionConfiguration, _ eventLoop: EventLoop, pollInterval: Duration, logger: Logger) {
        let (bell, rope) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.bell = bell
        work = Task {
            await withTaskGroup { group in
                group.addTask {
                    while !Task.isCancelled {
                        try? await Task.sleep(for: pollInterval)
                        rope.yield()
                    }
                }
                group.addTask {
                    while !Task.isCancelled {
                        await Alarm.listen(configuration, eventLoop, rope, logger)
                        try? await Task.sleep(for: pollInterval)
                    }
                }
            }
        }
    }

    deinit { work.cancel() }

    private static func listen(
        _ configuration: ConnectionConfiguration, _ eventLoop: EventLoop, _ rope: AsyncStream<Void>.Continuation,
        _ logger: Logger
    ) async {
        guard
            let session = try? await PostgresSession.connect(configuration, logger: logger, eventLoop: eventLoop)
        else { return }
        let notifications = session.notifications()
        if (try? await session.query("listen log")) != nil {
            // Whatever was appended before LISTEN took effect has rung no bell.
            rope.yield()
            for await _ in notifications { rope.yield() }
        }
        await session.close()
    }
}
