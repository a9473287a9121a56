import CanonicalJSON
import Testing

/// What moves an entity's tag, what does not, and which changes ask for it.
@Suite struct EntityTagTests {
    @Test func `A line changes the report's tag, and not the manager's`() async throws {
        let team = try await Team.make(2)
        func tags() async throws -> [String?] {
            var tags: [String?] = []
            for employee in team.people {
                tags.append(try await team.server.get("/employee/\(employee)", as: team.owner).tag)
            }
            return tags
        }
        let path = "/employee/\(team.people[0])/managers"
        var before = try await tags()
        func expectReportsAlone(_ answer: Answer, _ what: String) async throws {
            #expect(answer.status == 200, "\(what): \(answer.text)")
            let after = try await tags()
            #expect(after[0] != before[0] && after[0] == answer.tag, "\(what)")
            #expect(after[1] == before[1], "\(what)")
            before = after
        }
        try await expectReportsAlone(try await team.assign(0, 1), "assigned")
        try await expectReportsAlone(try await team.assign(0, 1, "OTHER"), "its type changed")
        let put = #"[{"managerId":"\#(team.people[1])","type":"DIRECT"}]"#
        try await expectReportsAlone(try await team.server.send("PUT", path, as: team.owner, put), "replaced")
        try await expectReportsAlone(
            try await team.server.delete("\(path)/\(team.people[1])", as: team.owner), "removed")
    }

    @Test func `An account's tag moves with its own events and the caller's grants`() async throws {
        let server = try await Server.shared
        let owner = try await server.makeAccount("owner")
        let founded = try await server.post("/organization", as: owner, #"{"name":"\#(unique("Tagged "))"}"#)
        let member = try await server.makeAccount("member", by: owner)
        func grant(_ role: String, tag: String? = nil) async throws -> Answer {
            try await server.post(
                "/account/\(member.id)/grant", as: owner, #"{"orgId":"\#(founded.id)","role":"\#(role)"}"#,
                headers: tag.map { ["If-Match": $0] } ?? [:])
        }
        let granted = try await grant("EMPLOYEE")
        #expect(granted.tag == "\"\(granted.position)-\(founded.position)\"")
        let seen = try await server.get("/account/\(member.id)", as: owner)
        #expect(seen.tag == granted.tag)
        // For the account itself its own last grant is both.
        let own = try await server.get("/account/me", as: member)
        #expect(own.tag == "\"\(granted.position)-\(granted.position)\"")
        let renamed = try await server.patch("/account/\(member.id)", as: member, #"{"name":"Renamed"}"#)
        #expect(renamed.tag == "\"\(renamed.position)-\(granted.position)\"")

        let held = try #require(try await server.get("/account/\(member.id)", as: owner).tag)
        #expect(held == "\"\(renamed.position)-\(founded.position)\"")
        let second = try await server.post("/organization", as: owner, #"{"name":"\#(unique("Tagged "))"}"#)
        #expect(try await grant("AUDITOR", tag: held).status == 412, "the caller's own grants have moved on")
        let moved = "\"\(renamed.position)-\(second.position)\""
        #expect(try await server.get("/account/\(member.id)", as: owner).tag == moved)
        let accepted = try await grant("AUDITOR", tag: moved)
        #expect(accepted.status == 200)
        #expect(accepted.tag == "\"\(accepted.position)-\(second.position)\"")
    }

    @Test func `Every mutation of an entity takes If-Match: 412 when it has moved on`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        let (a, e, m) = (cast.organization, cast.employeeEmployee, cast.managerEmployee)
        let (account, spare) = (cast.employee.id, try await server.makeEmployee(a, by: cast.owner))
        try await server.delete("/employee/\(spare)", as: cast.owner)
        let grant = #"{"orgId":"\#(a)","role":"AUDITOR"}"#
        let line = #"{"managerId":"\#(m)","type":"TAGGED"}"#
        let mutations: [(String, String, String?)] = [
            ("POST", "/employee/\(e)/managers", line), ("PUT", "/employee/\(e)/managers", "[\(line)]"),
            ("DELETE", "/employee/\(e)/managers/\(m)", nil), ("POST", "/account/\(account)/grant", grant),
            ("DELETE", "/account/\(account)/grant?orgId=\(a)&role=EMPLOYEE", nil),
            ("PATCH", "/account/\(account)", #"{"name":"Tagged"}"#), ("DELETE", "/account/\(account)", nil),
            ("POST", "/account/\(cast.inactive.id)/activate", nil), ("POST", "/employee/\(spare)/activate", nil),
            ("PATCH", "/employee/\(e)", #"{"name":"Tagged"}"#), ("DELETE", "/employee/\(e)", nil),
            ("POST", "/employee/\(e)/profile", #"{"bio":"Tagged"}"#),
            ("PATCH", "/organization", #"{"name":"Tagged"}"#), ("PATCH", "/organization/\(a)", #"{"name":"Tagged"}"#),
            ("POST", "/organization/profile", #"{"mission":"Tagged"}"#),
            ("PATCH", "/organization/\(a)/profile", #"{"mission":"Tagged"}"#), ("DELETE", "/organization/\(a)", nil),
            ("POST", "/organization/\(a)/activate", nil),
        ]
        let before = try await server.get("/audit?organization=\(a)&limit=1000", as: cast.owner)
        for (method, path, body) in mutations {
            let isForAdmin = path.hasSuffix("\(account)") || path.contains(cast.inactive.id)
            let refused = try await server.send(
                method, path, as: isForAdmin ? server.admin : cast.owner, body, headers: ["If-Match": "\"0\""])
            #expect(refused.status == 412, "\(method) \(path): \(refused.text)")
        }
        let after = try await server.get("/audit?organization=\(a)&limit=1000", as: cast.owner)
        #expect(after.positions == before.positions, "\(after.types)")
        #expect(try await server.get("/account/\(account)", as: server.admin).json["active"]?.bool == true)
        #expect(try await server.get("/account/\(cast.inactive.id)", as: server.admin).json["active"]?.bool == false)
    }

    @Test func `A profile never set is {}, with its organization's tag, on both paths`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let whole = try await server.get("/organization/\(organization)", as: owner)
        #expect(whole.json["profile"] == nil)
        for path in ["/organization/profile", "/organization/\(organization)/profile"] {
            let never = try await server.get(path, as: owner)
            #expect(never.status == 200)
            #expect(never.text == "{}")
            #expect(never.tag == whole.tag && never.tag != nil)
            let held = ["If-None-Match": never.tag ?? ""]
            #expect(try await server.get(path, as: owner, headers: held).status == 304)
        }
    }
}
