extension PoolCore {
    /// Whether what a connection is at has taken so long that others shall not wait behind it.
    func isSlow(_ connection: Connection, now: Nanoseconds) -> Bool {
        connection.inFlight > 0 && now - connection.headSince > PoolLimits.slow
    }

    /// The reads behind a slow one are sent once more elsewhere, as far as the budget goes. Which one of a group is
    /// slow is not known, so all of that group are, each alone; and those that meet the slow one again there, again.
    /// One that is slow all by itself is known, and is not sent once more.
    func sendBypassing(_ connection: Connection) {
        var isFirst = true
        connection.units.forEach { unit in
            defer { isFirst = false }
            guard let flight = unit as? PoolFlight else { return }
            if isFirst && !flight.isGroup { return flight.requests[0].forbidBypass() }
            for request in flight.requests where request.connection === connection && !request.isAnswered {
                guard request.mayBypass, !request.isQueued, hedging.spend() else { continue }
                request.hedges += 1
                if isFirst { request.travelsAlone = true }
                enqueue(request)
            }
        }
    }
}
