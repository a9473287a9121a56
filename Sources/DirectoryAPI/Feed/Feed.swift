import EventLog
import EventSourcing
import Logging
import NIOCore
import Postgres
import ServiceLifecycle
import Synchronization

/// The live feed of a node: wakes its streams when there are events that concern them.
///
/// One connection listens, however many streams there are, and none while nobody waits. A stream that waits is an
/// entry in a table; one that is sent to is read for, page by page, as its client takes it.
public final class Feed: Service, Sendable {
    typealias Waiter = CheckedContinuation<FeedWaking, Never>

    /// How long a stream is silent at most, so that a client, and whatever is between, knows that it is still there.
    static let silence = Duration.seconds(15)
    /// How long a stream is given to say goodbye before its connection is cut.
    private static let farewell = Duration.seconds(1)

    private struct State {
        var streams: [Int: any Channel] = [:]
        /// Who else waits, without a client.
        var others: Set<Int> = []
        var lastID = 0
        var follower: Task<Void, Never>?
    }

    /// The connections over which pages are read.
    let pool: PostgresPool
    private let connection: ConnectionConfiguration
    private let eventLoop: Postgres.EventLoop
    private let logger: Logger
    private let waiting = Mutex(FeedState<Waiter>())
    private let state = Mutex(State())

    /// - Parameters:
    ///   - pool: for pages: a few connections of the feed's own, so that nothing else waits for them.
    ///   - connection: for listening.
    ///   - eventLoop: whose thread does the I/O of listening.
    public init(
        _ pool: PostgresPool, listening connection: ConnectionConfiguration, _ eventLoop: Postgres.EventLoop,
        logger: Logger
    ) {
        (self.pool, self.connection, self.eventLoop, self.logger) = (pool, connection, eventLoop, logger)
    }

    /// Keeps streams from being silent, until graceful shutdown, which ends them.
    public func run() async throws {
        await PeriodicWork.run(every: .seconds(1)) { wakeOverdue() }
        for waiter in waiting.withLock({ $0.end() }) { waiter.resume(returning: .end) }
        let end = ContinuousClock.now + Feed.farewell
        while ContinuousClock.now < end, state.withLock({ !$0.streams.isEmpty }) {
            try? await Task.sleep(for: .milliseconds(10))
        }
        // What is left waits for clients that do not read.
        for channel in state.withLock({ Array($0.streams.values) }) { channel.close(promise: nil) }
    }

    /// How many streams are open.
    var count: Int { state.withLock { $0.streams.count } }

    /// The position of the last event that it knows of.
    var head: Position { waiting.withLock { $0.head ?? 0 } }

    /// Whether the node is shutting down.
    var isEnding: Bool { waiting.withLock { $0.isEnding } }

    // MARK: Streams

    /// Enters a stream; it is to leave when it ends.
    /// - Parameter channel: the connection of its client.
    func enter(_ channel: any Channel) -> Int {
        state.withLock { state in
            state.lastID += 1
            state.streams[state.lastID] = channel
            return state.lastID
        }
    }

    /// Enters somebody who waits for events without sending them to a client of the node.
    func enter() -> Int {
        state.withLock { state in
            state.lastID += 1
            state.others.insert(state.lastID)
            return state.lastID
        }
    }

    func leave(_ id: Int) {
        gone(id)
        state.withLock { state in
            state.streams[id] = nil
            state.others.remove(id)
            guard state.streams.isEmpty, state.others.isEmpty else { return }
            state.follower?.cancel()
            state.follower = nil
            waiting.withLock { $0.stop() }
        }
    }

    /// The client of a stream has gone: if the stream waits, it ends.
    func gone(_ id: Int) {
        waiting.withLock { $0.remove(id) }?.resume(returning: .end)
    }

    /// Waits until there are events after a stream's cursor that concern it, or it has been silent for long.
    /// - Parameter head: the position of the log's last event when the stream looked last.
    func wait(_ id: Int, for interest: FeedInterest, after cursor: Position, _ head: Position) async -> FeedWaking {
        follow(after: head)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let due = ContinuousClock.now + Feed.silence
                let answer: FeedWaking? =
                    Task.isCancelled
                    ? .end : waiting.withLock { $0.wait(waiter, id: id, for: interest, after: cursor, due: due) }
                if let answer { waiter.resume(returning: answer) }
            }
        } onCancel: {
            gone(id)
        }
    }

    // MARK: The log

    private func wakeOverdue() {
        let (overdue, head) = waiting.withLock { ($0.overdue(.now), $0.head ?? 0) }
        for waiter in overdue { waiter.resume(returning: .pause(through: head)) }
    }

    /// Follows the log, if that is not under way.
    private func follow(after position: Position) {
        state.withLock { state in
            guard waiting.withLock({ $0.start(after: position) }) else { return }
            state.follower = Task { [weak self] in await self?.follow() }
        }
    }

    private func follow() async {
        let notifier = AppendNotifier(connection, eventLoop, logger: logger)
        // It listens for as long as it is held.
        defer { withExtendedLifetime(notifier) {} }
        for await _ in notifier.signals {
            while !Task.isCancelled, let head = waiting.withLock({ $0.head }) {
                // Out of reach: the next signal comes within a second, and nothing is lost meanwhile.
                guard let marks = try? await EventMark.read(after: head, limit: 1000, pool), !marks.isEmpty else {
                    break
                }
                let woken = waiting.withLock { state in marks.flatMap { state.take($0) } }
                for waiter in woken { waiter.resume(returning: .events) }
            }
            if Task.isCancelled { return }
        }
    }
}
