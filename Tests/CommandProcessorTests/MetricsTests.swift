import EventSourcing
import FoundationEssentials
import Instruments
import Testing

@testable import CommandProcessor

/// What a command processor counts of its work.
@Suite struct MetricsTests {
    private func value(_ histogram: Histogram, _ suffix: String) -> Double? {
        histogram.samples().first { $0.suffix == suffix }?.value
    }

    @Test func `Batches, commits, events and what was in memory are counted`() async throws {
        let database = try await ClubDatabase.make()
        try await database.withProcessor { processor in
            let metrics = processor.metrics
            let id = UUID()
            _ = try await processor.submit(Join(id: id, name: "Ada"))
            #expect(metrics.rows.hits.value == 0 && metrics.rows.misses.value == 1)
            for _ in 0..<3 { _ = try await processor.submit(Count(id: id)) }
            #expect(metrics.rows.hits.value == 3 && metrics.rows.misses.value == 1)
            await #expect(throws: Refused.nameTaken) { try await processor.submit(Join(id: UUID(), name: "Ada")) }
            #expect(metrics.events.value == 4)
            #expect(value(metrics.batchSizes, "_count") == 5 && value(metrics.batchSizes, "_sum") == 5)
            #expect(value(metrics.commits, "_count") == 5)
            #expect(processor.queueLength == 0)
        }
    }

    @Test(.timeLimit(.minutes(10))) func `Commands that wait for a batch to end are the queue`() async throws {
        let database = try await ClubDatabase.make()
        try await database.withProcessor { processor in
            _ = try await processor.submit(Join(id: UUID(), name: "first"))
            let holder = try await database.session()
            try await holder.execute(script: "begin; select log.lock()")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try await processor.submit(Join(id: UUID(), name: "second")) }
                while value(processor.metrics.batchSizes, "_sum") != 2 { try await Task.sleep(for: .milliseconds(5)) }
                #expect(processor.queueLength == 0)
                for index in 0..<3 {
                    group.addTask { _ = try await processor.submit(Join(id: UUID(), name: "later \(index)")) }
                }
                while processor.queueLength != 3 { try await Task.sleep(for: .milliseconds(5)) }
                #expect(value(processor.metrics.commits, "_count") == 1)
                try await holder.execute(script: "rollback")
                try await group.waitForAll()
            }
            #expect(processor.queueLength == 0)
            // The three were one batch.
            #expect(value(processor.metrics.batchSizes, "_count") == 3)
            #expect(value(processor.metrics.batchSizes, "_sum") == 5)
            await holder.close()
        }
    }
}
