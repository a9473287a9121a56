import EventLog
import EventSourcing
import Postgres

/// One batch under way: the events so far, and what each caller will be told once they are durable.
struct Transaction<Payload: EventPayload> {
    var batch: Batch
    var answers: [@Sendable () -> Void] = []
    /// What its events erase. The command that erases something is its last.
    var erasures: [Erasure] = []
    var deciding = Step.decide
    private var requested: Set<Load> = []

    /// How far the command in hand has come; it may have to wait for a load in between.
    enum Step {
        case decide
        case fold(Decided<Payload>, at: Instant)
        case respond(Decided<Payload>, Outcome)
    }

    /// How often the batch has looked ahead at what later commands will read: rows first, then what those lead to.
    private var looks = 0

    init(after head: LogHead) { batch = Batch(after: head.position, afterHash: head.hash) }

    /// Whether it is worth another look at what the commands ahead will read.
    mutating func looksAhead() -> Bool {
        looks += 1
        return looks <= 4
    }

    /// Those that have not been asked for in this batch: no walk is made twice because another command misses a row.
    mutating func unrequested(_ loads: [Load]) -> [Load] { loads.filter { requested.insert($0).inserted } }
}

/// This append takes no further events: the command is the first of the next.
struct BatchFull: Error {}

/// A batch was sent and its connection lost, and none could be re-established in time to see what became of it.
struct OutcomeUnknown: Error {}

/// The server refused a batch that was sent for the second time, with the lock in hand: so it has not been written.
struct RefusedAgain: Error {
    let error: PostgresError
}
