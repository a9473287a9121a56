/// What is under way on one connection with one Sync: one request, or a group of point reads.
///
/// Each request is answered when its result comes. An error belongs to one statement, and the server skips those after
/// it: requests that have no answer at the end are sent again.
final class PoolBatch: PipelineUnit {
    private let steps: [Step]
    private let connection: Int
    private unowned let core: PoolCore
    /// The first error. That of a group answers no request, since each is then tried alone.
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

    /// A batch for the connection with this number in the pool's state.
    init(_ requests: [PoolRequest], connection: Int, _ core: PoolCore) {
        self.connection = connection
        self.core = core
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

    // MARK: PipelineUnit

    var stepCount: Int { steps.count }
    func step(_ index: Int) -> (statement: Statement, parameters: [Parameter]) { steps[index].message }
    func received(_ rows: Rows, step: Int) { steps[step].received(rows) }
    func failed(_ error: PostgresError) { self.error = self.error ?? error }
    func finished(on connection: Connection, now: Nanoseconds) { core.ended(self.connection, error, now: now) }
}
