import CLibPQ

/// `COPY … FROM STDIN`: chunks go out as its user has them, each when the one before it has been sent.
final class CopyInOperation: ExclusiveOperation {
    typealias Completion = (Result<Int, PostgresError>) -> Void

    let sql: String
    private var started: Completion?
    private var put: Completion?
    private var ended: Completion?
    private var error: PostgresError?
    private var rows = 0
    private var isOver = false
    private var stray = StrayCopy()

    init(_ sql: String, started: @escaping Completion) {
        self.sql = sql
        self.started = started
    }

    var wantsRead: Bool { true }

    /// How it went, once it is over.
    var outcome: Result<Int, PostgresError> {
        isOver && error == nil ? .success(rows) : .failure(error ?? .closed)
    }

    /// Sends a chunk; answers when the system has taken it.
    func put(_ chunk: [UInt8], on connection: OpaquePointer, completion: @escaping Completion) {
        guard !isOver else { return completion(.failure(error ?? .closed)) }
        let taken = chunk.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { PQputCopyData(connection, $0.baseAddress, Int32($0.count)) }
        }
        if taken == 1 {
            put = completion
        } else {
            // Its buffer is empty at this point, so libpq can only refuse for lack of memory or of a connection.
            completion(.failure(.connectionLost(String(cString: PQerrorMessage(connection)).firstLine)))
        }
    }

    /// Ends the copy, or makes the server drop it if there is a reason; answers with the number of rows.
    func end(failure reason: String?, on connection: OpaquePointer, completion: @escaping Completion) {
        guard !isOver else { return completion(error.map { .failure($0) } ?? .success(rows)) }
        ended = completion
        if PQputCopyEnd(connection, reason) != 1 {
            answer(&ended, .failure(.connectionLost(String(cString: PQerrorMessage(connection)).firstLine)))
        }
    }

    func flushed() { answer(&put, .success(0)) }

    func advance(on connection: OpaquePointer) -> Bool {
        while stray.isOver(on: connection), PQisBusy(connection) == 0 {
            // While the server takes in data, libpq would repeat the same result for ever.
            if started == nil && ended == nil && !isOver && error == nil { return false }
            guard let result = PQgetResult(connection) else {
                isOver = true
                let outcome = outcome
                answer(&started, .failure(error ?? .unexpectedResult("not a COPY … FROM STDIN")))
                answer(&put, outcome)
                answer(&ended, outcome)
                return true
            }
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_COPY_IN where started != nil && error == nil: answer(&started, .success(0))
            case PGRES_COMMAND_OK: rows = Int(String(cString: PQcmdTuples(result))) ?? 0
            case PGRES_FATAL_ERROR: error = error ?? .server(ServerError(result, step: 0))
            default:
                error = error ?? .unexpectedResult("not a COPY … FROM STDIN")
                stray.begin(PQresultStatus(result), on: connection)
            }
            if PQstatus(connection) == CONNECTION_BAD { return false }
        }
        return false
    }

    func failed(_ error: PostgresError) {
        self.error = self.error ?? error
        isOver = true
        answer(&started, .failure(error))
        answer(&put, .failure(error))
        answer(&ended, .failure(error))
    }

    private func answer(_ completion: inout Completion?, _ result: Result<Int, PostgresError>) {
        let call = completion
        completion = nil
        call?(result)
    }
}
