import CLibPQ
import Logging

/// One connection to the server, from dialling to its end. Lives on the loop's thread alone.
final class Connection: LoopMember {
    enum Phase {
        /// A helper thread resolves the name.
        case dialling
        case handshaking(wantsWrite: Bool)
        /// Settings and role are being set.
        case preparing
        case open
        case exclusive(any ExclusiveOperation)
        case closed
    }

    let configuration: ConnectionConfiguration
    let logger: Logger
    let members: LoopMembers
    private(set) weak var owner: (any ConnectionOwner)?
    private let notices: NoticeSink
    var phase = Phase.dialling
    var pg: OpaquePointer?

    var state = PipelineState()
    var units = Queue<any PipelineUnit>()
    /// How many of the units are groups of point reads; the pool's to count.
    var groups = 0
    var parameters = ParameterBuffer()
    /// The numbers of prepared statements that are to be deallocated.
    var staleNames: [Int] = []
    /// When the first unit began to be the first: how long the server has been busy with it.
    var headSince: Nanoseconds = 0
    /// When the last unit ended.
    var idleSince: Nanoseconds = 0
    /// No new units: it was asked to cancel one, and will be closed when the others have ended.
    var isDraining = false
    /// Whether libpq may hold bytes that are not sent yet.
    var needsFlush = false
    /// Why it can not go on; acted upon at the next turn, so that nobody loses the connection while using it.
    var broken: PostgresError?
    private var connectBy: Nanoseconds

    init(_ configuration: ConnectionConfiguration, members: LoopMembers, owner: any ConnectionOwner, logger: Logger) {
        self.configuration = configuration
        self.members = members
        self.owner = owner
        self.logger = logger
        notices = NoticeSink(logger)
        connectBy = Monotonic.after(configuration.connectTimeout)
    }

    deinit { pg.map { PQfinish($0) } }

    var inFlight: Int { units.count }

    var isOpen: Bool { if case .open = phase { broken == nil } else { false } }

    /// Begins to connect; the owner is told how it went.
    func dial(on thread: LoopThread) {
        members.add(self)
        let bound = LoopBound(self, on: thread)
        let started = Dialer.start(configuration.keywords) { dialled in
            let isHeard = thread.submit { _ in
                if !bound.value.dialled(dialled?.pointer), let dialled { PQfinish(dialled.pointer) }
            }
            if !isHeard, let dialled { PQfinish(dialled.pointer) }
        }
        if !started { broken = .unavailable("no thread left") }
    }

    /// False if the connection was closed meanwhile.
    private func dialled(_ pg: OpaquePointer?) -> Bool {
        guard case .dialling = phase else { return false }
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

    private func shakeHands(now: Nanoseconds) {
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
        idleSince = now
        owner?.opened(self, now: now)
    }

    // MARK: The loop

    var descriptor: Int32 { pg.map { PQsocket($0) } ?? -1 }

    var wantsRead: Bool {
        switch phase {
        case .handshaking(let wantsWrite): !wantsWrite
        case .exclusive(let operation): operation.wantsRead
        case .preparing, .open: true
        case .dialling, .closed: false
        }
    }

    var wantsWrite: Bool {
        if case .handshaking(let wantsWrite) = phase { wantsWrite } else { needsFlush }
    }

    var wakeAt: Nanoseconds {
        if broken != nil { return 0 }
        switch phase {
        case .dialling, .handshaking, .preparing: return connectBy
        case .open, .exclusive, .closed: return .max
        }
    }

    func ready(now: Nanoseconds) {
        switch phase {
        case .handshaking: shakeHands(now: now)
        case .preparing, .open: receive(now: now)
        case .exclusive(let operation): advance(operation, now: now)
        case .dialling, .closed: break
        }
    }

    func turn(now: Nanoseconds) {
        if let broken { return close(broken, now: now) }
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
        case 0:
            needsFlush = false
            if case .exclusive(let operation) = phase { operation.flushed() }
        case 1: needsFlush = true
        default: lose(now: now)
        }
    }

    // MARK: The end

    /// The server's or else libpq's last word on the connection.
    var lastMessage: String { notices.farewell ?? pg.map { String(cString: PQerrorMessage($0)).firstLine } ?? "" }

    /// The connection is gone by itself.
    func lose(_ reason: String? = nil, now: Nanoseconds) {
        if case .preparing = phase { return close(.unavailable(reason ?? lastMessage), now: now) }
        close(.connectionLost(reason ?? lastMessage), now: now)
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
        if case .exclusive(let operation) = before { operation.failed(error) }
        owner?.closed(self, error: error, units: units.removeAll(), now: now)
    }

    /// Asks the server to stop the statement that it is at; the completion is called, on any thread, when it was told.
    func cancel(_ completion: @escaping @Sendable () -> Void = {}) {
        if let pg { Dialer.cancel(pg, completion) } else { completion() }
    }
}
