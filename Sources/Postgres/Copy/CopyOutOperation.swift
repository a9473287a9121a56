import CLibPQ

/// `COPY … TO STDOUT`: reads from the server only while its user waits for a chunk.
final class CopyOutOperation: ExclusiveOperation {
    typealias Completion = (Result<[UInt8]?, PostgresError>) -> Void

    /// Rows are gathered up to about this size.
    private static let chunkSize = 64 * 1024

    let sql: String
    private var waiting: Completion?
    private var chunk: [UInt8] = []
    private var error: PostgresError?
    private var isCopying = false
    private var isOver = false
    /// Its user has gone: the rest is read and dropped.
    private var isAbandoned = false
    /// A cancel is on its way, and must not arrive when the connection does something else.
    private var isCancelling = false
    private var stray = StrayCopy()

    init(_ sql: String, first: @escaping Completion) {
        self.sql = sql
        waiting = first
    }

    var wantsRead: Bool { waiting != nil || isAbandoned }

    /// Asks for the next chunk; nil is the end.
    func next(_ completion: @escaping Completion) {
        if isOver { return completion(error.map { .failure($0) } ?? .success(nil)) }
        waiting = completion
    }

    /// Its user has gone, and the server is being told to stop.
    func abandon() {
        isAbandoned = true
        isCancelling = true
        chunk = []
    }

    /// The server has been told.
    func cancelled() { isCancelling = false }

    func flushed() {}

    func advance(on connection: OpaquePointer) -> Bool {
        while !isOver {
            if isCopying {
                guard takeRows(connection) else { return false }
            } else {
                guard PQisBusy(connection) == 0 else { return false }
                takeResult(connection)
                if PQstatus(connection) == CONNECTION_BAD { return false }
            }
        }
        return !isCancelling
    }

    /// False if there is nothing to do until more comes, or until more is asked for.
    private func takeRows(_ connection: OpaquePointer) -> Bool {
        guard wantsRead else { return false }
        while chunk.count < Self.chunkSize {
            var row: UnsafeMutablePointer<CChar>?
            let length = PQgetCopyData(connection, &row, 1)
            if length < 0 {
                isCopying = false  // the end or an error: the result behind it tells
                return true
            }
            guard length > 0, let row else {
                deliver()
                return false
            }
            if !isAbandoned { chunk.append(contentsOf: UnsafeRawBufferPointer(start: row, count: Int(length))) }
            PQfreemem(row)
        }
        deliver()
        return isAbandoned
    }

    private func takeResult(_ connection: OpaquePointer) {
        guard let result = PQgetResult(connection) else {
            isOver = true
            if !chunk.isEmpty && error == nil { return deliver() }
            return answer(error.map { .failure($0) } ?? .success(nil))
        }
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COPY_OUT: isCopying = true
        case PGRES_COMMAND_OK: break
        case PGRES_FATAL_ERROR: error = error ?? .server(ServerError(result, step: 0))
        default:
            error = error ?? .unexpectedResult("not a COPY … TO STDOUT")
            stray.begin(PQresultStatus(result), on: connection)
        }
    }

    private func deliver() {
        guard !chunk.isEmpty else { return }
        let bytes = chunk
        chunk = []
        answer(.success(bytes))
    }

    func failed(_ error: PostgresError) {
        self.error = self.error ?? error
        isOver = true
        answer(.failure(error))
    }

    private func answer(_ result: Result<[UInt8]?, PostgresError>) {
        let completion = waiting
        waiting = nil
        completion?(result)
    }
}
