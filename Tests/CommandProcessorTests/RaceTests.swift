import EventSourcing
import FoundationEssentials
import Postgres
import Testing

@testable import CommandProcessor

/// Two processors on one database, which is two nodes as far as the database can tell.
@Suite struct RaceTests {
    @Test func `Of two nodes that claim a name one gets it`() async throws {
        let database = try await ClubDatabase.make()
        try await database.withProcessor { one in
            try await database.withProcessor { two in
                for round in 0..<30 {
                    // In both orders: the node that is asked first changes with the round.
                    let (first, second) = round % 2 == 0 ? (one, two) : (two, one)
                    async let a: Position = first.submit(Join(id: UUID(), name: "name \(round)"))
                    async let b: Position = second.submit(Join(id: UUID(), name: "name \(round)"))
                    var won = 0
                    do {
                        _ = try await a
                        won += 1
                    } catch { #expect(error as? Refused == .nameTaken) }
                    do {
                        _ = try await b
                        won += 1
                    } catch { #expect(error as? Refused == .nameTaken) }
                    #expect(won == 1)
                }
            }
        }
        #expect(try await database.number("select count(*) from members_v1.current") == 30)
        #expect(try await database.differences() == [])
    }

    @Test func `Two nodes together never remove the last chair`() async throws {
        let database = try await ClubDatabase.make()
        try await database.withProcessor { one in
            try await database.withProcessor { two in
                for round in 0..<20 {
                    let chairs = [UUID(), UUID()]
                    for (index, id) in chairs.enumerated() {
                        _ = try await one.submit(Join(id: id, name: "c\(round) \(index)", chair: true))
                    }
                    let (first, second) = round % 2 == 0 ? (one, two) : (two, one)
                    let left = await withTaskGroup(of: Bool.self) { group in
                        group.addTask { (try? await first.submit(LeaveChair(id: chairs[0]))) != nil }
                        group.addTask { (try? await second.submit(LeaveChair(id: chairs[1]))) != nil }
                        return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                    }
                    #expect(left == 1)
                    let rest = try await database.query("select id from members_v1.current where chair")
                    #expect(rest.count == 1)
                    _ = try await two.submit(Leave(id: try rest[0].uuid(0)))
                }
            }
        }
        #expect(try await database.differences() == [])
    }

    /// A model without concurrency carries out the log one by one, refuses nothing and ends with the same rows.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `What two nodes do at once is as if done one by one`(seed: UInt64) async throws {
        let database = try await ClubDatabase.make()
        try await database.withProcessor { one in
            try await database.withProcessor(.init(cacheBudget: 2000)) { two in
                async let a: Void = randomWork(one, seed: seed, clients: 8)
                async let b: Void = randomWork(two, seed: seed + 100, clients: 8)
                _ = try await (a, b)
            }
        }
        #expect(try await database.differences() == [])
        let rows = try await database.query(
            "select type, stream, related, sealed ->> 'name', data ->> 'to', data ->> 'chair' from log.events order by position"
        )
        var names: [UUID: String] = [:], counts: [UUID: Int64] = [:], chairs: Set<UUID> = []
        var badges: Set<[UUID]> = []
        for row in rows {
            let id = try row.uuid(1), related = try row.uuidIfPresent(2) ?? id, name = try row.textIfPresent(3) ?? ""
            switch try row.text(0) {
            case "member.joined":
                #expect(names[id] == nil && !names.values.contains(name))
                names[id] = name
                counts[id] = 0
                let isChair = try row.textIfPresent(5) == "true"
                if isChair { chairs.insert(id) }
            case "member.renamed":
                #expect(names[id] != nil && !names.values.contains(name))
                names[id] = name
            case "member.counted":
                counts[id, default: 0] += 1
                let to = try row.text(4)
                #expect(to == "\(counts[id] ?? -1)")
            case "member.chair_left":
                #expect(chairs.count > 1)
                #expect(chairs.remove(id) != nil)
            case "member.left":
                #expect(names.removeValue(forKey: id) != nil)
                #expect(!badges.contains { $0[0] == id })
                chairs.remove(id)
            case "member.badged": #expect(badges.insert([id, related]).inserted)
            default: #expect(badges.remove([id, related]) != nil)
            }
        }
    }
}
