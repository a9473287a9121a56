extension PoolState {
    /// What is due apart from sending: looks for what has taken too long, and opens and closes connections.
    mutating func maintain(now: Nanoseconds) -> [Action] {
        var actions: [Action] = []
        if nextTick <= now { tick(now: now, &actions) }
        failDuringOutage(now: now)
        for member in members { if case .closing = member.phase { actions.append(.close(member.number, .closed)) } }
        while wantsConnection(now: now) && nextAttempt <= now {
            lastNumber += 1
            members.append(Member(number: lastNumber, phase: .opening))
            actions.append(.open(lastNumber))
        }
        scheduleTick(now: now)
        return actions
    }

    /// When the next call of ``maintain(now:)`` is due even if nothing happens.
    func wakeAt(now: Nanoseconds) -> Nanoseconds { min(nextTick, wantsConnection(now: now) ? nextAttempt : .max) }

    private func wantsConnection(now: Nanoseconds) -> Bool {
        guard isRunning, members.count < maximum else { return false }
        if members.count < usual { return true }
        let isOpening = members.contains { !$0.isOpen }
        return !queue.isEmpty && !isOpening && members.contains { isSlow($0, now: now) }
    }

    private mutating func tick(now: Nanoseconds, _ actions: inout [Action]) {
        queue.expire(now: now)
        for index in members.indices {
            let number = members[index].number
            switch members[index].phase {
            case .busy(let requests, _):
                for request in requests { request.expire(now: now) }
                let isAbandoned = requests.allSatisfy(\.isAnswered) && requests.contains(where: \.isAbandoned)
                guard isAbandoned, isSlow(members[index], now: now) else { continue }
                members[index].phase = .cancelling(since: now)
                actions.append(.cancel(number))
            case .cancelling(let since) where now - since > PoolLimits.cancellation:
                actions.append(.close(number, .connectionLost("a cancelled statement does not end")))
            case .idle(let since) where now - since >= PoolLimits.idle && surplus > 0:
                members[index].phase = .closing
            case .opening, .idle, .cancelling, .closing: continue
            }
        }
    }

    /// Once there has been no connection for a while, waiting helps nobody.
    private mutating func failDuringOutage(now: Nanoseconds) {
        // Before `run()` there is no outage yet: reads wait for it as long as their callers do.
        if queue.isEmpty || !isRunning { return }
        if outageSince == nil && !members.contains(where: \.isOpen) { outageSince = now }
        // As long as no attempt has failed the server may just be busy.
        let limit = hasFailedToConnect ? PoolLimits.outage : PoolLimits.firstAttempt
        guard let outageSince, now - outageSince >= limit else { return }
        for request in queue.removeAll() { request.answer(.failure(.unavailable(lastFailure))) }
    }

    private mutating func scheduleTick(now: Nanoseconds) {
        let isBusy =
            !queue.isEmpty || members.contains { if case .busy = $0.phase { true } else { isSlow($0, now: now) } }
        if isBusy {
            if nextTick - now > PoolLimits.tick || nextTick <= now { nextTick = now + PoolLimits.tick }
        } else {
            nextTick = surplusUntil
        }
    }

    /// How many open connections there are beyond the usual number.
    private var surplus: Int {
        members.count { member in
            switch member.phase {
            case .idle, .busy: true
            case .opening, .cancelling, .closing: false
            }
        } - usual
    }

    /// When the next connection will have been idle for so long that it is closed.
    private var surplusUntil: Nanoseconds {
        guard surplus > 0 else { return .max }
        let idle = members.compactMap { if case .idle(let since) = $0.phase { since } else { nil } }
        return idle.min().map { $0 + PoolLimits.idle } ?? .max
    }
}
