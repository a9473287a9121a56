import Logging

/// A pool's side on the loop's thread: tells ``PoolState`` what happens and does what it decides.
final class PoolCore: LoopMember, ConnectionOwner {
    private let configuration: ConnectionConfiguration
    private let logger: Logger
    private let thread: LoopThread
    private let inbox: PoolInbox
    private var members: LoopMembers?
    private var state: PoolState
    private var connections: [Int: Connection] = [:]
    private var onDrained: (() -> Void)?

    init(
        _ configuration: ConnectionConfiguration, usual: Int, maximum: Int, thread: LoopThread, inbox: PoolInbox,
        logger: Logger
    ) {
        self.configuration = configuration
        self.thread = thread
        self.inbox = inbox
        self.logger = logger
        state = PoolState(usual: usual, maximum: maximum)
    }

    func join(_ members: LoopMembers) {
        self.members = members
        members.add(self)
    }

    func start(now: Nanoseconds) { state.start(now: now) }

    /// Lets what is under way end, then closes everything.
    func drain(_ completion: @escaping () -> Void) { onDrained = completion }

    func stop(now: Nanoseconds) {
        perform(state.stop(), now: now)
        onDrained?()
        onDrained = nil
    }

    private func perform(_ actions: [PoolState.Action], now: Nanoseconds) {
        for action in actions { perform(action, now: now) }
    }

    private func perform(_ action: PoolState.Action, now: Nanoseconds) {
        switch action {
        case .open(let number):
            guard let members else { return }
            let connection = Connection(configuration, members: members, owner: self, logger: logger)
            connections[number] = connection
            connection.connect(on: thread)
        case .send(let requests, let number):
            connections[number]?.send(PoolBatch(requests, connection: number, self), now: now)
        case .cancel(let number): connections[number]?.cancel()
        case .close(let number, let error): connections[number]?.close(error, now: now)
        }
    }

    /// What the pool's connections do now.
    var status: PoolStatus {
        var status = state.status
        status.waiting += inbox.count
        return status
    }

    /// A batch has ended.
    func ended(_ number: Int, _ error: PostgresError?, now: Nanoseconds) { state.ended(number, error, now: now) }

    // MARK: ConnectionOwner

    func opened(_ connection: Connection, now: Nanoseconds) {
        guard let number = number(of: connection) else { return }
        if state.backOff.failures > 0 { logger.info("postgres: connected again") }
        state.opened(number, now: now)
    }

    func closed(_ connection: Connection, error: PostgresError, units: [any PipelineUnit], now: Nanoseconds) {
        guard let number = number(of: connection) else { return }
        connections[number] = nil
        if error != .closed {
            // The first failure in a series is worth a warning; the repetitions are not.
            logger.log(level: state.backOff.failures == 0 ? .warning : .debug, "postgres: \(error)")
        }
        let batch = units.lazy.compactMap { $0 as? PoolBatch }.first
        state.closed(number, error, statementError: batch?.error, now: now)
    }

    func becameIdle(_ connection: Connection, now: Nanoseconds) {}

    func received(_ notification: Notification) {}

    private func number(of connection: Connection) -> Int? { connections.first { $0.value === connection }?.key }

    // MARK: LoopMember

    var descriptor: Int32 { -1 }
    var wantsRead: Bool { false }
    var wantsWrite: Bool { false }
    var wakeAt: Nanoseconds { state.wakeAt(now: Monotonic.now) }
    func ready(now: Nanoseconds) {}

    func turn(now: Nanoseconds) {
        // One that has just broken must not be sent anything.
        for connection in Array(connections.values) { connection.closeIfBroken(now: now) }
        repeat {
            for request in inbox.take() {
                request.take()
                state.enqueue(request)
            }
            while let batch = state.nextBatch(now: now) { perform(batch, now: now) }
        } while inbox.prepareToSleep(isBusy: state.isBusy(now: now))
        perform(state.maintain(now: now), now: now)
        if onDrained != nil && state.isIdle { stop(now: now) }
    }

    func loopEnded() { stop(now: Monotonic.now) }
}
