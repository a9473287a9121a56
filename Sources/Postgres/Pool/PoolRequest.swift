/// One read that somebody waits for.
///
/// Unchecked, since it is made by its caller, handed over once, and from then on touched on the loop's thread alone.
final class PoolRequest: @unchecked Sendable {
    typealias Continuation = UnsafeContinuation<Result<Rows, PostgresError>, Never>

    let statement: Statement
    let parameters: [Parameter]
    let deadline: Nanoseconds
    private var continuation: Continuation?

    /// On how many connections it is under way: two while it is sent once more around a slow neighbour.
    var copies = 0
    /// Whether it stands in the queue of those to be sent.
    var isQueued = false
    /// Whether it has been sent once more.
    var isHedged = false
    /// Whether it was under way on a connection that was lost.
    var wasLost = false
    /// Whether it failed for a plan that had become invalid.
    var wasReplanned = false
    /// The connection it was sent on last.
    weak var connection: Connection?

    init(_ statement: Statement, _ parameters: [Parameter], deadline: Nanoseconds, _ continuation: Continuation) {
        self.statement = statement
        self.parameters = parameters
        self.deadline = deadline
        self.continuation = continuation
    }

    var isAnswered: Bool { continuation == nil }

    /// The first answer wins.
    func answer(_ result: Result<Rows, PostgresError>) {
        continuation?.resume(returning: result)
        continuation = nil
    }
}

/// A request under way on one connection.
final class PoolFlight: PipelineUnit {
    let request: PoolRequest
    private unowned let core: PoolCore
    private var rows: Rows?
    private(set) var error: PostgresError?

    init(_ request: PoolRequest, _ core: PoolCore) {
        self.request = request
        self.core = core
    }

    var stepCount: Int { 1 }
    var needsConfirmedNames: Bool { request.wasReplanned }
    func step(_ index: Int) -> (statement: Statement, parameters: [Parameter]) {
        (request.statement, request.parameters)
    }
    func received(_ rows: Rows, step: Int) { self.rows = rows }
    func failed(_ error: PostgresError) { self.error = self.error ?? error }

    func finished(on connection: Connection, now: Nanoseconds) {
        core.ended(self, on: connection)
    }

    var result: Result<Rows, PostgresError> {
        if let error { return .failure(error) }
        return rows.map { .success($0) } ?? .failure(.unexpectedResult("a statement without a result"))
    }
}
