import Synchronization

/// Where callers leave their reads for the loop.
final class PoolInbox: Sendable {
    private struct State {
        var requests: [PoolRequest] = []
        var isClosed = false
    }

    enum Outcome { case first, following, closed }

    private let state = Mutex(State())

    /// `first` if the loop has to be told.
    func put(_ request: PoolRequest) -> Outcome {
        state.withLock { state in
            if state.isClosed { return .closed }
            state.requests.append(request)
            return state.requests.count == 1 ? .first : .following
        }
    }

    func take() -> [PoolRequest] {
        state.withLock { state in
            if state.requests.isEmpty { return [] }
            defer { state.requests = [] }
            return state.requests
        }
    }

    /// From now on nothing is taken in.
    func close() {
        state.withLock { $0.isClosed = true }
    }
}
