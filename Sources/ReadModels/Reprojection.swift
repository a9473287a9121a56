import EventLog
import EventSourcing
import FoundationEssentials
import Postgres

/// Projects a stream again from what is left of it, after its texts have been taken out of the log.
///
/// Every row that was made from the stream, current and past, is deleted, and its events are folded again by the fold that commands
/// and rebuilds use. So what is left is what a rebuild makes, whenever that runs.
struct Reprojection<Payload: EventPayload> {
    /// How many events are folded at a time.
    private static var pageSize: Int { 1_000 }
    /// How long a statement may take: a stream may have any number of events.
    static var deadline: Duration { .seconds(600) }

    /// The models whose rows are made from streams that can be erased.
    private let models: ReadModels<Payload>

    /// - Parameter models: those of which some may be such models, in the tables that are to be changed.
    init(_ models: [any ReadModel<Payload>]) {
        self.models = ReadModels(models.filter(\.canBeErased))
    }

    /// Projects a stream again, up to a position, in the transaction of the session.
    func run(of stream: UUID, through position: Position, _ session: PostgresSession) async throws {
        guard !models.models.isEmpty else { return }
        _ = try await session.send(models.models.flatMap { $0.deletions(erasing: stream) }, deadline: Self.deadline)
        let fold = RangeFold(models, cacheBudget: .max)
        var done: Position = 0
        while true {
            let (statement, parameters) = Replaying.page(
                of: stream, after: done, through: position, limit: Self.pageSize)
            let events: [Event<Payload>] = try Replaying.events(try await session.query(statement, parameters))
            guard let last = events.last else { return }
            let writes = fold.fold(events)()
            if !writes.isEmpty { _ = try await session.send(writes) }
            done = last.position
        }
    }

    /// Projects again all streams that were erased after a position, so that the rows up to `head` are those that a rebuild would
    /// make of the log as it is now.
    func run(erasedAfter position: Position, through head: Position, _ session: PostgresSession) async throws {
        for erasure in try await session.select(Erasures.after, position) {
            try await run(of: erasure.stream, through: head, session)
        }
    }
}

extension ReadModels {
    /// Erases streams, in the transaction that has appended the events which do so and written all rows: their texts in the log, what
    /// is kept of them alongside it, and the rows that were made from them.
    ///
    /// What a view holds of these streams is not what the tables have from then on.
    public func carryOut(_ erasures: [Erasure], in session: PostgresSession) async throws {
        for erasure in erasures {
            _ = try await session.send(
                forgetting(erasure) + [erasure.removal], deadline: Reprojection<Payload>.deadline)
            try await Reprojection(models).run(of: erasure.stream, through: .max, session)
        }
    }

    private func forgetting(_ erasure: Erasure) -> [(Statement, [Parameter])] {
        sideTables.flatMap { $0.forgetting }.map { text in
            let query = Query<Erasure> { parameters in
                text({ parameters.uuid { $0.stream } }, { parameters.int { $0.position } })
            }
            return (query.statement, query.parameters(erasure))
        }
    }
}
