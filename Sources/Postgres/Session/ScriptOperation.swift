import CLibPQ

/// Several statements in one text, by the simple protocol.
final class ScriptOperation: ExclusiveOperation {
    let sql: String
    private var completion: ((Result<Int, PostgresError>) -> Void)?
    private var error: PostgresError?

    init(_ sql: String, completion: @escaping (Result<Int, PostgresError>) -> Void) {
        self.sql = sql
        self.completion = completion
    }

    var wantsRead: Bool { true }

    func advance(on connection: OpaquePointer) -> Bool {
        while PQisBusy(connection) == 0 {
            guard let result = PQgetResult(connection) else {
                end(error.map { .failure($0) } ?? .success(0))
                return true
            }
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: break
            case PGRES_FATAL_ERROR:
                error = error ?? .server(ServerError(result, step: nil))
                if PQstatus(connection) == CONNECTION_BAD { return false }
            case PGRES_COPY_IN:
                error = error ?? .unexpectedResult("COPY in a script")
                _ = PQputCopyEnd(connection, "COPY in a script")
            case PGRES_COPY_OUT:
                error = error ?? .unexpectedResult("COPY in a script")
                var row: UnsafeMutablePointer<CChar>?
                while PQgetCopyData(connection, &row, 1) > 0 { PQfreemem(row) }
            default: error = error ?? .unexpectedResult("COPY in a script")
            }
        }
        return false
    }

    func flushed() {}

    func failed(_ error: PostgresError) { end(.failure(error)) }

    /// Answers, once.
    func end(_ result: Result<Int, PostgresError>) {
        completion?(result)
        completion = nil
    }
}
