import CLibPQ

/// Several statements in one text, by the simple protocol. It needs the connection for itself, outside pipeline mode.
final class ScriptOperation {
    let sql: String
    private var completion: ((Result<Void, PostgresError>) -> Void)?
    private var error: PostgresError?
    private var copy = UnexpectedCopy()

    init(_ sql: String, completion: @escaping (Result<Void, PostgresError>) -> Void) {
        self.sql = sql
        self.completion = completion
    }

    /// Takes what has come; true when the connection is free again.
    func advance(on connection: OpaquePointer) -> Bool {
        while copy.isOver(on: connection), PQisBusy(connection) == 0 {
            guard let result = PQgetResult(connection) else {
                end(error.map { .failure($0) } ?? .success(()))
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
                copy.begin(PQresultStatus(result), on: connection)
            }
        }
        return false
    }

    /// The connection has ended.
    func failed(_ error: PostgresError) { end(.failure(error)) }

    /// Answers; later calls do nothing.
    private func end(_ result: Result<Void, PostgresError>) {
        completion?(result)
        completion = nil
    }
}

/// A COPY, which has no place in a script.
///
/// libpq gives the result that begins it again and again until all of its data has been moved: so what it wants to be
/// sent is refused, and what it sends is read and dropped.
struct UnexpectedCopy {
    private var isReading = false

    /// Takes note of a result that was not expected, whether it begins a COPY or not.
    mutating func begin(_ status: ExecStatusType, on connection: OpaquePointer) {
        switch status {
        case PGRES_COPY_IN, PGRES_COPY_BOTH: _ = PQputCopyEnd(connection, "this COPY was not expected")
        case PGRES_COPY_OUT: isReading = true
        default: break
        }
    }

    /// Drops what has come; false while more is to come before the next result.
    mutating func isOver(on connection: OpaquePointer) -> Bool {
        while isReading {
            var row: UnsafeMutablePointer<CChar>?
            let length = PQgetCopyData(connection, &row, 1)
            if length == 0 { return false }
            PQfreemem(row)
            isReading = length > 0  // else the end or an error: the next result tells
        }
        return true
    }
}
