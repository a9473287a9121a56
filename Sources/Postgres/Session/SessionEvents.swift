import Synchronization

/// What a session publishes: that it has ended, and notifications.
final class SessionEvents: Sendable {
    private struct State {
        var isOpen = true
        var lastID = 0
        var listeners: [Int: AsyncStream<Notification>.Continuation] = [:]
    }

    private let state = Mutex(State())

    var isOpen: Bool { state.withLock { $0.isOpen } }

    func end() {
        let listeners = state.withLock { state in
            state.isOpen = false
            defer { state.listeners = [:] }
            return state.listeners
        }
        for listener in listeners.values { listener.finish() }
    }

    func publish(_ notification: Notification) {
        let listeners = state.withLock { $0.listeners }
        for listener in listeners.values { listener.yield(notification) }
    }

    /// A stream from now on.
    func stream() -> AsyncStream<Notification> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Notification.self, bufferingPolicy: .bufferingNewest(1024))
        let id: Int? = state.withLock { state in
            guard state.isOpen else { return nil }
            state.lastID += 1
            state.listeners[state.lastID] = continuation
            return state.lastID
        }
        guard let id else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.remove(id)
        }
        return stream
    }

    private func remove(_ id: Int) {
        _ = state.withLock { $0.listeners.removeValue(forKey: id) }
    }
}

/// What a `NOTIFY` in any session sent to this one, which listens.
public struct Notification: Hashable, Sendable {
    /// The channel that was notified.
    public let channel: String
    /// The text that came with it; empty if none.
    public let payload: String
    /// The process identifier of the backend that notified.
    public let pid: Int32
}
