import EventLog
import EventSourcing
import Postgres

extension Rebuild {
    /// Replays the log into tables of its own, compares them with those that serve, and drops them: what serves is not
    /// touched, and may go on to change.
    /// - Parameter rangeSize: how many events are folded in one transaction.
    public func verify(
        rangeSize: Int = Self.usualRangeSize, progress: @Sendable (RebuildProgress) -> Void = { _ in }
    ) async throws -> RebuildReport {
        let start = ContinuousClock.now
        return try await withWriter { writer in
            let models = readModels.models
            let building = models.map { $0.inSchema("\($0.schema)_rebuild") }
            return try await withSession { reader in
                try await begin(building, for: models, writer)
                let known = try await reader.selectOne(EventLog.lastPosition)
                var pump = pump(building, reader: reader, writer: writer, rangeSize: rangeSize)
                try await pump.drain(progress)
                let head = pump.done
                let tables = try await comparing(building, erasedAfter: known, through: head, reader) {
                    var tables: [RebuildReport.Table] = []
                    for (model, replayed) in zip(models, building) {
                        // The replayed tables have what the served ones had at that position.
                        tables += try await Comparison(
                            schema: model.schema, old: replayed.schema, name: model.name, columns: model.columns,
                            head: head
                        ).run(reader)
                    }
                    return tables
                }
                for model in building { try await writer.execute(script: "drop schema \(model.schema) cascade") }
                return RebuildReport(
                    events: Int(head), head: head, tables: tables, duration: ContinuousClock.now - start)
            }
        }
    }
}
