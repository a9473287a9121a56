/// What is under way on one connection with one Sync: one request, or a group of brief ones.
///
/// Each is answered when its result comes. An error is that of one of them, and the server skips those behind it: whoever
/// has had no answer by the end is sent again.
final class PoolFlight: PipelineUnit {
    let requests: [PoolRequest]
    private unowned let core: PoolCore
    /// As it was when it was sent: a copy of a request that was sent before may still bring an error of the old name.
    let needsConfirmedNames: Bool
    private var error: PostgresError?

    init(_ requests: [PoolRequest], _ core: PoolCore) {
        self.requests = requests
        self.core = core
        needsConfirmedNames = requests.contains { $0.wasReplanned }
    }

    var isGroup: Bool { requests.count > 1 }

    /// Whether nobody waits for it any more.
    var isAnswered: Bool { requests.allSatisfy { $0.isAnswered } }

    /// Whether nobody waits for it any more, since it has taken too long.
    func isAbandoned(now: Nanoseconds) -> Bool { isAnswered && requests.contains { $0.deadline <= now } }

    /// The error that is the answer to one of the requests.
    func error(of index: Int) -> PostgresError? {
        switch error {
        case .server(var error)?:
            guard error.statementIndex ?? index == index else { return nil }
            // Its place in the group is nothing to the caller.
            if error.statementIndex != nil { error.statementIndex = 0 }
            return .server(error)
        case let error: return isGroup ? nil : error
        }
    }

    // MARK: PipelineUnit

    var stepCount: Int { requests.count }
    func step(_ index: Int) -> (statement: Statement, parameters: [Parameter]) {
        (requests[index].statement, requests[index].parameters)
    }
    func received(_ rows: Rows, step: Int) { requests[step].answer(.success(rows)) }
    func failed(_ error: PostgresError) { self.error = self.error ?? error }

    func finished(on connection: Connection, now: Nanoseconds) {
        core.ended(self, on: connection)
    }
}
