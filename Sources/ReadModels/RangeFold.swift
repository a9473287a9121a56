import EventLog
import EventSourcing
import Postgres

/// Folds ranges of events into tables, by the same fold and the same statements as a command's.
struct RangeFold<Payload: EventPayload> {
    /// The models, in the tables that are filled.
    let models: ReadModels<Payload>
    /// Bytes that cached rows may take, roughly.
    let cacheBudget: Int
    private let view = View()

    init(_ models: ReadModels<Payload>, cacheBudget: Int) {
        self.models = models
        self.cacheBudget = cacheBudget
    }

    /// What must be read from the tables before these events can be folded: nothing, as long as every row is in the cache.
    func reads(for events: [Event<Payload>]) -> [Read] {
        guard view.hasForgotten else { return [] }
        let loads = models.loads(for: events.map(\.payload), in: view)
        return loads.isEmpty ? [] : models.reads(loads)
    }

    /// Takes what was read.
    func insert(_ rows: [Rows], of reads: [Read]) throws {
        for (read, rows) in zip(reads, rows) { try read.insert(rows, into: view) }
    }

    /// Folds the events and gives what makes the statements that write what they changed: a work of its own, which another
    /// task does while the next range is folded.
    func fold(_ events: [Event<Payload>]) -> @Sendable () -> [(Statement, [Parameter])] {
        for event in events { models.apply(event, in: view) }
        let writes = models.laterWrites(from: view)
        view.endBatch(budget: cacheBudget)
        return writes
    }
}
