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
    /// How often it has been sent once more around a slow neighbour.
    var hedges = 0
    /// Whether it is itself the slow one.
    private var isSlow = false
    /// Whether it failed, or may have been slow, in a group, and so gets a Sync of its own from now on.
    var travelsAlone = false
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

    /// Whether it may be sent once more around a slow one. What is not a point read is too dear to be run many times.
    var mayBypass: Bool { !isSlow && hedges < (statement.isPointRead ? PoolLimits.hedges : 1) }

    /// It was found to be slow by itself: sent once more, it would be slow there too.
    func forbidBypass() { isSlow = true }

    /// Whether it may share a Sync, and a statement, with others.
    var joinsGroups: Bool { statement.isPointRead && !travelsAlone }

    /// The first answer wins.
    func answer(_ result: Result<Rows, PostgresError>) {
        continuation?.resume(returning: result)
        continuation = nil
    }
}
