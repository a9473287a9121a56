import Logging
import ServiceLifecycle
import Synchronization

/// Serves many concurrent reads over a few pipelined connections.
///
/// A read that fails does not harm its neighbours: it has a Sync of its own, or, if it is a point read, shares one with
/// others, which are then sent again. A slow statement holds up nobody, as long as such are few: the reads behind it go
/// to other connections.
///
/// Reads must be repeatable, since one is sent more than once when its connection is lost, when a neighbour fails, and
/// when a slow one stands before it.
public final class PostgresPool: Service, Sendable {
    private let loop: EventLoop
    private let inbox: PoolInbox
    private let core: LoopBound<PoolCore>
    private let hasRun = Atomic(false)

    /// A pool that connects when ``run()`` is called.
    ///
    /// - Parameters:
    ///   - connections: How many are kept open.
    ///   - maximumConnections: How many there may be while statements are slow.
    ///   - eventLoop: Whose thread does the I/O; one of its own if none is given.
    public init(
        _ configuration: ConnectionConfiguration, connections: Int = 2, maximumConnections: Int = 8,
        eventLoop: EventLoop? = nil, logger: Logger
    ) {
        let loop = eventLoop ?? EventLoop()
        let inbox = PoolInbox()
        self.loop = loop
        self.inbox = inbox
        core = LoopBound(
            PoolCore(
                configuration, usual: connections, maximum: maximumConnections, thread: loop.thread, inbox: inbox,
                logger: logger), on: loop.thread)
        let core = core
        loop.thread.submit { members in
            core.value.members = members
            members.add(core.value)
        }
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

    /// Runs one statement that only reads.
    ///
    /// - Parameter deadline: How long the caller is willing to wait, from now.
    /// - Throws: ``PostgresError/server(_:)`` if the server refused, ``PostgresError/unavailable(_:)`` if there has
    ///   been no connection for a second, ``PostgresError/connectionLost(_:)`` if two were lost under it,
    ///   ``PostgresError/deadlineExceeded``, ``PostgresError/closed``, ``PostgresError/unexpectedResult(_:)`` if the
    ///   parameters are too many, or not those that a point read declares.
    public func read(
        _ statement: Statement, _ parameters: [Parameter] = [], deadline: Duration = .seconds(30)
    ) async throws(PostgresError) -> Rows {
        if parameters.count > Int(UInt16.max) {
            throw .unexpectedResult("\(parameters.count) parameters: at most 65,535 are possible")
        }
        if let many = statement.text.many, !many.accepts(parameters) {
            throw .unexpectedResult("the parameters are not of the number and types that the point read declares")
        }
        let due = Monotonic.after(deadline)
        let result = await withUnsafeContinuation { (continuation: PoolRequest.Continuation) in
            let request = PoolRequest(statement, parameters, deadline: due, continuation)
            switch inbox.put(request) {
            case .wake: loop.thread.submit { _ in }
            case .wait: break
            case .closed: request.answer(.failure(.closed))
            }
        }
        return try result.get()
    }
}
