/// A unit that keeps its rows and hands them over at the end; if there were errors, the first of them.
final class CollectingUnit: PipelineUnit {
    private let steps: [(Statement, [Parameter])]
    private var rows: [Rows] = []
    private var error: PostgresError?
    private var completion: ((Result<[Rows], PostgresError>) -> Void)?

    init(_ steps: [(Statement, [Parameter])], completion: @escaping (Result<[Rows], PostgresError>) -> Void) {
        self.steps = steps
        self.completion = completion
        rows.reserveCapacity(steps.count)
    }

    var stepCount: Int { steps.count }

    func step(_ index: Int) -> (statement: Statement, parameters: [Parameter]) { steps[index] }

    func received(_ rows: Rows, step: Int) { self.rows.append(rows) }

    func failed(_ error: PostgresError) { self.error = self.error ?? error }

    func finished(on connection: Connection, now: Nanoseconds) {
        if let error {
            end(.failure(error))
        } else if rows.count == steps.count {
            end(.success(rows))
        } else {
            end(.failure(.unexpectedResult("\(rows.count) results of \(steps.count) statements")))
        }
    }

    /// Answers; later calls do nothing.
    func end(_ result: Result<[Rows], PostgresError>) {
        completion?(result)
        completion = nil
    }
}
