/// A series of statements with a Sync behind them, and what becomes of them. Called on the loop's thread only.
protocol PipelineUnit: AnyObject {
    var stepCount: Int { get }
    /// Whether a statement whose preparation is under way may be used, or would be too risky.
    var needsConfirmedNames: Bool { get }
    func step(_ index: Int) -> (statement: Statement, parameters: [Parameter])
    func received(_ rows: Rows, step: Int)
    func failed(_ error: PostgresError)
    /// The Sync has arrived: all results are there.
    func finished(on connection: Connection, now: Nanoseconds)
}

/// A unit that keeps its rows and hands them over at the end; its first error wins.
final class CollectingUnit: PipelineUnit {
    private let steps: [(Statement, [Parameter])]
    private var rows: [Rows] = []
    private var error: PostgresError?
    private var completion: ((Result<[Rows], PostgresError>) -> Void)?
    let needsConfirmedNames = false

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

    /// Answers, once, whatever comes later.
    func end(_ result: Result<[Rows], PostgresError>) {
        completion?(result)
        completion = nil
    }
}
