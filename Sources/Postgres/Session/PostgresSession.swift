import Logging

/// One connection of one owner: transactions, scripts, LISTEN.
///
/// What is asked of it is done one after the other. Nothing is ever retried: when the connection is lost, so is the
/// session, and its owner makes a new one. A session closes itself when the last reference to it goes.
public final class PostgresSession: Sendable {
    let loop: EventLoop
    let core: LoopBound<SessionCore>
    private let events: SessionEvents

    /// The process identifier of the server's end, as in `pg_stat_activity`.
    public let backendProcessID: Int32

    private init(loop: EventLoop, core: LoopBound<SessionCore>, events: SessionEvents, backendProcessID: Int32) {
        self.loop = loop
        self.core = core
        self.events = events
        self.backendProcessID = backendProcessID
    }

    deinit {
        let core = core
        loop.thread.submit { _ in core.value.close(now: Monotonic.now) }
    }

    /// Connects, applies settings and role.
    ///
    /// - Parameters:
    ///   - eventLoop: The one whose thread does the I/O; by default one of its own.
    ///   - deadline: How long all of it may take.
    /// - Throws: ``PostgresError/unavailable(_:)`` if it cannot connect,
    ///   ``PostgresError/server(_:)`` if a setting or the role was refused.
    public static func connect(
        _ configuration: ConnectionConfiguration, logger: Logger, eventLoop: EventLoop? = nil,
        deadline: Duration = .seconds(10)
    ) async throws(PostgresError) -> PostgresSession {
        let loop = eventLoop ?? EventLoop()
        let events = SessionEvents()
        var configuration = configuration
        configuration.connectTimeout = deadline
        let opened = await withUnsafeContinuation { (continuation: UnsafeContinuation<Opened, Never>) in
            let thread = loop.thread
            thread.submit { [configuration] members in
                var bound: LoopBound<SessionCore>?
                let core = SessionCore(
                    members: members,
                    onOpen: { result in
                        switch (result, bound) {
                        case (.success(let pid), let core?): continuation.resume(returning: .success((core, pid)))
                        case (.success, nil): continuation.resume(returning: .failure(.closed))
                        case (.failure(let error), _): continuation.resume(returning: .failure(error))
                        }
                        bound = nil
                    }, onEnd: { events.end() }, onNotification: { events.publish($0) })
                bound = LoopBound(core, on: thread)
                core.connect(configuration, on: thread, logger: logger)
            }
        }
        let (core, pid) = try opened.get()
        return PostgresSession(loop: loop, core: core, events: events, backendProcessID: pid)
    }

    private typealias Opened = Result<(LoopBound<SessionCore>, Int32), PostgresError>

    /// Whether the connection is open, as far as is known.
    public var isOpen: Bool { events.isOpen }

    /// Notifications that arrive from now on; send `LISTEN` yourself. Finishes when the connection ends.
    ///
    /// A reader that is slower than they come loses the oldest beyond 1,024.
    public func notifications() -> AsyncStream<Notification> { events.stream() }

    /// Ends the connection; what is under way fails with ``PostgresError/closed``.
    public func close() async {
        let core = core
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            loop.thread.submit { _ in
                core.value.close(now: Monotonic.now)
                continuation.resume()
            }
        }
    }
}
