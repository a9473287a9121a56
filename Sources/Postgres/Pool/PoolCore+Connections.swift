import Logging

extension PoolCore {
    var openCount: Int { connections.count { $0.isOpen } }

    /// The usual number always; one more at a time while reads wait behind slow ones.
    func wantsConnection(now: Nanoseconds) -> Bool {
        guard isRunning, connections.count < maximum else { return false }
        if connections.count < usual { return true }
        let isOpening = connections.contains { !$0.isOpen }
        return !waiting.isEmpty && !isOpening && connections.contains { isSlow($0, now: now) || $0.isDraining }
    }

    func openMore(now: Nanoseconds) {
        guard let members else { return }
        while wantsConnection(now: now) && nextAttempt <= now {
            let connection = Connection(configuration, members: members, owner: self, logger: logger)
            connections.append(connection)
            connection.dial(on: thread)
        }
    }

    func opened(_ connection: Connection, now: Nanoseconds) {
        if outageSince != nil, backOff.failures > 0 { logger.info("postgres: connected again") }
        backOff.succeeded()
        outageSince = nil
        dispatch(now: now)
    }

    func closed(_ connection: Connection, error: PostgresError, units: [any PipelineUnit], now: Nanoseconds) {
        connections.removeAll { $0 === connection }
        if error != .closed {
            lastFailure = error.reason
            // The first failure of a row is worth a warning; the repetitions are not.
            logger.log(level: backOff.failures == 0 ? .warning : .debug, "postgres: \(error)")
            nextAttempt = max(nextAttempt, now + backOff.failed())
        }
        if openCount == 0 && outageSince == nil { outageSince = now }
        for case let flight as PoolFlight in units { lost(flight, error) }
    }

    func becameIdle(_ connection: Connection, now: Nanoseconds) {}

    func received(_ notification: Notification) {}

    /// Once there has been no connection for a while, waiting is of no use to anybody.
    func failDuringOutage(now: Nanoseconds) {
        // Before `run()` there is no outage yet: reads wait for it as long as their callers do.
        if waiting.isEmpty || !isRunning { return }
        if openCount == 0 && outageSince == nil { outageSince = now }
        guard let outageSince, now - outageSince >= PoolLimits.outage else { return }
        for request in waiting.removeAll() where request.copies == 0 {
            request.answer(.failure(.unavailable(lastFailure)))
        }
    }

    func closeSurplus(now: Nanoseconds) {
        for connection in connections where openCount > usual && connection.isOpen {
            if connection.inFlight == 0 && now - connection.idleSince >= PoolLimits.idle {
                connection.close(.closed, now: now)
            }
        }
    }

    /// When the next connection will have been idle for so long that it is closed.
    var surplusUntil: Nanoseconds {
        guard openCount > usual else { return .max }
        let idle = connections.lazy.filter { $0.isOpen && $0.inFlight == 0 }.map(\.idleSince)
        return idle.min().map { $0 + PoolLimits.idle } ?? .max
    }
}
