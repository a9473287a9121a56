extension PoolState {
    /// The next batch to send; nil if nothing waits or no connection is free.
    ///
    /// Point reads that arrive while a group is under way wait and are the next group: the busier the pool, the larger
    /// its groups, and a read that is alone waits for no other.
    mutating func nextBatch(now: Nanoseconds) -> Action? {
        let (first, second) = queue.order
        return nextBatch(first, now: now) ?? nextBatch(second, now: now)
    }

    private mutating func nextBatch(_ line: PoolQueue.Line, now: Nanoseconds) -> Action? {
        guard let index = free(line, now: now) else { return nil }
        let requests = queue.next(line)
        if requests.isEmpty { return nil }
        members[index].phase = .busy(requests, since: now)
        return .send(requests, on: members[index].number)
    }

    /// Whether a point read would only have to wait for statements that are about to end.
    func isBusy(now: Nanoseconds) -> Bool {
        guard free(.points, now: now) == nil else { return false }
        return members.contains { if case .busy = $0.phase { !isSlow($0, now: now) } else { false } }
    }

    /// A free connection, by index. Point reads use only the usual number of connections that are not held up by a slow
    /// statement: spread over more of them, their groups would be smaller.
    private func free(_ line: PoolQueue.Line, now: Nanoseconds) -> Int? {
        var busy = 0
        for (index, member) in members.enumerated() {
            switch member.phase {
            case .idle: return index
            case .busy where !isSlow(member, now: now): busy += 1
            case .opening, .busy, .cancelling, .closing: continue
            }
            if line == .points && busy == usual { return nil }
        }
        return nil
    }

    /// Whether what a connection does has taken so long that others should not wait for it.
    func isSlow(_ member: Member, now: Nanoseconds) -> Bool {
        switch member.phase {
        case .busy(_, let since): now - since > PoolLimits.slow
        case .cancelling, .closing: true
        case .opening, .idle: false
        }
    }
}
