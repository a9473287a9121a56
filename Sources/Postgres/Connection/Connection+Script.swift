import CLibPQ

extension Connection {
    /// Runs a script, outside pipeline mode, on the connection, which must be idle.
    func begin(_ script: ScriptOperation, now: Nanoseconds) {
        guard let pg, isOpen, units.isEmpty else { return script.failed(.closed) }
        phase = .script(script)
        guard PQexitPipelineMode(pg) == 1, PQsendQuery(pg, script.sql) == 1 else {
            broken = .connectionLost(lastMessage)
            return
        }
        needsFlush = true
    }

    /// Takes what has come for the script.
    func advance(_ script: ScriptOperation, now: Nanoseconds) {
        guard let pg else { return }
        if PQconsumeInput(pg) != 1 {
            _ = script.advance(on: pg)
            return lose(now: now)
        }
        if needsFlush { flush(now: now) }
        guard self.pg == pg else { return }
        let isDone = script.advance(on: pg)
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
