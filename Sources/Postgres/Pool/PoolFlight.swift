/// What is under way on one connection with one Sync: one request, or a group of point reads.
///
/// Each is answered when its result comes. An error is that of one statement, and the server skips those behind it:
/// whoever has had no answer by the end is sent again.
final class PoolFlight: PipelineUnit {
    let requests: [PoolRequest]
    private let line: PoolQueue.Line
    private let steps: [Step]
    private unowned let core: PoolCore
    /// As it was when it was sent: a copy of a request that was sent before may still bring an error of the old name.
    let needsConfirmedNames: Bool
    /// The first error. Of a group it is nobody's answer, since each is then tried alone.
    private(set) var error: PostgresError?

    /// One statement, for one request or for all of the group that ask for the same.
    private struct Step {
        var requests: [PoolRequest]

        var message: (statement: Statement, parameters: [Parameter]) {
            let statement = requests[0].statement
            guard requests.count > 1, let many = statement.text.many else { return (statement, requests[0].parameters) }
            return (many.statement, many.arrays(requests.lazy.map { $0.parameters }))
        }

        func received(_ rows: Rows) {
            guard requests.count > 1, let many = requests[0].statement.text.many else {
                return requests[0].answer(.success(rows))
            }
            for (request, row) in zip(requests, many.deal(rows, requests.count)) {
                if let row { request.answer(.success(row)) }
            }
        }
    }

    init(_ requests: [PoolRequest], _ line: PoolQueue.Line, _ core: PoolCore) {
        self.requests = requests
        self.line = line
        self.core = core
        needsConfirmedNames = requests.contains { $0.wasReplanned }
        var steps: [Step] = []
        for request in requests {
            // Few statements, and equal ones are mostly the same object.
            if let index = steps.firstIndex(where: { $0.requests[0].statement == request.statement }) {
                steps[index].requests.append(request)
            } else {
                steps.append(Step(requests: [request]))
            }
        }
        self.steps = steps
    }

    var isGroup: Bool { requests.count > 1 }

    /// Whether nobody waits for it any more.
    var isAnswered: Bool { requests.allSatisfy { $0.isAnswered } }

    /// Whether nobody waits for it any more, since it has taken too long.
    func isAbandoned(now: Nanoseconds) -> Bool { isAnswered && requests.contains { $0.deadline <= now } }

    // MARK: PipelineUnit

    var stepCount: Int { steps.count }
    func step(_ index: Int) -> (statement: Statement, parameters: [Parameter]) { steps[index].message }
    func received(_ rows: Rows, step: Int) { steps[step].received(rows) }
    func failed(_ error: PostgresError) { self.error = self.error ?? error }

    func finished(on connection: Connection, now: Nanoseconds) {
        if line == .points { connection.groups -= 1 }
        core.ended(self, on: connection)
    }
}
