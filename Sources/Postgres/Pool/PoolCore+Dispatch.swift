extension PoolCore {
    /// Sends what waits to the connections that have room and are not held up, the least busy first.
    ///
    /// Point reads that arrive while a group is under way wait and are the next group: so the busier it is, the larger they
    /// are, and alone a read waits for nobody.
    func dispatch(now: Nanoseconds) {
        while let request = nextWaiting(now: now) {
            let depth = request.joinsGroups ? PoolLimits.groups : PoolLimits.depth
            guard let connection = leastBusy(below: depth, now: now) else { break }
            let requests = takeGroup(now: now)
            for request in requests {
                request.copies += 1
                request.connection = connection
            }
            connection.send(PoolFlight(requests, self), now: now)
        }
    }

    /// Whether a point read would have to wait just for what is under way and will end soon.
    func isBusy(now: Nanoseconds) -> Bool {
        guard leastBusy(below: PoolLimits.groups, now: now) == nil else { return false }
        return connections.contains { $0.isOpen && $0.inFlight > 0 && !$0.isDraining && !isSlow($0, now: now) }
    }

    /// The first request that is still worth sending; those before it are dropped.
    private func nextWaiting(now: Nanoseconds) -> PoolRequest? {
        while let request = waiting.first {
            let movesAgain = request.copies > 0 && request.connection.map { !isSlow($0, now: now) } ?? false
            if !request.isAnswered && !movesAgain { return request }
            // Should its own connection stop once more, the request may be sent once more.
            if movesAgain { request.hedges = max(0, request.hedges - 1) }
            removeFirst()
        }
        return nil
    }

    /// The first of those that wait, and with it, if it joins groups, those behind it that do.
    private func takeGroup(now: Nanoseconds) -> [PoolRequest] {
        var group: [PoolRequest] = []
        while let request = nextWaiting(now: now), group.isEmpty || (request.joinsGroups && group[0].joinsGroups),
            group.count < PoolLimits.groupSize
        {
            group.append(request)
            removeFirst()
        }
        return group
    }

    private func removeFirst() {
        waiting.popFirst()?.isQueued = false
    }

    /// Of the usual number of connections that are not held up: those beyond it are for what would wait behind slow reads,
    /// and many connections would mean small groups.
    private func leastBusy(below depth: Int, now: Nanoseconds) -> Connection? {
        var best: Connection?
        var seen = 0
        for connection in connections where connection.isOpen && !connection.isDraining && !isSlow(connection, now: now)
        {
            if connection.inFlight < depth, connection.inFlight < best?.inFlight ?? .max { best = connection }
            seen += 1
            if seen == usual { break }
        }
        return best
    }
}
