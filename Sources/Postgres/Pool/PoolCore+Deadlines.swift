extension PoolCore {
    /// Looks for what has taken too long.
    func tick(now: Nanoseconds) {
        hedging.earn()
        waiting.forEach { expire($0, now: now) }
        for connection in connections {
            connection.units.forEach { ($0 as? PoolFlight)?.requests.forEach { expire($0, now: now) } }
            if isSlow(connection, now: now) { sendBypassing(connection) }
            cancelIfOverdue(connection, now: now)
        }
        closeSurplus(now: now)
    }

    private func expire(_ request: PoolRequest, now: Nanoseconds) {
        if request.deadline <= now { request.answer(.failure(.deadlineExceeded)) }
    }

    /// A statement that nobody waits for any more shall not hold its connection. As the cancel may arrive when the
    /// statement is over and hit the next one, the connection takes no new ones and is replaced.
    private func cancelIfOverdue(_ connection: Connection, now: Nanoseconds) {
        if connection.isDraining {
            let isStuck = connection.inFlight > 0 && now - connection.headSince > PoolLimits.cancellation
            if connection.inFlight == 0 { connection.close(.closed, now: now) }
            if isStuck && (connection.units.first as? PoolFlight)?.isAnswered ?? true {
                connection.close(.connectionLost("a cancelled statement does not end"), now: now)
            }
        } else if let head = connection.units.first as? PoolFlight, head.isAbandoned(now: now) {
            connection.isDraining = true
            connection.headSince = now
            connection.cancel()
        }
    }
}
