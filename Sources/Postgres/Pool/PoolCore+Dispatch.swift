extension PoolCore {
    /// Sends what waits to the connections that have room and are not held up, the least busy first.
    ///
    /// Point reads that arrive while a group is under way wait and are the next group: so the busier it is, the larger
    /// they are, and alone a read waits for nobody.
    func dispatch(now: Nanoseconds) {
        while sendNext(.points, now: now) {}
        while sendNext(.others, now: now) {}
    }

    /// Whether a point read would have to wait just for what is under way and will end soon.
    func isBusy(now: Nanoseconds) -> Bool {
        guard leastBusy(.points, now: now) == nil else { return false }
        return connections.contains { $0.isOpen && $0.inFlight > 0 && !$0.isDraining && !isSlow($0, now: now) }
    }

    /// False if nothing waits in the line, or there is no room for it.
    private func sendNext(_ line: PoolQueue.Line, now: Nanoseconds) -> Bool {
        guard nextWaiting(line, now: now) != nil, let connection = leastBusy(line, now: now) else { return false }
        let requests = takeNext(line, now: now)
        for request in requests {
            request.copies += 1
            request.connection = connection
        }
        if line == .points { connection.groups += 1 }
        connection.send(PoolFlight(requests, line, self), now: now)
        return true
    }

    /// The first request that is still worth sending; those before it are dropped.
    private func nextWaiting(_ line: PoolQueue.Line, now: Nanoseconds) -> PoolRequest? {
        while let request = waiting.first(line) {
            let movesAgain = request.copies > 0 && request.connection.map { !isSlow($0, now: now) } ?? false
            if !request.isAnswered && !movesAgain { return request }
            // Should its own connection stop once more, the request may be sent once more.
            if movesAgain { request.hedges = max(0, request.hedges - 1) }
            if request.copies > 0 { hedging.giveBack() }
            waiting.removeFirst(line)
        }
        return nil
    }

    /// The first of those that wait; of point reads as many as a group holds.
    private func takeNext(_ line: PoolQueue.Line, now: Nanoseconds) -> [PoolRequest] {
        let most = line == .points ? PoolLimits.groupSize : 1
        var requests: [PoolRequest] = []
        while requests.count < most, let request = nextWaiting(line, now: now) {
            requests.append(request)
            waiting.removeFirst(line)
        }
        return requests
    }

    /// Of the usual number of connections that are not held up: those beyond it are for what would wait behind slow
    /// reads, and many connections would mean small groups.
    private func leastBusy(_ line: PoolQueue.Line, now: Nanoseconds) -> Connection? {
        var best: Connection?
        var seen = 0
        for connection in connections where connection.isOpen && !connection.isDraining && !isSlow(connection, now: now)
        {
            let hasRoom =
                connection.inFlight < PoolLimits.depth
                && (line == .others || connection.groups < PoolLimits.groupDepth)
            if hasRoom, connection.inFlight < best?.inFlight ?? .max { best = connection }
            seen += 1
            if seen == usual { break }
        }
        return best
    }
}
