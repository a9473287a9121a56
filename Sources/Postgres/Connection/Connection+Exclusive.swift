import CLibPQ

extension Connection {
    /// Gives the connection, which must be idle, to one operation until that has ended.
    func begin(_ operation: any ExclusiveOperation, now: Nanoseconds) {
        guard let pg, isOpen, units.isEmpty else { return operation.failed(.closed) }
        phase = .exclusive(operation)
        guard PQexitPipelineMode(pg) == 1, PQsendQuery(pg, operation.sql) == 1 else {
            broken = .connectionLost(lastMessage)
            return
        }
        needsFlush = true
    }

    /// Lets the operation go on; also called when its user has something new for it.
    func advance(_ operation: any ExclusiveOperation, now: Nanoseconds) {
        guard let pg else { return }
        // Read even if the operation holds back, as long as the descriptor is only waited for when it does not.
        if operation.wantsRead, PQconsumeInput(pg) != 1 {
            _ = operation.advance(on: pg)
            return lose(now: now)
        }
        if needsFlush { flush(now: now) }
        guard self.pg == pg else { return }
        let isDone = operation.advance(on: pg)
        takeNotifications()
        if isDone {
            guard PQenterPipelineMode(pg) == 1 else { return lose(now: now) }
            phase = .open
            owner?.becameIdle(self, now: now)
        } else {
            needsFlush = true
        }
    }
}
