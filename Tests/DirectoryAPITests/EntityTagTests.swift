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
        #expect(own.tag == "\"\(granted.position)-\(granted.position)h\"")
        let renamed = try await server.patch("/account/\(member.id)", as: member, #"{"name":"Renamed"}"#)
        #expect(renamed.tag == "\"\(renamed.position)-\(granted.position)h\"")

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
        let group = try await server.makeGroup(a, by: cast.owner)
        try await server.setGroups(of: e, [group], by: cast.owner)
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
            ("PATCH", "/group/\(group)", #"{"name":"Tagged"}"#), ("DELETE", "/group/\(group)", nil),
            ("POST", "/group/\(group)/profile", #"{"icon":"Tagged"}"#),
            ("POST", "/entity/\(e)/groups", "[]"), ("DELETE", "/entity/\(e)/groups/\(group)", nil),
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

    /// The paths of an entity whose hidden fields a role shows: those of the entity and of what shares its tag.
    private static func paths(_ cast: Cast) -> [String] {
        let (a, e) = (cast.organization, cast.employeeEmployee)
        return [
            "/organization/\(a)", "/organization/\(a)/profile", "/organization/profile", "/employee/\(e)",
            "/employee/\(e)/profile", "/employee/\(e)/managers", "/employee/by-account/\(cast.employee.id)",
        ]
    }

    @Test func `A promoted caller's If-None-Match is answered by what it is shown now`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        try await server.patch(
            "/employee/\(cast.employeeEmployee)/profile", as: cast.owner, #"{"birthDate":"1990-01-01"}"#)
        let member = try await server.makeMember("EMPLOYEE", of: cast.organization, by: cast.owner)
        for path in Self.paths(cast) {
            func read(_ held: String? = nil) async throws -> Answer {
                try await server.get(
                    path, as: member, in: cast.organization, headers: held.map { ["If-None-Match": $0] } ?? [:])
            }
            let low = try await read()
            let plain = try #require(low.tag, "\(path)")
            #expect(!plain.hasSuffix("h\""), "\(path)")
            #expect(try await read(plain).status == 304, "\(path)")
            try await server.grant("ADMIN", to: member, in: cast.organization, by: cast.owner)
            let promoted = try await read(plain)
            #expect(promoted.status == 200, "\(path)")
            let full = try #require(promoted.tag, "\(path)")
            // A grant of ADMIN is no change of the entity.
            #expect(full == plain.dropLast() + "h\"", "\(path)")
            #expect(try await read(full).status == 304, "\(path)")
            try await server.delete(
                "/account/\(member.id)/grant?orgId=\(cast.organization)&role=ADMIN", as: cast.owner)
            #expect(try await read(full).status == 200, "\(path)")
        }
    }

    @Test func `A mutation answers the tag of the next GET, h and all`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        let (a, e) = (cast.organization, cast.employeeEmployee)
        let mutations: [(Person, String, String, String, String)] = [
            (cast.owner, "PATCH", "/organization/\(a)", #"{"name":"\#(unique("T"))"}"#, "h"),
            (cast.owner, "PATCH", "/organization/\(a)/profile", #"{"mission":"m"}"#, "h"),
            (cast.owner, "PATCH", "/employee/\(e)", #"{"role":"t"}"#, "h"),
            (cast.owner, "PATCH", "/employee/\(e)/profile", #"{"bio":"owner's"}"#, "h"),
            (cast.employee, "PATCH", "/employee/\(e)/profile", #"{"bio":"own"}"#, "h"),
            (cast.manager, "PATCH", "/employee/\(e)/profile", #"{"bio":"manager's"}"#, ""),
            (
                cast.owner, "PUT", "/employee/\(e)/managers",
                #"[{"managerId":"\#(cast.managerEmployee)","type":"TAG"}]"#, "h"
            ),
            (cast.employee, "PATCH", "/account/\(cast.employee.id)", #"{"name":"Tag"}"#, "h"),
        ]
        for (caller, method, path, body, end) in mutations {
            let changed = try await server.send(method, path, as: caller, in: a, body)
            #expect(changed.status == 200, "\(path): \(changed.text)")
            let tag = try #require(changed.tag, "\(path)")
            #expect(tag.hasSuffix("\(end)\"") && tag.hasSuffix("h\"") == (end == "h"), "\(path): \(tag)")
            #expect(try await server.get(path, as: caller, in: a).tag == tag, "\(path)")
        }
    }

    @Test func `If-Match compares without the h, and so does If-None-Match on a mutation`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        let path = "/employee/\(cast.employeeEmployee)"
        func patch(_ name: String, _ held: String) async throws -> Int {
            try await server.patch(
                path, as: cast.owner, #"{"role":"\#(unique("r"))"}"#, headers: [name: held]
            ).status
        }
        func tags() async throws -> (shown: String, hidden: String) {
            let member = try await server.get(path, as: cast.manager).tag ?? ""
            return (try await server.get(path, as: cast.owner).tag ?? "", member)
        }
        let (full, plain) = try await tags()
        #expect(full != plain && full == plain.dropLast() + "h\"")
        for held in [full, plain] {
            #expect(try await server.get(path, as: cast.owner, headers: ["If-Match": held]).status == 200)
            #expect(try await server.get(path, as: cast.manager, headers: ["If-Match": held]).status == 200)
            #expect(try await patch("If-None-Match", held) == 412)
        }
        #expect(try await patch("If-Match", plain) == 200)
        #expect(try await patch("If-Match", full) == 412, "it has moved on")
        #expect(try await patch("If-Match", try await tags().shown) == 200)
        for odd in ["\"1hh\"", "\"h\"", "\"\"", "h"] { #expect(try await patch("If-Match", odd) == 412, "\(odd)") }
    }
}
