import CLibPQ
import DequeModule
import Logging

/// One connection to the server, from connecting to its end. Belongs to the loop's thread.
final class Connection: LoopMember {
    enum Phase {
        /// A helper thread resolves the name.
        case resolving
        case handshaking(wantsWrite: Bool)
        /// Settings and role are being set.
        case preparing
        case open
        case script(ScriptOperation)
        case closed
    }

    let configuration: ConnectionConfiguration
    let logger: Logger
    let members: LoopMembers
    private(set) weak var owner: (any ConnectionOwner)?
    private let notices: NoticeReceiver
    var phase = Phase.resolving
    var pg: OpaquePointer?

    var state = PipelineState()
    var units = Deque<any PipelineUnit>()
    var parameters = ParameterBuffer()
    /// The numbers of prepared statements that are to be deallocated.
    var staleNames: [Int] = []
    /// Whether libpq may hold bytes that are not sent yet.
    var needsFlush = false
    /// Why it cannot go on; acted upon at the next turn, so that no code loses the connection while it uses it.
    var broken: PostgresError?
    private var connectBy: Nanoseconds

    init(_ configuration: ConnectionConfiguration, members: LoopMembers, owner: any ConnectionOwner, logger: Logger) {
        self.configuration = configuration
        self.members = members
        self.owner = owner
        self.logger = logger
        notices = NoticeReceiver(logger)
        connectBy = Monotonic.after(configuration.connectTimeout)
    }

    deinit { pg.map { PQfinish($0) } }

    var inFlight: Int { units.count }

    var isOpen: Bool { if case .open = phase { broken == nil } else { false } }

    /// Begins to connect; the owner is told how it went.
    func connect(on thread: LoopThread) {
        members.add(self)
        let bound = LoopBound(self, on: thread)
        let started = BlockingCalls.connect(configuration.keywords) { started in
            let isAccepted = thread.submit { _ in
                if !bound.value.resolved(started?.pointer), let started { PQfinish(started.pointer) }
            }
            if !isAccepted, let started { PQfinish(started.pointer) }
        }
        if !started { broken = .unavailable("no thread left") }
    }

    /// False if the connection was closed meanwhile.
    private func resolved(_ pg: OpaquePointer?) -> Bool {
        guard case .resolving = phase else { return false }
        guard let pg else {
            broken = .unavailable("out of memory")
            return true
        }
        self.pg = pg
        notices.attach(to: pg)
        if PQstatus(pg) == CONNECTION_BAD {
            broken = .unavailable(lastMessage)
        } else {
            phase = .handshaking(wantsWrite: true)
        }
        return true
    }

    private func handshake(now: Nanoseconds) {
        guard let pg else { return }
        switch PQconnectPoll(pg) {
        case PGRES_POLLING_READING: phase = .handshaking(wantsWrite: false)
        case PGRES_POLLING_WRITING: phase = .handshaking(wantsWrite: true)
        case PGRES_POLLING_OK: prepare(now: now)
        default: close(.unavailable(lastMessage), now: now)
        }
    }

    private func prepare(now: Nanoseconds) {
        guard let pg, PQsetnonblocking(pg, 1) == 0, PQenterPipelineMode(pg) == 1 else {
            return close(.unavailable(lastMessage), now: now)
        }
        phase = .preparing
        let steps = configuration.preparation
        if steps.isEmpty { return opened(now: now) }
        let unit = CollectingUnit(steps) { [weak self] result in
            switch result {
            case .success: self?.opened(now: now)
            case .failure(let error): self?.broken = error
            }
        }
        send(unit, now: now)
    }

    private func opened(now: Nanoseconds) {
        phase = .open
        owner?.opened(self, now: now)
    }

    // MARK: The loop

    var descriptor: Int32 { pg.map { PQsocket($0) } ?? -1 }

    var wantsRead: Bool {
        switch phase {
        case .handshaking(let wantsWrite): !wantsWrite
        case .preparing, .open, .script: true
        case .resolving, .closed: false
        }
    }

    var wantsWrite: Bool {
        if case .handshaking(let wantsWrite) = phase { wantsWrite } else { needsFlush }
    }

    var wakeAt: Nanoseconds {
        if broken != nil { return 0 }
        switch phase {
        case .resolving, .handshaking, .preparing: return connectBy
        case .open, .script, .closed: return .max
        }
    }

    func ready(now: Nanoseconds) {
        switch phase {
        case .handshaking: handshake(now: now)
        case .preparing, .open: receive(now: now)
        case .script(let script): advance(script, now: now)
        case .resolving, .closed: break
        }
    }

    func turn(now: Nanoseconds) {
        closeIfBroken(now: now)
        if wakeAt <= now { return close(.unavailable("timed out"), now: now) }
        if !staleNames.isEmpty, isOpen { deallocateStaleNames(now: now) }
        if needsFlush { flush(now: now) }
    }

    func loopEnded() {
        close(.closed, now: Monotonic.now)
    }

    func flush(now: Nanoseconds) {
        guard let pg else { return }
        switch PQflush(pg) {
        case 0: needsFlush = false
        case 1: needsFlush = true
        default: lose(now: now)
        }
    }

    // MARK: The end

    /// Why the connection ended: what the server said, or else libpq.
    var lastMessage: String { notices.fatalMessage ?? pg.map { String(cString: PQerrorMessage($0)).firstLine } ?? "" }

    /// The connection has ended without our doing.
    func lose(_ reason: String? = nil, now: Nanoseconds) {
        if case .preparing = phase { return close(.unavailable(reason ?? lastMessage), now: now) }
        close(.connectionLost(reason ?? lastMessage), now: now)
    }

    func closeIfBroken(now: Nanoseconds) {
        if let broken { close(broken, now: now) }
    }

    /// Ends it; what was under way is handed back to the owner, unanswered.
    func close(_ error: PostgresError, now: Nanoseconds) {
        if case .closed = phase { return }
        let before = phase
        phase = .closed
        broken = nil
        pg.map { PQfinish($0) }
        pg = nil
        members.remove(self)
        if case .script(let script) = before { script.failed(error) }
        let unanswered = Array(units)
        units.removeAll()
        owner?.closed(self, error: error, units: unanswered, now: now)
    }

    /// Asks the server to stop the statement under way. Whether it does is seen from its results.
    func cancel() {
        if let pg { BlockingCalls.cancel(pg) }
    }
}
