import EventSourcing
import FoundationEssentials
import Testing

@testable import CommandProcessor

@Suite struct SideTableTests {
    @Test func `A row is written with the events, and found in the batch, after it and on another node`() async throws {
        let database = try await ClubDatabase.make()
        let id = UUID(), key: [UInt8] = [1, 2, 3]
        try await database.withProcessor { processor in
            _ = try await processor.submit(Join(id: id, name: "Ada"))
            let counts = try await withThrowingTaskGroup(of: Int64.self) { group in
                for _ in 0..<20 { group.addTask { try await processor.submit(CountOnce(id: id, key: key)).count } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(counts) == [1])
            #expect(try await processor.submit(CountOnce(id: id, key: key)).receipt == 2)
        }
        try await database.withProcessor { processor in
            let (count, receipt) = try await processor.submit(CountOnce(id: id, key: key))
            #expect(count == 1 && receipt == 2)
        }
        #expect(try await database.number("select count(*) from log.receipts where position = 2") == 1)
    }

    @Test func `Many rows of a batch are written at once, and one that is there is replaced`() async throws {
        let database = try await ClubDatabase.make()
        let id = UUID()
        try await database.withProcessor { processor in
            _ = try await processor.submit(Join(id: id, name: "Ada"))
            for _ in 0..<2 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for key in 0..<50 as Range<UInt8> {
                        group.addTask { _ = try await processor.submit(CountOnce(id: id, key: [key])) }
                    }
                    try await group.waitForAll()
                }
                // Of another time, so that nothing remembers it.
                try await database.query("update log.receipts set position = 0 where digest = '\\x07'")
            }
            let (count, receipt) = try await processor.submit(CountOnce(id: id, key: [7]))
            #expect(count == 50 && receipt == 0)
        }
        #expect(try await database.number("select count(*) from log.receipts") == 50)
        #expect(try await database.number("select count(distinct position) from log.receipts") == 50)
    }

    @Test func `A row is removed with the events, and gone for the rest of the batch`() async throws {
        let database = try await ClubDatabase.make()
        let id = UUID()
        try await database.withProcessor { processor in
            _ = try await processor.submit(Join(id: id, name: "Ada"))
            _ = try await processor.submit(CountOnce(id: id, key: [1]))
            try await processor.submit(Forget(id: id, key: [1]))
            #expect(try await database.number("select count(*) from log.receipts") == 0)
            #expect(try await processor.submit(CountOnce(id: id, key: [1])).receipt == 4)
        }
    }

    @Test func `A command that appends nothing writes nothing`() async throws {
        let database = try await ClubDatabase.make()
        let id = UUID()
        try await database.withProcessor { processor in
            _ = try await processor.submit(Join(id: id, name: "Ada"))
            await #expect(throws: Refused.unknown) { try await processor.submit(CountOnce(id: UUID(), key: [9])) }
            _ = try await processor.submit(CountOnce(id: id, key: [1]))
            #expect(try await processor.submit(CountOnce(id: id, key: [1])).receipt == 2)
        }
        #expect(try await database.number("select max(position) from log.receipts") == 2)
        #expect(try await database.number("select count(*) from log.receipts") == 1)
    }
}
