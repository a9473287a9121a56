import CommandProcessor
import Directory
import EventLog
import EventSourcing
import FoundationEssentials
import Logging
import Postgres
import ServiceLifecycle
import Synchronization

/// Delivers events to webhooks, if no other node does.
///
/// The node that delivers holds a lock that belongs to its session. It writes what became of deliveries in that session, so that a node
/// that has lost the lock without knowing it writes nothing more. A node that hangs loses it after a minute: the server ends its
/// session.
struct WebhookDelivery: Service {
    /// The settings of the session by which a node delivers.
    static let settings = [
        "enable_seqscan": "off", "plan_cache_mode": "force_generic_plan", "jit": "off", "idle_session_timeout": "60s",
    ]
    /// How long deliveries that are under way may take at shutdown.
    private static let farewell = Duration.seconds(5)

    let service: DirectoryService
    let configuration: ConnectionConfiguration
    private let eventLoop = EventLoop()

    private var options: WebhookOptions { service.webhooks.options }
    private var logger: Logger { service.logger }

    func run() async throws {
        let ending = Ending()
        await withTaskCancellationOrGracefulShutdownHandler {
            let work = PeriodicWork(
                failure: "this node does not deliver to webhooks", interval: options.interval, logger: logger)
            await work.run { try await deliver(until: ending) }
        } onCancelOrGracefulShutdown: {
            ending.begin()
        }
    }

    /// Waits until no other node delivers, then delivers until the node shuts down or the connection is lost.
    private func deliver(until ending: Ending) async throws {
        try await PostgresSession.use(configuration, logger: logger, eventLoop: eventLoop) { session in
            while try await !session.selectOne(WebhookStatements.lead) {
                await cancelWhenGracefulShutdown { try? await Task.sleep(for: options.interval) }
                if ending.hasBegun { return }
            }
            try await lead(session, until: ending)
        }
    }

    private func lead(_ session: PostgresSession, until ending: Ending) async throws {
        logger.debug("this node delivers to webhooks")
        let source = try await CloudEventSource.read(service.feed.pool)
        let work = Work()
        ending.onBegin { work.signal() }
        let head = try await session.selectOne(WebhookStatements.state).head
        try await disableOrphans(session)
        try await addBehind(session, to: work)
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { await PeriodicWork.run(every: options.interval) { work.signal() } }
            var isFollowing = false
            for await _ in work.signals {
                if ending.hasBegun { break }
                if !isFollowing, try await session.selectOne(WebhookStatements.state).isNeeded {
                    isFollowing = true
                    group.addTask { await follow(after: head, work) }
                }
                let due = try await session.select(
                    WebhookStatements.due, (organizations: work.takeOrganizations(), now: options.clock()))
                for webhook in work.next(after: due) {
                    group.addTask {
                        let turn = WebhookTurn(webhook: webhook, service: service, session: session, source: source)
                        work.finish(webhook, isDue: await take(turn))
                    }
                }
            }
            let end = ContinuousClock.now + WebhookDelivery.farewell
            while ContinuousClock.now < end, !work.isIdle { try await Task.sleep(for: .milliseconds(20)) }
            group.cancelAll()
        }
    }

    /// - Returns: whether the webhook is due still.
    private func take(_ turn: WebhookTurn) async -> Bool {
        do {
            return try await turn.run()
        } catch {
            if Task.isCancelled { return false }
            logger.warning(
                "deliveries to a webhook failed; they go on in a moment",
                metadata: ["webhook": "\(turn.webhook.id.text)", "error": "\(LoggableError(error))"])
            try? await Task.sleep(for: options.interval * 5)
            return true
        }
    }

    /// Takes what happens in the log: it is due in the organizations in which something did.
    private func follow(after head: Position, _ work: Work) async {
        let feed = service.feed
        let id = feed.enter()
        defer { feed.leave(id) }
        var cursor = head
        while !Task.isCancelled {
            guard let marks = try? await EventMark.read(after: cursor, limit: 1000, feed.pool) else {
                try? await Task.sleep(for: options.interval)
                continue
            }
            if let last = marks.last {
                cursor = last.position
                work.add(marks.compactMap(\.organization))
                continue
            }
            switch await feed.wait(id, for: .everything, after: cursor, cursor) {
            case .events, .pause: break
            case .end: return
            }
        }
    }

    /// Adds the webhooks to which something was not delivered before this node took over.
    private func addBehind(_ session: PostgresSession, to work: Work) async throws {
        var after = UUID(high: 0, low: 0)
        while true {
            let some = try await session.select(WebhookStatements.behind, (after: after, limit: 1000))
            work.add(some.map(\.organization))
            guard let last = some.last, some.count == 1000 else { return }
            after = last.id
        }
    }

    private func disableOrphans(_ session: PostgresSession) async throws {
        for orphan in try await session.select(WebhookStatements.orphans) {
            _ = try await service.processor.submit(DisableWebhook(orphan.id, asOf: orphan.version, .noSecret))
        }
    }
}

/// What a node that delivers has to do.
private final class Work: Sendable {
    /// Yields when there may be something to do.
    let signals: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let state = Mutex((queue: DeliveryQueue(), organizations: Set<UUID>()))

    init() { (signals, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func signal() { continuation.yield() }

    /// Whether nothing is being delivered.
    var isIdle: Bool { state.withLock { $0.queue.isIdle } }

    /// Something has happened in these organizations.
    func add(_ organizations: [UUID]) {
        state.withLock { $0.organizations.formUnion(organizations) }
        signal()
    }

    func takeOrganizations() -> [UUID] {
        state.withLock { state in
            defer { state.organizations = [] }
            return Array(state.organizations)
        }
    }

    /// Those whose turn it is, after these have become due.
    func next(after due: [DueWebhook]) -> [DueWebhook] {
        state.withLock { state in
            for webhook in due { state.queue.add(webhook) }
            return state.queue.next()
        }
    }

    func finish(_ webhook: DueWebhook, isDue: Bool) {
        state.withLock { $0.queue.finish(webhook, isDue: isDue) }
        signal()
    }
}

/// Whether the node is shutting down.
private final class Ending: Sendable {
    private let state = Mutex((hasBegun: false, tell: [@Sendable () -> Void]()))

    var hasBegun: Bool { state.withLock { $0.hasBegun } }

    func begin() {
        let tell = state.withLock { state in
            state.hasBegun = true
            return state.tell
        }
        for tell in tell { tell() }
    }

    /// Tells somebody when it begins. Whoever is told last is told alone.
    func onBegin(_ tell: @escaping @Sendable () -> Void) { state.withLock { $0.tell = [tell] } }
}
