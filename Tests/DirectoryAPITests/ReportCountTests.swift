import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import Testing

@testable import DirectoryAPI

/// `GET /employee/by-manager/{managerId}/counts`.
@Suite struct ReportCountTests {
    /// What it shows of each direct report, by its number in a team.
    private func counts(_ team: Team, _ manager: Int, _ query: String = "") async throws -> [[Int]] {
        let shown = try await team.server.get(
            "/employee/by-manager/\(team.people[manager])/counts\(query)", as: team.owner)
        return shown.elements.map { element in
            let person = team.people.firstIndex { $0 == element["employee"]?.string } ?? -1
            return [person] + ["direct", "all"].map { Int(element[$0]?.integer ?? -1) }
        }
    }

    @Test func `Each direct report is counted below, over lines of one type`() async throws {
        let team = try await Team.make(7)
        for (person, manager) in [(1, 0), (2, 0), (3, 1), (4, 1), (5, 3)] {
            #expect(try await team.assign(person, manager).status == 200)
        }
        #expect(try await team.assign(6, 2, "DOTTED").status == 200)
        #expect(try await team.assign(2, 6, "OTHER").status == 200)
        #expect(try await counts(team, 0) == [[1, 2, 3], [2, 0, 0]])
        #expect(try await counts(team, 1) == [[3, 1, 1], [4, 0, 0]])
        #expect(try await counts(team, 5) == [])
        #expect(try await counts(team, 2, "?type=DOTTED") == [[6, 0, 0]])
        #expect(try await counts(team, 6, "?type=other") == [[2, 0, 0]])
        #expect(try await counts(team, 0, "?limit=1") == [[1, 2, 3]])
        for (person, direct, all) in [(1, 2, 3), (2, 0, 0)] {
            let path = "/employee/by-manager/\(team.people[person])"
            #expect(try await team.list("\(path)?type=DIRECT").count == direct)
            #expect(try await team.list("\(path)?depth=all").count == all)
        }
    }

    @Test func `Who is below over several ways is counted once`() async throws {
        let team = try await Team.make(6)
        for (person, manager) in [(1, 0), (2, 0), (3, 1), (3, 2), (4, 3), (5, 2), (4, 1)] {
            #expect(try await team.assign(person, manager).status == 200)
        }
        #expect(try await counts(team, 0) == [[1, 2, 2], [2, 2, 3]])
    }

    @Test func `A past day is counted as it was`() async throws {
        let team = try await Team.make(3)
        _ = try await team.assign(1, 0)
        let before = try await team.assign(2, 1).position
        try await team.server.delete("/employee/\(team.people[2])", as: team.owner)
        #expect(try await counts(team, 0) == [[1, 0, 0]])
        #expect(try await counts(team, 0, "?asOf=\(before)") == [[1, 1, 1]])
        #expect(try await counts(team, 0, "?asOf=\(before - 1)") == [[1, 0, 0]])
    }

    @Test func `A manager elsewhere is not found`() async throws {
        let cast = try await Cast.make()
        let path = "/employee/by-manager/\(cast.managerEmployee)/counts"
        #expect(try await cast.server.get(path, as: cast.employee).elements.count == 1)
        #expect(try await cast.server.get(path, as: cast.stranger).status == 404)
        #expect(try await cast.server.get(path, as: cast.owner, in: cast.foreign).status == 404)
        #expect(try await cast.server.get("/employee/by-manager/x/counts", as: cast.owner).status == 404)
    }

    /// Levels of a hundred people, each with three managers on the level above: the walks from the highest level meet the same
    /// people again and again, and are too many steps for one statement.
    @Test(.timeLimit(.minutes(10)))
    func `Where people are below many over many ways, the counts are still exact`() async throws {
        let server = try await Server.start()
        let (organization, owner) = try await server.makeOrganization()
        let place = try #require(UUID(text: organization))
        let (width, depth) = (100, 80)
        func person(_ level: Int, _ number: Int) -> UUID {
            UUID(high: 0x0199_0000_0000_7000, low: 0x8000_0000_0000_0000 | UInt64(1 + level * width + number))
        }
        let root = UUID(high: 0x0199_0000_0000_7000, low: 0x8000_0000_0000_0000)
        func created(_ id: UUID) -> DirectoryEvent {
            .employee(
                id, organization: place,
                .created(name: "P", email: Erasable("\(id.text)@x.de"), role: nil, type: "EMPLOYEE", account: nil))
        }
        let everybody = (0..<depth).flatMap { level in (0..<width).map { person(level, $0) } }
        try await server.given([created(root)] + everybody.map(created))
        let lines = (0..<depth).flatMap { level in
            (0..<width).flatMap { number -> [DirectoryEvent] in
                let managers = level == 0 ? [root] : [0, 1, 2].map { person(level - 1, (number + $0) % width) }
                return managers.map {
                    .employee(person(level, number), organization: place, .managerAssigned($0, type: "DIRECT"))
                }
            }
        }
        try await server.given(lines)
        let shown = try await server.get("/employee/by-manager/\(root.text)/counts", as: owner).elements
        #expect(shown.map { $0["employee"]?.string } == (0..<width).map { person(0, $0).text })
        // Each level below has two more, until it is whole.
        let below = (1..<depth).reduce(0) { $0 + min(width, 1 + 2 * $1) }
        #expect(shown.allSatisfy { $0["direct"] == 3 && $0["all"]?.integer == Int64(below) })
        try await server.stop()
    }
}
