import CLibPQ

/// Several statements in one text, by the simple protocol.
final class ScriptOperation: ExclusiveOperation {
    let sql: String
    private var completion: ((Result<Int, PostgresError>) -> Void)?
    private var error: PostgresError?
    private var stray = StrayCopy()

    init(_ sql: String, completion: @escaping (Result<Int, PostgresError>) -> Void) {
        self.sql = sql
        self.completion = completion
    }

    var wantsRead: Bool { true }

    func advance(on connection: OpaquePointer) -> Bool {
        while stray.isOver(on: connection), PQisBusy(connection) == 0 {
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
            default:
                error = error ?? .unexpectedResult("COPY in a script")
                stray.begin(PQresultStatus(result), on: connection)
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
