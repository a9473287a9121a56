/// One read that a caller waits for.
///
/// Unchecked, since its caller makes it and hands it to the pool's inbox, and from then on only the loop's thread
/// touches it. It is in one place at a time: in the inbox, in the queue, or under way on one connection.
final class PoolRequest: @unchecked Sendable {
    typealias Completion = (Result<Rows, PostgresError>) -> Void

    let statement: Statement
    let parameters: [Parameter]
    let deadline: Nanoseconds
    private var completion: Completion?

    /// Whether the loop has taken it from the inbox.
    private var isTaken = false
    private var isCancelled = false
    /// Whether its caller stopped waiting before there was a result.
    private(set) var isAbandoned = false
    /// Whether it failed in a group, and so is sent by itself from now on.
    var isAlone = false
    /// Whether it was under way on a connection that was lost.
    var wasLost = false
    /// Whether it failed because its plan had become invalid.
    var wasReplanned = false

    init(_ statement: Statement, _ parameters: [Parameter], deadline: Nanoseconds) {
        self.statement = statement
        self.parameters = parameters
        self.deadline = deadline
    }

    /// Called once, before the request is handed to the inbox.
    func onAnswer(_ completion: @escaping Completion) { self.completion = completion }

    var isAnswered: Bool { completion == nil }

    /// Whether it may share a Sync, and a statement, with others.
    var joinsGroups: Bool { statement.isPointRead && !isAlone }

    /// The loop has taken it from the inbox.
    func take() {
        isTaken = true
        if isCancelled { abandon(.cancelled) }
    }

    /// Its caller's task was cancelled, possibly before the request reached the inbox.
    func cancel() {
        isCancelled = true
        if isTaken { abandon(.cancelled) }
    }

    func expire(now: Nanoseconds) {
        if deadline <= now { abandon(.deadlineExceeded) }
    }

    private func abandon(_ error: PostgresError) {
        if isAnswered { return }
        isAbandoned = true
        answer(.failure(error))
    }

    /// Only the first answer counts.
    func answer(_ result: Result<Rows, PostgresError>) {
        let completion = completion
        self.completion = nil
        completion?(result)
    }
}
