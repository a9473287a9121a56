import EventLog
import EventSourcing
import Postgres
import ReadModels

/// What a node knows of the log: where it left it, and what its view rests on.
struct Knowledge {
    var head: Position
    var headHash: [UInt8]?
    var generation: Int64
    var clock: DatabaseClock

    /// Reads a row of `Appending.head`.
    init(_ row: Row) throws(PostgresError) {
        head = try row.intIfPresent(0) ?? 0
        headHash = try row.bytesIfPresent(1)
        generation = try row.int(3)
        let last = Instant(microseconds: try row.microsecondsIfPresent(2) ?? .min / 2)
        clock = DatabaseClock(Instant(microseconds: try row.microseconds(4)), after: last)
    }

    /// Whether the view that rests on `self` still stands at what was just read.
    func agrees(with read: Knowledge) -> Bool {
        head == read.head && headHash == read.headHash && generation == read.generation
    }

    /// Whether what was just read is a log that lacks something this node knows to have been there.
    func contradicts(_ read: Knowledge) -> Bool {
        read.head < head || (read.head == head && read.headHash != headHash)
    }
}

/// One batch under way: the events so far, and what each caller will be told once they are durable.
struct Transaction<Payload: EventPayload> {
    var batch: Batch
    var receipts: [KeptReceipt] = []
    var answers: [@Sendable () -> Void] = []
    var deciding = Step.decide

    /// How far the command in hand has come; it may have to wait for a load in between.
    enum Step {
        case decide
        case answer(Decided<Payload>, Outcome)
    }

    init(_ knowledge: Knowledge) { batch = Batch(after: knowledge.head, afterHash: knowledge.headHash) }
}
