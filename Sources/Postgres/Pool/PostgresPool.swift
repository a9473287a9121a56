import Logging
import ServiceLifecycle
import Synchronization

/// Serves many concurrent reads over a few connections.
///
/// Each connection has one read under way at a time, or one group of point reads; the others wait for the first
/// connection that is free, and while one is held up by a slow statement, another is opened. A read that fails does not
/// harm its neighbours: those of its group are sent again.
///
/// Reads must be repeatable, since one is sent again when its connection is lost, when another of its group fails, and
/// when its plan has become invalid.
public final class PostgresPool: Service, Sendable {
    private let loop: EventLoop
    private let inbox: PoolInbox
    private let core: LoopBound<PoolCore>
    /// How long a read waits at most, unless it says otherwise.
    public let deadline: Duration
    private let hasRun = Atomic(false)

    /// A pool that connects when ``run()`` is called.
    ///
    /// - Parameters:
    ///   - connections: How many are kept open.
    ///   - maximumConnections: How many there may be while statements are slow.
    ///   - deadline: How long a read waits at most, unless it says otherwise.
    ///   - eventLoop: Whose thread does the I/O; one of its own if none is given.
    public init(
        _ configuration: ConnectionConfiguration, connections: Int = 2, maximumConnections: Int = 8,
        deadline: Duration = .seconds(30), eventLoop: EventLoop? = nil, logger: Logger
    ) {
        let loop = eventLoop ?? EventLoop()
        let inbox = PoolInbox()
        self.loop = loop
        self.inbox = inbox
        self.deadline = deadline
        core = LoopBound(
            PoolCore(
                configuration, usual: connections, maximum: maximumConnections, thread: loop.thread, inbox: inbox,
                logger: logger), on: loop.thread)
        let core = core
        loop.thread.submit { core.value.join($0) }
    }

    deinit {
        inbox.close()
        let core = core
        loop.thread.submit { members in
            core.value.stop(now: Monotonic.now)
            members.remove(core.value)
        }
    }

    /// Keeps the connections until graceful shutdown, which lets reads under way end, or until it is cancelled, which
    /// does not. Reads afterwards throw ``PostgresError/closed``. May be called once.
    public func run() async throws {
        guard hasRun.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged else {
            throw PostgresError.closed
        }
        let core = core
        loop.thread.submit { _ in core.value.start(now: Monotonic.now) }
        let isGraceful: Bool
        do {
            try await gracefulShutdown()
            isGraceful = true
        } catch {
            isGraceful = false
        }
        inbox.close()
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            loop.thread.submit { _ in
                core.value.drain { continuation.resume() }
                if !isGraceful { core.value.stop(now: Monotonic.now) }
            }
        }
    }

    /// What the connections do now. It does not wait for the server, whatever state that is in.
    public func status() async -> PoolStatus {
        let core = core
        return await withUnsafeContinuation { (continuation: UnsafeContinuation<PoolStatus, Never>) in
            loop.thread.submit { _ in continuation.resume(returning: core.value.status) }
        }
    }

    /// Runs one statement that only reads.
    ///
    /// When its task is cancelled, or its deadline has passed, it throws at once, and the server is told to stop the
    /// statement unless another read of the same group still waits for it.
    ///
    /// - Parameter deadline: How long the caller is willing to wait, from now; nil is the pool's own.
    /// - Throws: ``PostgresError/server(_:)`` if the server refused, ``PostgresError/unavailable(_:)`` if there has
    ///   been none for a second and connecting fails, ``PostgresError/connectionLost(_:)`` if two were lost under it,
    ///   ``PostgresError/deadlineExceeded``, ``PostgresError/cancelled`` if the task was cancelled,
    ///   ``PostgresError/closed``, ``PostgresError/unexpectedResult(_:)`` if the parameters are too many, or not those
    ///   that a point read declares.
    public func read(
        _ statement: Statement, _ parameters: [Parameter] = [], deadline: Duration? = nil
    ) async throws(PostgresError) -> Rows {
        if parameters.count > Int(UInt16.max) {
            throw .unexpectedResult("\(parameters.count) parameters: at most 65,535 are possible")
        }
        if let many = statement.text.many, !many.accepts(parameters) {
            throw .unexpectedResult("the parameters are not of the number and types that the point read declares")
        }
        let request = PoolRequest(statement, parameters, deadline: Monotonic.after(deadline ?? self.deadline))
        let result = await withTaskCancellationHandler {
            await withUnsafeContinuation {
                (continuation: UnsafeContinuation<Result<Rows, PostgresError>, Never>) in
                request.onAnswer { continuation.resume(returning: $0) }
                switch inbox.put(request) {
                case .wake: loop.thread.submit { _ in }
                case .wait: break
                case .closed: request.answer(.failure(.closed))
                }
            }
        } onCancel: {
            loop.thread.submit { _ in request.cancel() }
        }
        return try result.get()
    }
}
