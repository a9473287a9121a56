import DequeModule

/// The bookkeeping of one connection's pipeline: what was sent, in order, and so what each result that arrives means.
///
/// A value without I/O: the connection tells it what it sent and what came, and does what it answers. A *unit* is a
/// series of statements up to a Sync; its statements are *steps*, from 0.
struct PipelineState {
    private enum Sent {
        case prepare(Statement, number: Int)
        case execute(Statement, number: Int)
        /// A statement without a name, whose result is of no interest.
        case once
        case sync
    }

    /// What `PQgetResult` brought.
    enum Arrival {
        /// A result of a statement that succeeded.
        case success
        /// An error; `invalidatesPlan` if it says that the prepared statement has become useless.
        case failure(invalidatesPlan: Bool)
        /// The statement was skipped, since one before it failed.
        case aborted
        /// The NULL after a statement's results.
        case end
        case sync
    }

    enum Action: Equatable {
        case nothing
        /// The result holds the rows of this step of the first unit.
        case deliver(step: Int)
        /// The error belongs to this step of the first unit, or to none if it came at the Sync.
        case fail(step: Int?)
        /// As `fail`, and the statement of this number should be deallocated.
        case failAndDeallocate(step: Int, number: Int)
        /// The first unit has ended.
        case finishUnit
        /// The server broke the protocol, or we did.
        case violation
    }

    private var sent = Deque<Sent>()
    /// The number by which each statement is prepared on this connection, or is being prepared.
    private var names: [Statement: Int] = [:]
    private var lastNumber = 0
    private var step = 0
    private var sawResult = false

    /// Whether results are still to come.
    var isEmpty: Bool { sent.isEmpty }

    /// The statement is to be executed: by which number, and whether it has to be prepared under it first.
    mutating func willExecute(_ statement: Statement) -> (number: Int, prepare: Bool) {
        if let number = names[statement] {
            sent.append(.execute(statement, number: number))
            return (number, false)
        }
        lastNumber += 1
        names[statement] = lastNumber
        sent.append(.prepare(statement, number: lastNumber))
        sent.append(.execute(statement, number: lastNumber))
        return (lastNumber, true)
    }

    mutating func willRunOnce() {
        sent.append(.once)
    }

    mutating func willSync() {
        sent.append(.sync)
    }

    mutating func received(_ arrival: Arrival) -> Action {
        guard let head = sent.first else { return .violation }
        switch head {
        case .prepare(let statement, let number): return preparing(statement, number, arrival)
        case .execute(let statement, let number): return executing(statement, number, arrival)
        case .once: return runningOnce(arrival)
        case .sync: return syncing(arrival)
        }
    }

    private mutating func runningOnce(_ arrival: Arrival) -> Action {
        switch arrival {
        case .success, .failure, .aborted:
            sawResult = true
            return .nothing
        case .end: return advance()
        case .sync: return .violation
        }
    }

    private mutating func preparing(_ statement: Statement, _ number: Int, _ arrival: Arrival) -> Action {
        switch arrival {
        case .success:
            sawResult = true
            return .nothing
        case .failure:
            sawResult = true
            forget(statement, number)
            return .fail(step: step)
        case .aborted:
            sawResult = true
            forget(statement, number)
            return .nothing
        case .end:
            return advance()
        case .sync:
            return .violation
        }
    }

    private mutating func executing(_ statement: Statement, _ number: Int, _ arrival: Arrival) -> Action {
        switch arrival {
        case .success:
            sawResult = true
            return .deliver(step: step)
        case .failure(let invalidatesPlan):
            sawResult = true
            guard invalidatesPlan else { return .fail(step: step) }
            forget(statement, number)
            return .failAndDeallocate(step: step, number: number)
        case .aborted:
            sawResult = true
            return .nothing
        case .end:
            let action = advance()
            if action == .nothing { step += 1 }
            return action
        case .sync:
            return .violation
        }
    }

    private mutating func syncing(_ arrival: Arrival) -> Action {
        switch arrival {
        case .failure:  // of the commit that the Sync implies
            sawResult = true
            return .fail(step: nil)
        case .end:
            // After that error only: libpq repeats NULL for ever when the connection is gone.
            guard sawResult else { return .violation }
            sawResult = false
            return .nothing
        case .sync:
            _ = sent.popFirst()
            step = 0
            sawResult = false
            return .finishUnit
        case .success, .aborted: return .violation
        }
    }

    /// To the next that was sent. A NULL before any result would mean that libpq has nothing more for us.
    private mutating func advance() -> Action {
        guard sawResult else { return .violation }
        sawResult = false
        _ = sent.popFirst()
        return .nothing
    }

    /// Unless it has been prepared again in the meantime.
    private mutating func forget(_ statement: Statement, _ number: Int) {
        if names[statement] == number { names[statement] = nil }
    }
}
