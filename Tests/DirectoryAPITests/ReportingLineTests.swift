import CanonicalJSON
import Testing

@Suite struct ReportingLineTests {
    @Test func `POST adds a line, once`() async throws {
        let team = try await Team.make(3)
        let path = "/employee/\(team.people[0])/managers"
        #expect(try await team.server.get(path, as: team.owner).text == "[]")
        let made = try await team.assign(0, 1, "direct")
        #expect(made.status == 200)
        #expect(made.json.array?.first?["type"]?.string == "DIRECT")
        #expect(made.json.array?.first?["managerId"]?.string == team.people[1])
        #expect(made.json.array?.first?["since"]?.string?.hasSuffix("Z") == true)
        #expect(try await team.assign(0, 1).tag == made.tag, "no change")
    }

    @Test func `The lines of an employee are listed under the employee's tag`() async throws {
        let team = try await Team.make(3)
        let path = "/employee/\(team.people[0])/managers"
        _ = try await team.assign(0, 1)
        let second = try await team.assign(0, 2, "DOTTED_LINE")
        #expect(second.json.array?.count == 2)
        let listed = try await team.server.get(path, as: team.owner)
        #expect(listed.body == second.body)
        #expect(listed.tag == second.tag)
        #expect(listed.tag == (try await team.server.get("/employee/\(team.people[0])", as: team.owner)).tag)
    }

    @Test func `POST changes the type of a line in its place`() async throws {
        let team = try await Team.make(3)
        _ = try await team.assign(0, 1)
        _ = try await team.assign(0, 2, "DOTTED_LINE")
        let changed = try await team.assign(0, 1, "MATRIX")
        #expect(changed.json.array?.map { $0["type"]?.string } == ["MATRIX", "DOTTED_LINE"])
    }

    @Test func `A malformed line names every field at fault`() async throws {
        let team = try await Team.make(1)
        let path = "/employee/\(team.people[0])/managers"
        let bad = try await team.server.post(path, as: team.owner, #"{"managerId":7}"#)
        #expect(bad.status == 400)
        #expect(bad.pointers == ["/managerId", "/type"])
    }

    @Test func `An employee cannot report to itself, or in a circle over lines of one type`() async throws {
        let team = try await Team.make(3)
        #expect(try await team.assign(0, 1).status == 200)
        #expect(try await team.assign(1, 2).status == 200)
        let cycle = try await team.assign(2, 0)
        #expect(cycle.status == 422)
        #expect(cycle.pointers == ["/managerId"])
        #expect(try await team.assign(2, 0, "OTHER").status == 200, "a cycle is over lines of the same type")
        #expect(try await team.assign(2, 0).status == 422, "nor by changing the type")
        #expect(try await team.assign(0, 0).status == 422)
    }

    @Test func `A manager is an employee of the same organization`() async throws {
        let team = try await Team.make(1)
        let (other, stranger) = try await team.server.makeOrganization()
        let foreign = try await team.server.makeEmployee(other, by: stranger)
        for id in [foreign, "01890000-0000-7000-8000-000000000000", "x"] {
            let refused = try await team.server.post(
                "/employee/\(team.people[0])/managers", as: team.owner, #"{"managerId":"\#(id)","type":"DIRECT"}"#)
            #expect(refused.status == 422)
            #expect(refused.pointers == ["/managerId"])
        }
    }

    @Test func `Of two concurrent requests that would make a cycle one is refused`() async throws {
        let team = try await Team.make(2)
        for round in 0..<5 {
            async let first = team.assign(0, 1, "RACE\(round)")
            async let second = team.assign(1, 0, "RACE\(round)")
            let statuses = try await [first.status, second.status].sorted()
            #expect(statuses == [200, 422])
        }
    }

    @Test func `DELETE ends a line once`() async throws {
        let team = try await Team.make(2)
        _ = try await team.assign(0, 1)
        let path = "/employee/\(team.people[0])/managers/\(team.people[1])"
        let gone = try await team.server.delete(path, as: team.owner)
        #expect(gone.status == 200)
        #expect(gone.body.isEmpty)
        #expect(gone.tag == (try await team.server.get("/employee/\(team.people[0])", as: team.owner)).tag)
        #expect(try await team.server.delete(path, as: team.owner).status == 404)
        #expect(try await team.server.delete("/employee/\(team.people[0])/managers/x", as: team.owner).status == 404)
    }

    /// An employee (0) with two managers (1 and 2), who are replaced.
    struct Replacing {
        let team: Team
        var path: String { "/employee/\(team.people[0])/managers" }

        static func make() async throws -> Replacing {
            let team = try await Team.make(4)
            _ = try await team.assign(0, 1)
            _ = try await team.assign(0, 2, "DOTTED")
            return Replacing(team: team)
        }

        func put(_ body: String) async throws -> Answer {
            try await team.server.send("PUT", path, as: team.owner, body)
        }

        func line(_ manager: Int, _ type: String = "DIRECT") -> String {
            #"{"managerId":"\#(team.people[manager])","type":"\#(type)"}"#
        }
    }

    @Test func `PUT replaces all managers`() async throws {
        let replacing = try await Replacing.make()
        let (team, line) = (replacing.team, { replacing.line($0) })
        let replaced = try await replacing.put("[\(line(2)),\(line(3))]")
        #expect(replaced.status == 200)
        #expect(replaced.json.array?.map { $0["managerId"]?.string } == [team.people[2], team.people[3]])
        #expect(try await team.server.get(replacing.path, as: team.owner).body == replaced.body)
        #expect(try await replacing.put("[]").text == "[]")
    }

    @Test func `A refused line among several is named, and none is changed`() async throws {
        let replacing = try await Replacing.make()
        let (team, line) = (replacing.team, { replacing.line($0) })
        let before = try await team.server.get(replacing.path, as: team.owner)
        for (body, status) in [
            ("[\(line(2)),\(replacing.line(2, "OTHER"))]", 400), ("[\(line(1)),\(line(0))]", 422),
            (#"[\#(line(2)),{"managerId":"x","type":"DIRECT"}]"#, 422),
        ] {
            let refused = try await replacing.put(body)
            #expect(refused.status == status, "\(body)")
            #expect(refused.pointers == ["/1/managerId"], "\(body)")
        }
        #expect(try await team.server.get(replacing.path, as: team.owner).tag == before.tag)
    }

    @Test func `A body that is not an array of lines is 400`() async throws {
        let replacing = try await Replacing.make()
        #expect(try await replacing.put("{}").status == 400)
        #expect(try await replacing.put("[7]").status == 400)
    }

    /// 4 → 3 → 1 → 0, and 2 ⇢ 0 over a line of another type; with the path of the reports of 0.
    private func tree() async throws -> (team: Team, path: String) {
        let team = try await Team.make(5)
        _ = try await team.assign(1, 0)
        _ = try await team.assign(2, 0, "DOTTED")
        _ = try await team.assign(3, 1)
        _ = try await team.assign(4, 3)
        return (team, "/employee/by-manager/\(team.people[0])")
    }

    @Test func `Direct reports are listed over every type, or over one`() async throws {
        let (team, path) = try await tree()
        #expect(try await team.list(path) == [1, 2])
        #expect(try await team.list("\(path)?type=DIRECT") == [1])
        #expect(try await team.list("\(path)?type=dotted") == [2])
    }

    @Test func `Reports at any depth are listed over lines of one type, DIRECT by default`() async throws {
        let (team, path) = try await tree()
        #expect(try await team.list("\(path)?depth=1") == [1])
        #expect(try await team.list("\(path)?depth=2") == [1, 3])
        #expect(try await team.list("\(path)?depth=all") == [1, 3, 4])
        #expect(try await team.list("\(path)?depth=9999999999999") == [1, 3, 4])
        #expect(try await team.list("\(path)?depth=all&type=DOTTED") == [2])
    }

    @Test func `A depth is a positive number or all`() async throws {
        let (team, path) = try await tree()
        for bad in ["0", "-1", "some", "1.5"] {
            #expect(try await team.server.get("\(path)?depth=\(bad)", as: team.owner).status == 400, "\(bad)")
        }
    }

    @Test func `An inactive employee has no line, so neither it nor its reports are listed`() async throws {
        let (team, path) = try await tree()
        try await team.server.delete("/employee/\(team.people[3])", as: team.owner)
        #expect(try await team.list("\(path)?depth=all") == [1])
    }

    @Test func `A chain lists all managers above, nearest first, over lines of one type`() async throws {
        let team = try await Team.make(5)
        // 0 has two managers, who share theirs.
        _ = try await team.assign(0, 2)
        _ = try await team.assign(0, 1)
        _ = try await team.assign(1, 3)
        _ = try await team.assign(2, 3)
        _ = try await team.assign(0, 3)
        _ = try await team.assign(3, 4, "DOTTED")
        let path = "/employee/\(team.people[0])/chain"
        #expect(try await team.list(path) == [1, 2, 3])
        #expect(try await team.list("\(path)?type=DOTTED") == [])
        #expect(try await team.list("/employee/\(team.people[3])/chain?type=dotted") == [4])
        #expect(try await team.list("\(path)?limit=2") == [1, 2])
    }

    @Test func `An employee has at most 100 managers`() async throws {
        let team = try await Team.make(102)
        let lines = team.people[1...100].map { #"{"managerId":"\#($0)","type":"DIRECT"}"# }
        let path = "/employee/\(team.people[0])/managers"
        let put = try await team.server.send("PUT", path, as: team.owner, "[\(lines.joined(separator: ","))]")
        #expect(put.json.array?.count == 100)
        #expect(try await team.assign(0, 101).status == 422)
        let more = team.people[1...101].map { #"{"managerId":"\#($0)","type":"DIRECT"}"# }
        let refused = try await team.server.send("PUT", path, as: team.owner, "[\(more.joined(separator: ","))]")
        #expect(refused.status == 422, "\(refused.text)")
        #expect(try await team.server.get(path, as: team.owner).body == put.body)
        #expect(try await team.assign(0, 100, "DOTTED").status == 200)
    }
}
