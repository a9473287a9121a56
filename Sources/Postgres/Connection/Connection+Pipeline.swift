import CLibPQ

extension Connection {
    /// Sends a unit after those already under way, with a Sync of its own.
    func send(_ unit: any PipelineUnit, now: Nanoseconds) {
        units.append(unit)
        guard let pg, broken == nil else { return }
        for index in 0..<unit.stepCount {
            let (statement, parameters) = unit.step(index)
            guard send(statement, parameters, on: pg) else {
                broken = .connectionLost(lastMessage)
                return
            }
        }
        state.willSync()
        if PQpipelineSync(pg) != 1 { broken = .connectionLost(lastMessage) }
        needsFlush = true
    }

    private func send(_ statement: Statement, _ parameters: [Parameter], on pg: OpaquePointer) -> Bool {
        self.parameters.fill(parameters)
        let (number, prepare) = state.willExecute(statement)
        let name = Self.name(number)
        if prepare {
            let types = self.parameters.types
            guard PQsendPrepare(pg, name, statement.sql, Int32(types.count), types) == 1 else { return false }
        }
        return name.withCString { self.parameters.execute($0, on: pg) }
    }

    private static func name(_ number: Int) -> String { "s\(number)" }

    /// Frees prepared statements that have become useless. Nobody waits for it, and it may fail: inside a failed
    /// transaction, or when the statement is not there.
    ///
    /// Not while results are being taken: a send between an error and the NULL after it makes libpq drop that NULL.
    func deallocateStaleNames(now: Nanoseconds) {
        guard let pg else { return }
        for number in staleNames {
            let unit = CollectingUnit([]) { _ in }
            units.append(unit)
            state.willRunOnce()
            state.willSync()
            let sql = "DEALLOCATE \(Self.name(number))"
            let isSent = PQsendQueryParams(pg, sql, 0, nil, nil, nil, nil, 1) == 1 && PQpipelineSync(pg) == 1
            if !isSent { broken = .connectionLost(lastMessage) }
            needsFlush = true
        }
        staleNames = []
    }

    /// Reads what has come and hands it out.
    func receive(now: Nanoseconds) {
        guard let pg else { return }
        if PQconsumeInput(pg) != 1 {
            // An error message may have come just before the end, and says more than the end does.
            takeResults(pg, now: now)
            takeNotifications()
            return lose(now: now)
        }
        if needsFlush { flush(now: now) }
        takeResults(pg, now: now)
        takeNotifications()
    }

    private func takeResults(_ pg: OpaquePointer, now: Nanoseconds) {
        let wasBusy = !units.isEmpty
        while self.pg == pg, broken == nil, !state.isEmpty, PQisBusy(pg) == 0 {
            take(PQgetResult(pg), now: now)
        }
        if wasBusy && units.isEmpty && self.pg == pg {
            owner?.becameIdle(self, now: now)
        }
    }

    private func take(_ result: OpaquePointer?, now: Nanoseconds) {
        guard let result else { return act(on: state.received(.end), nil, now: now) }
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            let rows = Rows(result)
            act(on: state.received(.success), rows, now: now)
        case PGRES_PIPELINE_SYNC:
            PQclear(result)
            act(on: state.received(.sync), nil, now: now)
        case PGRES_PIPELINE_ABORTED:
            PQclear(result)
            act(on: state.received(.aborted), nil, now: now)
        case PGRES_FATAL_ERROR:
            defer { PQclear(result) }
            fail(result, now: now)
        default:
            PQclear(result)
            broken = .unexpectedResult("a statement that needs the connection for itself, such as COPY")
            units.first?.failed(.unexpectedResult("COPY is not possible in a pipeline"))
        }
    }

    private func fail(_ result: OpaquePointer, now: Nanoseconds) {
        var error = ServerError(result, step: nil)
        if ServerError.isFatal(result) { return lose("\(error.sqlState): \(error.message)", now: now) }
        if let pg, PQstatus(pg) == CONNECTION_BAD { return lose(now: now) }
        switch state.received(.failure(invalidatesPlan: error.invalidatesPlan)) {
        case .fail(let step):
            error.statementIndex = step
            units.first?.failed(.server(error))
        case .failAndDeallocate(let step, let number):
            error.statementIndex = step
            units.first?.failed(.server(error))
            staleNames.append(number)
        case .nothing: break
        default: breakProtocol()
        }
    }

    private func act(on action: PipelineState.Action, _ rows: Rows?, now: Nanoseconds) {
        switch action {
        case .nothing: break
        case .deliver(let step):
            if let rows { units.first?.received(rows, step: step) }
        case .finishUnit:
            let unit = units.popFirst()
            unit?.finished(on: self, now: now)
        case .fail, .failAndDeallocate, .violation: breakProtocol()
        }
    }

    /// What came makes no sense, most often because the connection has gone.
    private func breakProtocol() {
        let isGone = pg.map { PQstatus($0) == CONNECTION_BAD } ?? true
        broken = .connectionLost(isGone ? lastMessage : "results out of order")
    }

    func takeNotifications() {
        while let pg, let notification = PQnotifies(pg) {
            owner?.received(
                Notification(
                    channel: String(cString: notification.pointee.relname),
                    payload: String(cString: notification.pointee.extra), pid: notification.pointee.be_pid))
            PQfreemem(notification)
        }
    }
}
