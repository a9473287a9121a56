import Synchronization

/// Where callers leave their reads for the loop.
final class PoolInbox: Sendable {
    private struct State {
        var requests: [PoolRequest] = []
        var isClosed = false
        /// Whether no connection is free for a point read; the loop looks by itself when one is.
        var isBusy = false
        /// Whether the loop has been told of what waits.
        var isTold = false
    }

    enum Outcome { case wake, wait, closed }

    private let state = Mutex(State())

    /// How many requests the loop has not taken yet.
    var count: Int { state.withLock { $0.requests.count } }

    /// `wake` if the loop has to be told: waking it costs as much as a read.
    func put(_ request: PoolRequest) -> Outcome {
        state.withLock { state in
            if state.isClosed { return .closed }
            state.requests.append(request)
            if state.isTold || (state.isBusy && request.joinsGroups) { return .wait }
            state.isTold = true
            return .wake
        }
    }

    func take() -> [PoolRequest] {
        state.withLock { state in
            state.isTold = false
            if state.requests.isEmpty { return [] }
            defer { state.requests = [] }
            return state.requests
        }
    }

    /// Before the loop sleeps.
    /// - Returns: Whether there is something left to do for which nobody would wake it.
    func prepareToSleep(isBusy: Bool) -> Bool {
        state.withLock { state in
            state.isBusy = isBusy
            return !isBusy && !state.requests.isEmpty
        }
    }

    /// Refuses every request from now on.
    func close() {
        state.withLock { $0.isClosed = true }
    }
}
