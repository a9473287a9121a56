extension PoolCore {
    /// A read has come back from one connection.
    func ended(_ flight: PoolFlight, on connection: Connection) {
        let request = flight.request
        request.copies -= 1
        if request.isAnswered { return }
        if case .server(let error)? = flight.error {
            if error.invalidatesPlan && !request.wasReplanned {
                request.wasReplanned = true
                return enqueue(request)
            }
            // Meant for the statement before it, whose deadline had passed.
            if error.sqlState == "57014" && connection.isDraining { return enqueue(request) }
        }
        request.answer(flight.result)
    }

    /// The connection went with the read under way: it is sent once more, unless it is on another one already.
    func lost(_ flight: PoolFlight, _ error: PostgresError) {
        let request = flight.request
        request.copies -= 1
        if request.isAnswered || request.copies > 0 || request.isQueued { return }
        if let answer = flight.error { return request.answer(.failure(answer)) }
        if error == .closed { return request.answer(.failure(.closed)) }
        if request.wasLost { return request.answer(.failure(.connectionLost(error.reason))) }
        request.wasLost = true
        enqueue(request)
    }

    /// Looks for what has taken too long.
    func tick(now: Nanoseconds) {
        waiting.forEach { expire($0, now: now) }
        for connection in connections {
            connection.units.forEach { ($0 as? PoolFlight).map { expire($0.request, now: now) } }
            if isSlow(connection, now: now) { sendBypassing(connection) }
            cancelIfOverdue(connection, now: now)
        }
        closeSurplus(now: now)
    }

    private func expire(_ request: PoolRequest, now: Nanoseconds) {
        if request.deadline <= now { request.answer(.failure(.deadlineExceeded)) }
    }

    /// The reads behind a slow one are sent once more elsewhere, once.
    private func sendBypassing(_ connection: Connection) {
        var isFirst = true
        connection.units.forEach { unit in
            defer { isFirst = false }
            guard !isFirst, let request = (unit as? PoolFlight)?.request, !request.isHedged else { return }
            request.isHedged = true
            enqueue(request)
        }
    }

    /// A statement that nobody waits for any more shall not hold its connection. As the cancel may arrive when the
    /// statement is over and hit the next one, the connection takes no new ones and is replaced.
    private func cancelIfOverdue(_ connection: Connection, now: Nanoseconds) {
        if connection.isDraining {
            let isStuck = connection.inFlight > 0 && now - connection.headSince > PoolLimits.cancellation
            if connection.inFlight == 0 { connection.close(.closed, now: now) }
            if isStuck && (connection.units.first as? PoolFlight)?.request.isAnswered ?? true {
                connection.close(.connectionLost("a cancelled statement does not end"), now: now)
            }
        } else if let head = connection.units.first as? PoolFlight, head.request.deadline <= now {
            connection.isDraining = true
            connection.headSince = now
            connection.cancel()
        }
    }

    private func closeSurplus(now: Nanoseconds) {
        for connection in connections where openCount > usual && connection.isOpen {
            if connection.inFlight == 0 && now - connection.idleSince >= PoolLimits.idle {
                connection.close(.closed, now: now)
            }
        }
    }
}
