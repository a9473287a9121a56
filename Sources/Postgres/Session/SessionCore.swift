import CLibPQ
import DequeModule
import Logging

/// A session's side on the loop's thread: one connection, one thing after the other.
final class SessionCore: LoopMember, ConnectionOwner {
    enum Work {
        case unit(CollectingUnit, deadline: Nanoseconds)
        case script(ScriptOperation)
    }

    private let members: LoopMembers
    private var connection: Connection?
    private var waiting = Deque<Work>()
    private var isBusy = false
    /// When the unit under way has taken too long.
    private var deadline = Nanoseconds.max
    private var end: PostgresError?
    private var onOpen: ((Result<Int32, PostgresError>) -> Void)?
    private let onEnd: () -> Void
    private let onNotification: (Notification) -> Void

    init(
        members: LoopMembers, onOpen: @escaping (Result<Int32, PostgresError>) -> Void, onEnd: @escaping () -> Void,
        onNotification: @escaping (Notification) -> Void
    ) {
        self.members = members
        self.onOpen = onOpen
        self.onEnd = onEnd
        self.onNotification = onNotification
    }

    func connect(_ configuration: ConnectionConfiguration, on thread: LoopThread, logger: Logger) {
        members.add(self)
        let connection = Connection(configuration, members: members, owner: self, logger: logger)
        self.connection = connection
        connection.connect(on: thread)
    }

    func perform(_ work: Work, now: Nanoseconds) {
        if let end { return fail(work, end == .closed ? .closed : .connectionLost(end.reason)) }
        waiting.append(work)
        startNext(now: now)
    }

    func close(now: Nanoseconds) {
        connection?.close(.closed, now: now)
    }

    private func startNext(now: Nanoseconds) {
        guard !isBusy, let connection, connection.isOpen, connection.inFlight == 0, let work = waiting.popFirst() else {
            return
        }
        isBusy = true
        switch work {
        case .unit(let unit, let deadline):
            self.deadline = deadline
            connection.send(unit, now: now)
        case .script(let script):
            deadline = .max
            connection.begin(script, now: now)
        }
    }

    private func fail(_ work: Work, _ error: PostgresError) {
        switch work {
        case .unit(let unit, _): unit.end(.failure(error))
        case .script(let script): script.failed(error)
        }
    }

    // MARK: ConnectionOwner

    func opened(_ connection: Connection, now: Nanoseconds) {
        onOpen?(.success(connection.pg.map { PQbackendPID($0) } ?? 0))
        onOpen = nil
        startNext(now: now)
    }

    func closed(_ connection: Connection, error: PostgresError, units: [any PipelineUnit], now: Nanoseconds) {
        end = error
        self.connection = nil
        members.remove(self)
        // Before anybody is answered: whoever is told that the session failed must not find it open.
        onEnd()
        onOpen?(.failure(error))
        onOpen = nil
        for unit in units { (unit as? CollectingUnit)?.end(.failure(error)) }
        let unsent = waiting
        waiting.removeAll()
        for work in unsent { fail(work, error) }
    }

    func becameIdle(_ connection: Connection, now: Nanoseconds) {
        isBusy = false
        deadline = .max
        startNext(now: now)
    }

    func received(_ notification: Notification) { onNotification(notification) }

    // MARK: LoopMember

    var descriptor: Int32 { -1 }
    var wantsRead: Bool { false }
    var wantsWrite: Bool { false }
    var wakeAt: Nanoseconds {
        var first = deadline
        waiting.forEach { if case .unit(_, let due) = $0 { first = min(first, due) } }
        return first
    }
    func ready(now: Nanoseconds) {}

    /// What a unit did that took too long is unknown, so the session ends, and the server is asked to stop.
    func turn(now: Nanoseconds) {
        waiting.removeAll { work in
            guard case .unit(let unit, let due) = work, due <= now else { return false }
            unit.end(.failure(.deadlineExceeded))  // it was never sent
            return true
        }
        guard deadline <= now else { return }
        connection?.cancel()
        connection?.close(.deadlineExceeded, now: now)
    }

    func loopEnded() {}
}
