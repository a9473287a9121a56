/// What a pool's connections do at a moment.
public struct PoolStatus: Sendable, Equatable {
    /// How many connections are open.
    public var open = 0
    /// How many of these carry out a statement, or end one that was cancelled.
    public var busy = 0
    /// How many connections there may be.
    public var maximum = 0
    /// How many reads wait for a connection.
    public var waiting = 0
}

extension PoolState {
    /// What its connections do now.
    var status: PoolStatus {
        let open = members.count { $0.isOpen }
        let idle = members.count { if case .idle = $0.phase { true } else { false } }
        return PoolStatus(open: open, busy: open - idle, maximum: maximum, waiting: queue.count)
    }
}
