import CanonicalJSON
import Testing

/// Groups in groups: transitive lists, INACTIVE groups, accounts, tags.
@Suite struct NestedGroupTests {
    /// 3 is in 1 and 2, which are in 0; an employee in 3 and 1, another in 0.
    private func nested() async throws -> (circle: Circle, deep: String, top: String) {
        let circle = try await Circle.make(4)
        let (server, owner) = (circle.server, circle.owner)
        try await circle.join(1, 0)
        try await circle.join(2, 0)
        try await circle.join(3, 1, 2)
        let deep = try await server.makeEmployee(circle.organization, by: owner)
        let top = try await server.makeEmployee(circle.organization, by: owner)
        try await server.setGroups(of: deep, [circle.groups[3], circle.groups[1]], by: owner)
        try await server.setGroups(of: top, [circle.groups[0]], by: owner)
        return (circle, deep, top)
    }

    @Test func `Transitive lists have each membership once, with its own group, in the order in which they began`()
        async throws
    {
        let (circle, deep, top) = try await nested()
        let g = circle.groups
        let groups = [[g[1], g[0]], [g[2], g[0]], [g[3], g[1]], [g[3], g[2]]]
        let below = groups + [[deep, g[3]], [deep, g[1]], [top, g[0]]]
        #expect(try await circle.list("/group/\(g[0])/members?transitive=true") == below)
        let above = groups + [[deep, g[3]], [deep, g[1]]]
        #expect(try await circle.list("/entity/\(deep)/groups?transitive=true") == above)
        #expect(try await circle.list("/group/\(g[0])/members") == [below[0], below[1], below[6]])
        var pages: [[String]] = []
        var path: String? = "/group/\(g[0])/members?transitive=true&limit=2"
        while let next = path {
            let page = try await circle.server.get(next, as: circle.owner)
            pages += page.elements.map { [$0["entity"]?.string ?? "", $0["groupId"]?.string ?? ""] }
            path = page.nextPath
        }
        #expect(pages == below)
    }

    /// Both ends' transitive views, and whether they agree about every pair.
    private func expectAgreement(_ circle: Circle, _ entities: [String]) async throws {
        for entity in entities {
            let above = Set(try await circle.list("/entity/\(entity)/groups?transitive=true").map { $0[1] })
            for group in circle.groups {
                let below = try await circle.list("/group/\(group)/members?transitive=true")
                #expect(below.contains { $0[0] == entity } == above.contains(group), "\(entity) in \(group)")
            }
        }
    }

    @Test func `Both transitive views agree, whichever groups are INACTIVE`() async throws {
        let (circle, deep, top) = try await nested()
        let entities = [deep, top] + circle.groups
        try await expectAgreement(circle, entities)
        for inactive in circle.groups {
            try await circle.server.delete("/group/\(inactive)", as: circle.owner)
            try await expectAgreement(circle, entities)
            try await circle.server.post("/group/\(inactive)/activate", as: circle.owner)
        }
        let everything = try await circle.list("/group/\(circle.groups[0])/members?transitive=true")
        #expect(everything.count == 7, "memberships count again when their groups are ACTIVE")
    }

    @Test func `An INACTIVE group lists its members, but is none of their groups, and is skipped`() async throws {
        let (circle, deep, top) = try await nested()
        let g = circle.groups
        try await circle.server.delete("/group/\(g[1])", as: circle.owner)
        #expect(try await circle.members(1) == [g[3], deep])
        #expect(try await circle.list("/entity/\(deep)/groups") == [[deep, g[3]]])
        #expect(
            try await circle.list("/group/\(g[0])/members?transitive=true")
                == [[g[2], g[0]], [g[3], g[2]], [deep, g[3]], [top, g[0]]])
        #expect(
            try await circle.list("/entity/\(deep)/groups?transitive=true")
                == [[g[2], g[0]], [g[3], g[2]], [deep, g[3]]])
        // Its memberships are left alone by a set that does not name them.
        try await circle.server.setGroups(of: deep, [], by: circle.owner)
        try await circle.server.post("/group/\(g[1])/activate", as: circle.owner)
        #expect(try await circle.list("/entity/\(deep)/groups") == [[deep, g[1]]])
    }

    @Test func `A list shows the moment of its first page`() async throws {
        let (circle, deep, top) = try await nested()
        let g = circle.groups
        for path in ["/group/\(g[0])/members?", "/group/\(g[0])/members?transitive=true&"] {
            let whole = try await circle.list(String(path.dropLast()))
            let first = try await circle.server.get("\(path)limit=1", as: circle.owner)
            try await circle.server.setGroups(of: top, [], by: circle.owner)
            try await circle.join(2)
            let rest = try await circle.server.get(
                try #require(first.nextPath).replacing("limit=1", with: "limit=1000"), as: circle.owner)
            let shown = (first.elements + rest.elements).map {
                [$0["entity"]?.string ?? "", $0["groupId"]?.string ?? ""]
            }
            #expect(shown == whole)
            try await circle.join(2, 0)
            try await circle.server.setGroups(of: top, [g[0]], by: circle.owner)
        }
        #expect(try await circle.members(0) == [g[1], g[2], top] && deep != top)
    }

    @Test func `An account that the caller does not see is left out of members`() async throws {
        let cast = try await Cast.make()
        let server = cast.server
        let group = try await server.makeGroup(cast.organization, by: cast.owner)
        let outer = try await server.makeGroup(cast.organization, by: cast.owner)
        try await server.setGroups(of: group, [outer], by: cast.owner)
        for member in [cast.manager, cast.employee, cast.auditor] {
            try await server.setGroups(of: member.id, [group], by: cast.owner, in: cast.organization)
        }
        try await server.setGroups(of: cast.managerEmployee, [group], by: cast.owner)
        func members(_ path: String, _ caller: Person) async throws -> [String] {
            try await server.get("/group/\(path)", as: caller).elements.map { $0["entity"]?.string ?? "" }
        }
        let everybody = [cast.manager.id, cast.employee.id, cast.auditor.id, cast.managerEmployee]
        for caller in [cast.owner, cast.administrator, cast.auditor, server.admin] {
            #expect(try await members("\(group)/members", caller) == everybody)
            #expect(try await members("\(outer)/members?transitive=true", caller) == [group] + everybody)
        }
        #expect(try await members("\(group)/members", cast.employee) == [cast.employee.id, cast.managerEmployee])
        #expect(
            try await members("\(outer)/members?transitive=true", cast.manager)
                == [group, cast.manager.id, cast.managerEmployee])
        #expect(try await members("\(group)/members?entity=\(cast.auditor.id)", cast.employee) == [])
        #expect(try await members("\(group)/members?entity=\(cast.auditor.id)", cast.owner) == [cast.auditor.id])
        #expect(try await members("\(group)/members?entity=ACCOUNT&limit=1", cast.employee) == [cast.employee.id])
        #expect(try await server.get("/entity/\(cast.auditor.id)/groups", as: cast.employee).status == 404)
        #expect(try await server.get("/entity/\(cast.employee.id)/groups", as: cast.employee).elements.count == 1)
    }

    @Test func `Of an account only the groups of the current organization are shown; without one it is 400`()
        async throws
    {
        let cast = try await Cast.make()
        let server = cast.server
        try await server.grant("ADMIN", to: cast.owner, in: cast.foreign, by: cast.stranger)
        let own = try await server.makeGroup(cast.organization, by: cast.owner)
        let other = try await server.makeGroup(cast.foreign, by: cast.stranger)
        try await server.setGroups(of: cast.owner.id, [own], by: cast.owner, in: cast.organization)
        try await server.setGroups(of: cast.owner.id, [other], by: cast.stranger, in: cast.foreign)
        let path = "/entity/\(cast.owner.id)/groups"
        func groups(in organization: String) async throws -> [String?] {
            try await server.get(path, as: cast.owner, in: organization).elements.map { $0["groupId"]?.string }
        }
        #expect(try await groups(in: cast.organization) == [own])
        #expect(try await groups(in: cast.foreign) == [other])
        #expect(try await server.get(path, as: cast.owner).status == 400)
        #expect(try await server.get(path, as: server.admin).status == 400)
        #expect(try await server.post(path, as: cast.owner, "[]").status == 400)
        let elsewhere = try await server.get("/entity/\(cast.auditor.id)/groups", as: cast.owner, in: cast.foreign)
        #expect(elsewhere.status == 404)
    }

    @Test func `An account's memberships end with its last role`() async throws {
        let cast = try await Cast.make()
        let server = cast.server
        let group = try await server.makeGroup(cast.organization, by: cast.owner)
        try await server.setGroups(of: cast.auditor.id, [group], by: cast.owner, in: cast.organization)
        let revoked = try await server.delete(
            "/account/\(cast.auditor.id)/grant?orgId=\(cast.organization)&role=AUDITOR", as: cast.owner)
        #expect(revoked.status == 200)
        let trail = try await server.get(
            "/audit?organization=\(cast.organization)&order=desc&limit=2", as: cast.owner)
        #expect(trail.types == ["account.group_left", "account.role_revoked"])
        #expect(trail.positions == [revoked.position, revoked.position - 1])
        try await server.grant("AUDITOR", to: cast.auditor, in: cast.organization, by: cast.owner)
        #expect(try await server.get("/group/\(group)/members", as: cast.owner).elements == [])
    }

    // MARK: Tags

    @Test func `The groups of an entity have a tag of their own: the last event that changed its memberships`()
        async throws
    {
        let (circle, deep, _) = try await nested()
        let (server, owner, g) = (circle.server, circle.owner, circle.groups)
        let path = "/entity/\(deep)/groups"
        let before = try await server.get("/employee/\(deep)", as: owner)
        let group = try await server.get("/group/\(g[0])", as: owner)
        let set = try await server.setGroups(of: deep, [g[0], g[3]], by: owner)
        #expect(set.tag == "\"\(set.position)\"")
        #expect(try await server.get(path, as: owner).tag == set.tag)
        #expect(try await server.get("/employee/\(deep)", as: owner).tag == before.tag)
        #expect(try await server.get("/group/\(g[0])", as: owner).tag == group.tag)
        try await server.patch("/employee/\(deep)", as: owner, #"{"name":"Else"}"#)
        try await circle.join(3, 1)
        #expect(try await server.get(path, as: owner).tag == set.tag)
        #expect(try await server.get(path, as: owner, headers: ["If-None-Match": set.tag ?? ""]).status == 304)
        #expect(try await server.get("\(path)?transitive=true", as: owner).tag == nil)
        let fresh = try await server.makeEmployee(circle.organization, by: owner)
        #expect(try await server.get("/entity/\(fresh)/groups", as: owner).tag == "\"0\"")
    }

    @Test func `A set and an end take If-Match with it`() async throws {
        let (circle, deep, _) = try await nested()
        let (server, owner, g) = (circle.server, circle.owner, circle.groups)
        let path = "/entity/\(deep)/groups"
        let stale = try #require(try await server.get(path, as: owner).tag)
        let ended = try await server.delete("\(path)/\(g[1])", as: owner, headers: ["If-Match": stale])
        #expect(ended.status == 200 && ended.tag == "\"\(ended.position)\"")
        for method in ["POST", "DELETE"] {
            let answer = try await server.send(
                method, method == "POST" ? path : "\(path)/\(g[3])", as: owner, method == "POST" ? "[]" : nil,
                headers: ["If-Match": stale])
            #expect(answer.status == 412)
        }
        let set = try await server.post(path, as: owner, "[]", headers: ["If-Match": ended.tag ?? ""])
        #expect(set.status == 200)
        #expect(try await server.post(path, as: owner, "[]", headers: ["If-Match": "*"]).tag == set.tag)
    }

    @Test func `A group that becomes INACTIVE or ACTIVE is not hidden by a 304`() async throws {
        let (circle, deep, _) = try await nested()
        let (server, owner, g) = (circle.server, circle.owner, circle.groups)
        let path = "/entity/\(deep)/groups"
        let tag = try #require(try await server.get(path, as: owner).tag)
        try await server.delete("/group/\(g[1])", as: owner)
        let shorter = try await server.get(path, as: owner, headers: ["If-None-Match": tag])
        #expect(shorter.status == 200 && shorter.elements.count == 1)
        let held = try #require(shorter.tag)
        #expect(try await server.get(path, as: owner, headers: ["If-None-Match": held]).status == 304)
        let kept = try await server.setGroups(of: deep, [g[3]], by: owner)
        #expect(kept.tag == held)
        #expect(try await server.post(path, as: owner, "[]", headers: ["If-Match": tag]).status == 200)
        try await server.post("/group/\(g[1])/activate", as: owner)
        #expect(try await server.get(path, as: owner, headers: ["If-None-Match": held]).status == 200)
    }

    @Test func `A repeat under its Idempotency-Key answers what the first answered`() async throws {
        let (circle, deep, _) = try await nested()
        let (server, owner, g) = (circle.server, circle.owner, circle.groups)
        let path = "/entity/\(deep)/groups", body = #"[{"groupId":"\#(g[2])"}]"#
        let key = ["Idempotency-Key": unique("set")]
        let first = try await server.post(path, as: owner, body, headers: key)
        try await server.setGroups(of: deep, [], by: owner)
        let again = try await server.post(path, as: owner, body, headers: key)
        #expect(again.status == 200 && again.body == first.body && again.tag == first.tag)
        #expect(again.position == first.position)
        #expect(try await circle.list(path) == [])
    }
}
