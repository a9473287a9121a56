extension PoolCore {
    /// All results of a flight that there will be have come.
    func ended(_ flight: PoolFlight, on connection: Connection) {
        for request in flight.requests {
            request.copies -= 1
            if request.isAnswered { continue }
            if flight.isGroup {
                sendAgainAlone(request)
            } else if let error = flight.error {
                failed(request, error, in: flight, on: connection)
            } else {
                request.answer(.failure(.unexpectedResult("a statement without a result")))
            }
        }
    }

    private func failed(
        _ request: PoolRequest, _ error: PostgresError, in flight: PoolFlight, on connection: Connection
    ) {
        if case .server(let error) = error {
            if error.invalidatesPlan && !flight.needsConfirmedNames {
                request.wasReplanned = true
                return sendAgainAlone(request)
            }
            // Meant for the statement before it, whose deadline had passed.
            if error.sqlState == "57014" && connection.isDraining { return sendAgainAlone(request) }
        }
        request.answer(.failure(error))
    }

    /// By itself it fails at most for its own fault.
    private func sendAgainAlone(_ request: PoolRequest) {
        request.travelsAlone = true
        request.connection = nil
        enqueue(request)
    }

    /// The connection went with the flight under way: its requests are sent once more, unless on another one already.
    func lost(_ flight: PoolFlight, _ error: PostgresError) {
        for request in flight.requests {
            request.copies -= 1
            if request.isAnswered || request.copies > 0 || request.isQueued { continue }
            if !flight.isGroup, let answer = flight.error {
                request.answer(.failure(answer))
            } else if error == .closed {
                request.answer(.failure(.closed))
            } else if request.wasLost {
                request.answer(.failure(.connectionLost(error.reason)))
            } else {
                request.wasLost = true
                sendAgainAlone(request)
            }
        }
    }

    /// Looks for what has taken too long.
    func tick(now: Nanoseconds) {
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

    /// The reads behind a slow one are sent once more elsewhere. Which one of a group is slow is not known, so all of that
    /// group are, each alone; and those that meet the slow one again there, again. One that is slow all by itself is known, and
    /// is not sent once more.
    private func sendBypassing(_ connection: Connection) {
        var isFirst = true
        connection.units.forEach { unit in
            defer { isFirst = false }
            guard let flight = unit as? PoolFlight else { return }
            if isFirst && !flight.isGroup { return flight.requests[0].hedges = PoolLimits.hedges }
            for request in flight.requests where request.connection === connection && !request.isAnswered {
                guard request.mayBypass, !request.isQueued else { continue }
                request.hedges += 1
                if isFirst { request.travelsAlone = true }
                enqueue(request)
            }
        }
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

    private func closeSurplus(now: Nanoseconds) {
        for connection in connections where openCount > usual && connection.isOpen {
            if connection.inFlight == 0 && now - connection.idleSince >= PoolLimits.idle {
                connection.close(.closed, now: now)
            }
        }
    }
}
