import NIOCore
import Synchronization

/// Notices when the client of a connection has gone: nothing else would, as long as nobody reads from it or writes to it.
final class ClientPresence: ChannelInboundHandler, Sendable {
    typealias InboundIn = Any
    typealias InboundOut = Any

    private struct State {
        var isGone = false
        var waiting: [AsyncStream<Never>.Continuation] = []
        var whenGone: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A client that has closed its side while it waits for a list is taken to have gone.
        if let event = event as? ChannelEvent, event == .inputClosed { leave() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    /// Runs the body, and cancels it when the client goes.
    /// - Throws: what the body throws; `CancellationError` where the client has gone.
    func whilePresent<T: Sendable>(_ body: @escaping @Sendable () async throws -> T) async throws -> T {
        let (departure, continuation) = AsyncStream<Never>.makeStream()
        let isGone = state.withLock { state in
            if !state.isGone { state.waiting.append(continuation) }
            return state.isGone
        }
        guard !isGone else { throw CancellationError() }
        defer {
            state.withLock { $0.waiting = [] }
            continuation.finish()
        }
        return try await withThrowingTaskGroup(of: T.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await _ in departure {}
                throw CancellationError()
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }

    /// Calls the body when the client goes, at once if it has gone; the body of a later response takes its place.
    func whenGone(_ body: @escaping @Sendable () -> Void) {
        let isGone = state.withLock { state in
            state.whenGone = body
            return state.isGone
        }
        if isGone { body() }
    }

    private func leave() {
        let (waiting, whenGone) = state.withLock { state in
            state.isGone = true
            defer { (state.waiting, state.whenGone) = ([], nil) }
            return (state.waiting, state.whenGone)
        }
        for continuation in waiting { continuation.finish() }
        whenGone?()
    }
}
