extension PostgresSession {
    /// Sends all steps in one flush with one Sync after the last; when one fails, the server skips the rest.
    ///
    /// There is no implicit BEGIN or COMMIT: send them as steps. After an error inside a transaction send ROLLBACK.
    ///
    /// - Parameter deadline: How long it may take. Afterwards the session is closed, since what the server did is
    ///   unknown.
    /// - Returns: The rows of each step, in their order.
    /// - Throws: The first failing step's error, with its index; the session stays usable unless the connection was
    ///   lost.
    public nonisolated(nonsending) func send(
        _ steps: [(Statement, [Parameter])], deadline: Duration = .seconds(30)
    ) async throws(PostgresError) -> [Rows] {
        for (_, parameters) in steps where parameters.count > Int(UInt16.max) {
            throw .unexpectedResult("\(parameters.count) parameters: at most 65,535 are possible")
        }
        let core = core
        let due = Monotonic.after(deadline)
        let result = await withUnsafeContinuation {
            (continuation: UnsafeContinuation<Result<[Rows], PostgresError>, Never>) in
            loop.thread.submit { _ in
                let unit = CollectingUnit(steps) { continuation.resume(returning: $0) }
                core.value.perform(.unit(unit, deadline: due), now: Monotonic.now)
            }
        }
        return try result.get()
    }

    /// Runs one statement in a unit of its own; see ``send(_:deadline:)``.
    public nonisolated(nonsending) func query(
        _ statement: Statement, _ parameters: [Parameter] = [], deadline: Duration = .seconds(30)
    ) async throws(PostgresError) -> Rows {
        let rows = try await send([(statement, parameters)], deadline: deadline)
        guard let first = rows.first else { throw .unexpectedResult("no result") }
        return first
    }

    /// Runs several statements in one text, without parameters, as one implicit transaction unless the text has its
    /// own.
    ///
    /// For migrations: it has no deadline and returns no rows.
    public func execute(script: String) async throws(PostgresError) {
        let core = core
        let result = await withUnsafeContinuation {
            (continuation: UnsafeContinuation<Result<Void, PostgresError>, Never>) in
            loop.thread.submit { _ in
                let script = ScriptOperation(script) { continuation.resume(returning: $0) }
                core.value.perform(.script(script), now: Monotonic.now)
            }
        }
        try result.get()
    }
}
