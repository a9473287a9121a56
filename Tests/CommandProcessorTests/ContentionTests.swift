import EventSourcing
import FoundationEssentials
import TestSupport
import Testing

@testable import CommandProcessor

@Suite struct ContentionTests {
    @Test func `Sixty-four clients lose no change of one entity`() async throws {
        let database = try await ClubDatabase.make()
        let counts = try await database.withProcessor { processor in
            let id = UUID()
            _ = try await processor.submit(Join(id: id, name: "Ada"))
            return try await withThrowingTaskGroup(of: [Int64].self) { group in
                for _ in 0..<64 {
                    group.addTask {
                        var counts: [Int64] = []
                        for _ in 0..<20 { counts.append(try await processor.submit(Count(id: id)).count) }
                        return counts
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
        }
        #expect(counts.sorted() == Array(1...1280))
        #expect(try await database.differences() == [])
        #expect(try await database.number("select count(*) from log.events") == 1281)
        // A read-only head and a batch for each: group commit has made fewer transactions than commands.
        #expect(try await database.number("select count(*) - count(distinct xmin::text) from log.events") > 0)
    }

    @Test func `A refused command leaves no trace and does not affect its batch`() async throws {
        let database = try await ClubDatabase.make()
        try await database.withProcessor { processor in
            _ = try await processor.submit(Join(id: UUID(), name: "taken", chair: true))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<100 {
                    group.addTask {
                        if index % 2 == 0 {
                            await #expect(throws: Refused.nameTaken) {
                                try await processor.submit(Join(id: UUID(), name: "taken"))
                            }
                        } else {
                            _ = try await processor.submit(Join(id: UUID(), name: "name \(index)"))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        #expect(try await database.number("select count(*) from log.events") == 51)
        #expect(try await database.differences() == [])
    }

    @Test func `Every command sees what the commands before it left`() async throws {
        let database = try await ClubDatabase.make()
        try await database.withProcessor { processor in
            // All in few batches: joining, renaming, and taking the name that was let go.
            let ids = (0..<40).map { _ in UUID() }
            for (index, id) in ids.enumerated() { _ = try await processor.submit(Join(id: id, name: "n\(index)")) }
            let won = Tally<Int>()
            await withTaskGroup(of: Void.self) { group in
                for (index, id) in ids.enumerated() {
                    group.addTask {
                        if (try? await processor.submit(Rename(id: id, name: "the one"))) != nil { won.add(index) }
                    }
                }
            }
            #expect(won.values.count == 1)
            let winner = ids[try #require(won.values.first)]
            _ = try await processor.submit(Leave(id: winner))
            let again = try await processor.submit(Rename(id: ids[(won.values[0] + 1) % 40], name: "the one"))
            #expect(again.name == "the one")
            await #expect(throws: Refused.unknown) { try await processor.submit(Rename(id: winner, name: "x")) }
        }
        #expect(try await database.differences() == [])
    }

    @Test func `A batch of too many events becomes several appends`() async throws {
        let database = try await ClubDatabase.make()
        try await database.withProcessor { processor in
            let id = UUID()
            _ = try await processor.submit(Join(id: id, name: "Flo"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 { group.addTask { _ = try await processor.submit(Flood(id: id, count: 4_000)) } }
                try await group.waitForAll()
            }
            await #expect(throws: ProcessorError.self) { try await processor.submit(Flood(id: id, count: 10_001)) }
            #expect(try await processor.submit(Count(id: id)).count == 24_001)
        }
        #expect(
            try await database.number("select max(n) from (select count(*) n from log.events group by xmin::text) t")
                <= 10_000)
        #expect(try await database.differences() == [])
    }

    @Test func `A cache that is far too small changes no result`() async throws {
        let database = try await ClubDatabase.make()
        var options = CommandProcessor<ClubEvent>.Options()
        options.cacheBudget = 1000
        options.batchLimit = 7
        try await database.withProcessor(options) { processor in try await randomWork(processor, seed: 1) }
        #expect(try await database.differences() == [])
    }
}

/// Many clients do random things to few members.
func randomWork(_ processor: CommandProcessor<ClubEvent>, seed: UInt64, clients: Int = 16, each: Int = 40) async throws
{
    let ids = (0..<10).map { UUID(high: 1, low: UInt64($0)) }
    let badges = (0..<3).map { UUID(high: 2, low: UInt64($0)) }
    await withTaskGroup(of: Void.self) { group in
        for client in 0..<clients {
            group.addTask {
                var random = SeededGenerator(seed &* 1000 &+ UInt64(client))
                for _ in 0..<each {
                    let id = ids.randomElement(using: &random) ?? UUID(),
                        name = "n\(Int.random(in: 0..<12, using: &random))"
                    switch Int.random(in: 0..<8, using: &random) {
                    case 0: _ = try? await processor.submit(Join(id: UUID(), name: name))
                    case 1: _ = try? await processor.submit(Rename(id: id, name: name))
                    case 2: _ = try? await processor.submit(Leave(id: id))
                    case 3:
                        _ = try? await processor.submit(
                            JoinOnce(id: id, name: name, chair: Bool.random(using: &random)))
                    case 4, 5:
                        _ = try? await processor.submit(
                            Toggle(id: id, badge: badges[Int.random(in: 0..<3, using: &random)]))
                    case 6: _ = try? await processor.submit(LeaveChair(id: id))
                    default: _ = try? await processor.submit(Count(id: id))
                    }
                }
            }
        }
    }
}

/// Joins under the caller's id, unless it exists: the creation event of an id must come before all its others.
struct JoinOnce: ClubCommand {
    let id: UUID, name: String, chair: Bool
    var loads: [Load] { [.row(Members.self, id)] }

    func happens(_ view: View) throws -> [ClubEvent] {
        guard try view.row(Members.self, id) == nil else { throw Refused.nothing }
        guard try view.keys(Members.byName, [.text(name)]).isEmpty else { throw Refused.nameTaken }
        return [.joined(id, name: name, chair: chair)]
    }

    func respond(_ view: View, _ outcome: Outcome, _: Bool) throws -> Position { outcome.last }
}
