import Logging

/// A pool's side on the loop's thread: which read goes to which connection, and what becomes of it.
final class PoolCore: LoopMember, ConnectionOwner {
    let configuration: ConnectionConfiguration
    let usual: Int
    let maximum: Int
    let logger: Logger
    let thread: LoopThread
    let inbox: PoolInbox

    var members: LoopMembers?
    var isRunning = false
    private var isStopped = false
    var onDrained: (() -> Void)?
    var connections: [Connection] = []
    var waiting = PoolQueue()
    var hedging = HedgeBudget()
    var backOff = BackOff()
    var nextAttempt: Nanoseconds = 0
    /// Since when there has been no open connection, or somebody waited for one; nil while there is one.
    var outageSince: Nanoseconds?
    var lastFailure = "not running"
    private var nextTick = Nanoseconds.max

    init(
        _ configuration: ConnectionConfiguration, usual: Int, maximum: Int, thread: LoopThread, inbox: PoolInbox,
        logger: Logger
    ) {
        self.configuration = configuration
        self.usual = max(1, usual)
        self.maximum = max(self.usual, maximum)
        self.thread = thread
        self.inbox = inbox
        self.logger = logger
    }

    func start(now: Nanoseconds) {
        if isStopped { return }
        isRunning = true
        outageSince = now
        lastFailure = "still connecting"
    }

    /// Lets what is under way end, then closes everything.
    func drain(_ completion: @escaping () -> Void) {
        onDrained = completion
    }

    func stop(now: Nanoseconds) {
        isRunning = false
        isStopped = true
        for request in waiting.removeAll() { request.answer(.failure(.closed)) }
        for connection in connections { connection.close(.closed, now: now) }
        onDrained?()
        onDrained = nil
    }

    /// To be sent when a connection has room.
    func enqueue(_ request: PoolRequest) {
        if isStopped { request.answer(.failure(.closed)) }
        if !request.isAnswered { waiting.append(request) }
    }

    // MARK: LoopMember

    var descriptor: Int32 { -1 }
    var wantsRead: Bool { false }
    var wantsWrite: Bool { false }
    var wakeAt: Nanoseconds { min(nextTick, wantsConnection(now: Monotonic.now) ? nextAttempt : .max) }
    func ready(now: Nanoseconds) {}

    func turn(now: Nanoseconds) {
        if nextTick <= now { tick(now: now) }
        repeat {
            for request in inbox.take() { enqueue(request) }
            dispatch(now: now)
        } while inbox.prepareToSleep(isBusy: isBusy(now: now))
        failDuringOutage(now: now)
        openMore(now: now)
        finishDraining(now: now)
        let isBusy = !waiting.isEmpty || connections.contains { $0.inFlight > 0 || $0.isDraining }
        if isBusy {
            if nextTick - now > PoolLimits.tick || nextTick <= now { nextTick = now + PoolLimits.tick }
        } else {
            nextTick = surplusUntil
        }
    }

    private func finishDraining(now: Nanoseconds) {
        guard onDrained != nil, waiting.isEmpty, connections.allSatisfy({ $0.inFlight == 0 }) else { return }
        stop(now: now)
    }

    func loopEnded() { stop(now: Monotonic.now) }
}
