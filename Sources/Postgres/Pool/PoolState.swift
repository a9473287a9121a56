/// A pool's decisions: which read is sent on which connection, and when connections are opened, cancelled and closed.
///
/// A value without I/O: `PoolCore` tells it what happened and carries out the actions that it returns. Requests are
/// answered here, as that only resumes their callers.
///
/// A connection has one batch under way at a time; everything else waits in one queue. So a slow statement delays no
/// read but those in its own group, as long as there is another connection or one may be opened.
struct PoolState {
    enum Action {
        case open(Int)
        case send([PoolRequest], on: Int)
        /// Ask the server to stop what this connection is doing.
        case cancel(Int)
        case close(Int, PostgresError)
    }

    /// A connection as the pool sees it.
    struct Member {
        let number: Int
        var phase: Phase

        var isOpen: Bool { if case .opening = phase { false } else { true } }
    }

    enum Phase {
        case opening
        case idle(since: Nanoseconds)
        case busy([PoolRequest], since: Nanoseconds)
        /// The server was asked to stop a statement that nobody waits for. The request may arrive when that statement
        /// has ended and hit the next one, so there is no next one.
        case cancelling(since: Nanoseconds)
        /// To be closed: a cancelled statement has ended, or the connection was idle for too long.
        case closing
    }

    let usual: Int
    let maximum: Int
    var members: [Member] = []
    var queue = PoolQueue()
    var backOff = BackOff()
    var nextAttempt: Nanoseconds = 0
    var nextTick = Nanoseconds.max
    /// Since when there has been no open connection although reads were wanted; nil while there is one.
    var outageSince: Nanoseconds?
    /// Whether an attempt to connect has failed since a connection was last opened.
    private(set) var hasFailedToConnect = false
    var lastFailure = "not running"
    var lastNumber = 0
    private(set) var isRunning = false
    private var isStopped = false

    init(usual: Int, maximum: Int) {
        self.usual = max(1, usual)
        self.maximum = max(self.usual, maximum)
    }

    /// Whether nothing waits and nothing is under way.
    var isIdle: Bool {
        queue.isEmpty && members.allSatisfy { if case .busy = $0.phase { false } else { true } }
    }

    // MARK: What happens

    mutating func start(now: Nanoseconds) {
        if isStopped { return }
        isRunning = true
        outageSince = now
        lastFailure = "still connecting"
    }

    /// Fails what waits; what is under way fails when its connection is closed.
    mutating func stop() -> [Action] {
        isRunning = false
        isStopped = true
        for request in queue.removeAll() { request.answer(.failure(.closed)) }
        return members.map { .close($0.number, .closed) }
    }

    /// To be sent when a connection is free.
    mutating func enqueue(_ request: PoolRequest) {
        if isStopped { request.answer(.failure(.closed)) }
        if !request.isAnswered { queue.append(request) }
    }

    mutating func opened(_ number: Int, now: Nanoseconds) {
        guard let index = index(of: number) else { return }
        members[index].phase = .idle(since: now)
        backOff.succeeded()
        hasFailedToConnect = false
        outageSince = nil
    }

    /// A batch has ended: all the results that there will be have come.
    mutating func ended(_ number: Int, _ error: PostgresError?, now: Nanoseconds) {
        guard let index = index(of: number) else { return }
        if case .cancelling = members[index].phase { members[index].phase = .closing }
        guard case .busy(let requests, _) = members[index].phase else { return }
        members[index].phase = .idle(since: now)
        for request in requests where !request.isAnswered {
            if requests.count > 1 {
                sendAgain(request)
            } else if let error {
                failed(request, error)
            } else {
                request.answer(.failure(.unexpectedResult("a statement without a result")))
            }
        }
    }

    /// A connection has gone, or could not be opened.
    ///
    /// - Parameter statementError: What the batch under way on it had met before.
    mutating func closed(
        _ number: Int, _ error: PostgresError, statementError: PostgresError? = nil, now: Nanoseconds
    ) {
        guard let index = index(of: number) else { return }
        let phase = members.remove(at: index).phase
        if case .opening = phase { hasFailedToConnect = true }
        if error != .closed {
            lastFailure = error.reason
            nextAttempt = max(nextAttempt, now + backOff.failed())
        }
        if outageSince == nil && !members.contains(where: \.isOpen) { outageSince = now }
        guard case .busy(let requests, _) = phase else { return }
        for request in requests where !request.isAnswered {
            if requests.count == 1, let statementError {
                request.answer(.failure(statementError))
            } else {
                lost(request, error)
            }
        }
    }

    private mutating func failed(_ request: PoolRequest, _ error: PostgresError) {
        if case .server(let error) = error, error.invalidatesPlan, !request.wasReplanned {
            request.wasReplanned = true
            return sendAgain(request)
        }
        request.answer(.failure(error))
    }

    private mutating func lost(_ request: PoolRequest, _ error: PostgresError) {
        if error == .closed {
            request.answer(.failure(.closed))
        } else if request.wasLost {
            request.answer(.failure(.connectionLost(error.reason)))
        } else {
            request.wasLost = true
            sendAgain(request)
        }
    }

    /// By itself, so that it can fail only through its own fault.
    private mutating func sendAgain(_ request: PoolRequest) {
        request.isAlone = true
        enqueue(request)
    }

    private func index(of number: Int) -> Int? { members.firstIndex { $0.number == number } }
}
