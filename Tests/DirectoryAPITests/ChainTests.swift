import CanonicalJSON
import Testing

/// The order in which those above and below an employee are listed.
@Suite struct ChainTests {
    @Test func `A chain lists nearest first, reports in order of creation, over pages too`() async throws {
        let team = try await Team.make(4)
        for (employee, manager) in [(0, 3), (3, 1), (1, 2)] {
            #expect(try await team.assign(employee, manager).status == 200)
        }
        let path = "/employee/\(team.people[0])/chain"
        #expect(try await team.list(path) == [3, 1, 2])
        let first = try await team.server.get("\(path)?limit=2", as: team.owner)
        #expect(first.ids == [team.people[3], team.people[1]])
        let second = try await team.server.get(try #require(first.nextPath), as: team.owner)
        #expect(second.ids == [team.people[2]])
        #expect(second.nextPath == nil)
        #expect(try await team.list("/employee/by-manager/\(team.people[2])?depth=all") == [0, 1, 3])
    }

    @Test func `Where lines meet again each employee is listed once, at its least distance`() async throws {
        let team = try await Team.make(6)
        // 0 → 5 → 1 and 0 → 4 → 1; 1 → 2; and 0 → 2 at once: 2 is near on one way and far on another.
        for (employee, manager) in [(0, 5), (0, 4), (5, 1), (4, 1), (1, 2), (0, 2), (2, 3)] {
            #expect(try await team.assign(employee, manager).status == 200)
        }
        #expect(try await team.list("/employee/\(team.people[0])/chain") == [2, 4, 5, 1, 3])
        #expect(try await team.list("/employee/by-manager/\(team.people[3])?depth=all") == [0, 1, 2, 4, 5])
        #expect(try await team.list("/employee/by-manager/\(team.people[3])?depth=2") == [0, 1, 2])
    }

    @Test func `A chain lists inactive managers too`() async throws {
        let team = try await Team.make(3)
        _ = try await team.assign(0, 1)
        _ = try await team.assign(1, 2)
        try await team.server.delete("/employee/\(team.people[2])", as: team.owner)
        #expect(try await team.list("/employee/\(team.people[0])/chain") == [1, 2])
        let listed = try await team.server.get("/employee/\(team.people[0])/chain", as: team.owner)
        #expect(listed.elements.map { $0["status"]?["current"]?.string } == ["ACTIVE", "INACTIVE"])
    }
}
