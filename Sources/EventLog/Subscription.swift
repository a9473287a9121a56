import EventSourcing
import Logging
import Postgres

/// Follows the log from a position: everything after it, then what is appended, in order and without a gap.
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

    /// All events after `after`, for as long as the caller iterates.
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
        let notifier = AppendNotifier(configuration, eventLoop, pollInterval: pollInterval, logger: logger)
        return Iterator(log: log, after: after, notifier: notifier)
    }

    /// Reads a page, hands its events out, and sleeps where there is none.
    public struct Iterator: AsyncIteratorProtocol {
        private let log: EventLog
        private let notifier: AppendNotifier
        private var signals: AsyncStream<Void>.Iterator
        private var position: Position
        private var page: ArraySlice<StoredEvent> = []

        init(log: EventLog, after: Position, notifier: AppendNotifier) {
            self.log = log
            self.notifier = notifier
            signals = notifier.signals.makeAsyncIterator()
            position = after
        }

        public mutating func next() async throws -> StoredEvent? {
            while page.isEmpty {
                try Task.checkCancellation()
                var query = EventQuery()
                query.after = position
                page = try await read(query)[...]
                if page.isEmpty { await signals.next() }
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
