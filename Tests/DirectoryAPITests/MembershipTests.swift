import CanonicalJSON
import Testing

/// Operations 49 to 52.
@Suite struct MembershipTests {
    @Test func `A set of memberships is one append, and both ends list it`() async throws {
        let circle = try await Circle.make(3)
        let (server, owner) = (circle.server, circle.owner)
        let employee = try await server.makeEmployee(circle.organization, by: owner)
        let body =
            #"[{"groupId":"\#(circle.groups[0])"},{"groupId":"\#(circle.groups[1])","type":"lead"}]"#
        let set = try await server.post("/entity/\(employee)/groups", as: owner, body)
        #expect(set.status == 200 && set.body.isEmpty)
        let listed = try await server.get("/entity/\(employee)/groups", as: owner)
        #expect(listed.elements.map { $0["groupId"]?.string } == [circle.groups[0], circle.groups[1]])
        #expect(listed.elements.map { $0["type"]?.string } == ["MEMBER", "LEAD"])
        #expect(listed.elements[0].members?.map(\.name) == ["groupId", "entity", "entityType", "type", "since"])
        let members = try await server.get("/group/\(circle.groups[1])/members", as: owner)
        #expect(members.elements == [listed.elements[1]])
        let trail = try await server.get("/audit?entity=\(employee)&type=employee.group_joined", as: owner)
        #expect(Set(trail.entries.compactMap { $0["context"]?["requestId"]?.string }).count == 1)
        #expect(trail.positions.last == set.position)
        try await server.setGroups(of: employee, [circle.groups[2]], by: owner)
        #expect(try await circle.members(0) == [])
        #expect(try await circle.members(2) == [employee])
    }

    @Test(arguments: [
        ("null", 400), ("{}", 400), ("7", 400), ("[7]", 400), ("[null]", 400), (#"[{"type":"MEMBER"}]"#, 400),
        (#"[{"groupId":7}]"#, 400), (#"[{"groupId":"x","type":7}]"#, 400), ("[", 400), ("", 400),
        (#"[{"groupId":"x"}]"#, 422), (#"[{"groupId":"01890000-0000-7000-8000-000000000000"}]"#, 422),
    ])
    func `A body that is no set of memberships is refused, and ends none`(_ body: String, _ status: Int) async throws {
        let circle = try await Circle.make(1)
        let employee = try await circle.server.makeEmployee(circle.organization, by: circle.owner)
        try await circle.server.setGroups(of: employee, circle.groups, by: circle.owner)
        let refused = try await circle.server.post("/entity/\(employee)/groups", as: circle.owner, body)
        #expect(refused.status == status)
        #expect(try await circle.members(0) == [employee])
    }

    @Test func `A group named twice is 400 and named`() async throws {
        let circle = try await Circle.make(2)
        let twice = "[\([0, 1, 0].map { #"{"groupId":"\#(circle.groups[$0])"}"# }.joined(separator: ","))]"
        let refused = try await circle.server.post("/entity/\(circle.groups[1])/groups", as: circle.owner, twice)
        #expect(refused.status == 400 && refused.pointers == ["/2/groupId"])
    }

    @Test func `A foreign group is 422 like an unknown one, a foreign or unknown entity 404`() async throws {
        let circle = try await Circle.make(1)
        let foreign = try await Circle.make(1)
        for group in [foreign.groups[0], "01890000-0000-7000-8000-000000000000"] {
            let refused = try await circle.server.post(
                "/entity/\(circle.groups[0])/groups", as: circle.owner, #"[{"groupId":"\#(group)"}]"#)
            #expect(refused.status == 422 && refused.pointers == ["/0/groupId"])
            for method in ["GET", "POST"] {
                let answer = try await circle.server.send(
                    method, "/entity/\(group)/groups", as: circle.owner, method == "POST" ? "[]" : nil)
                #expect(answer.status == 404)
            }
            #expect(try await circle.server.get("/group/\(group)/members", as: circle.owner).status == 404)
        }
        for entity in [circle.organization, "x"] {
            #expect(try await circle.server.get("/entity/\(entity)/groups", as: circle.owner).status == 404)
        }
    }

    @Test func `DELETE ends one membership; a second one is 404`() async throws {
        let circle = try await Circle.make(3)
        try await circle.join(0, 1, 2)
        let path = "/entity/\(circle.groups[0])/groups"
        let ended = try await circle.server.delete("\(path)/\(circle.groups[1])", as: circle.owner)
        #expect(ended.status == 200 && ended.body.isEmpty)
        #expect(try await circle.server.delete("\(path)/\(circle.groups[1])", as: circle.owner).status == 404)
        #expect(try await circle.list(path) == [[circle.groups[0], circle.groups[2]]])
    }

    @Test func `Members are filtered by id or kind, and by the membership's type`() async throws {
        let circle = try await Circle.make(2)
        let (server, owner) = (circle.server, circle.owner)
        let employee = try await server.makeEmployee(circle.organization, by: owner)
        let lead = try await server.makeEmployee(circle.organization, by: owner)
        try await server.setGroups(of: employee, [circle.groups[0]], by: owner)
        try await server.setGroups(of: lead, [circle.groups[0]], type: "LEAD", by: owner)
        try await server.setGroups(of: owner.id, [circle.groups[0]], type: "LEAD", by: owner)
        try await circle.join(1, 0)
        let group = circle.groups[1]
        for suffix in ["", "&transitive=true"] {
            for (query, expected) in [
                ("?membership=lead", [lead, owner.id]), ("?entity=employee", [employee, lead]),
                ("?entity=ACCOUNT", [owner.id]), ("?entity=GROUP", [group]), ("?entity=\(lead)", [lead]),
                ("?entity=EMPLOYEE&membership=LEAD", [lead]), ("?entity=\(lead)&membership=MEMBER", []),
                ("?entity=\(circle.groups[0])", []), ("?entity=", [employee, lead, owner.id, group]),
                ("?transitive=false", [employee, lead, owner.id, group]),
            ] where suffix.isEmpty || !query.contains("transitive") {
                #expect(try await circle.members(0, query + suffix) == expected, "\(query)\(suffix)")
            }
        }
        for bad in ["?entity=ORGANIZATION", "?entity=x", "?membership=a%20b", "?transitive=maybe"] {
            let answer = try await server.get("/group/\(circle.groups[0])/members\(bad)", as: owner)
            #expect(answer.status == 400, "\(bad)")
        }
    }

    @Test func `A cycle is 422, also over INACTIVE groups`() async throws {
        let circle = try await Circle.make(4)
        func refuses(_ group: Int, _ other: Int) async throws -> Bool {
            let refused = try await circle.server.post(
                "/entity/\(circle.groups[group])/groups", as: circle.owner,
                #"[{"groupId":"\#(circle.groups[other])"}]"#)
            return refused.status == 422 && refused.pointers == ["/0/groupId"]
        }
        #expect(try await refuses(0, 0))
        try await circle.join(0, 1)
        try await circle.join(1, 2)
        try await circle.join(2, 3)
        #expect(try await refuses(3, 0))
        try await circle.server.delete("/group/\(circle.groups[1])", as: circle.owner)
        #expect(try await refuses(2, 0))
    }

    @Test func `Of requests that together would close a cycle one is refused, whichever node it reaches`() async throws
    {
        let server = try await Server.shared
        let circle = try await Circle.make(6)
        let second = try await Server.start(database: server.database)
        for round in 0..<5 {
            let statuses = try await withThrowingTaskGroup(of: Int.self) { tasks in
                for group in 0..<6 {
                    let node = group.isMultiple(of: 2) ? server : second
                    tasks.addTask {
                        try await node.post(
                            "/entity/\(circle.groups[group])/groups", as: circle.owner,
                            #"[{"groupId":"\#(circle.groups[(group + 1) % 6])"}]"#
                        ).status
                    }
                }
                return try await tasks.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200, 200, 200, 200, 200, 422], "round \(round)")
            for group in 0..<6 { try await circle.join(group) }
        }
        try await second.stop()
    }

    @Test func `An entity is a member of at most 1,000 groups, in one append`() async throws {
        let circle = try await Circle.make(1, server: nil)
        let server = circle.server
        var ids: [String] = []
        for _ in 0..<10 {
            try await withThrowingTaskGroup(of: String.self) { tasks in
                for _ in 0..<100 {
                    tasks.addTask { try await server.makeGroup(circle.organization, by: circle.owner) }
                }
                for try await id in tasks { ids.append(id) }
            }
        }
        let path = "/entity/\(circle.groups[0])/groups"
        func body(_ ids: [String]) -> String { "[\(ids.map { #"{"groupId":"\#($0)"}"# }.joined(separator: ","))]" }
        let set = try await server.post(path, as: circle.owner, body(ids))
        #expect(set.status == 200, "\(set.text)")
        let listed = try await circle.list(path)
        #expect(Set(listed.map { $0[1] }) == Set(ids) && listed.count == 1000)
        let another = try await server.makeGroup(circle.organization, by: circle.owner)
        #expect(try await server.post(path, as: circle.owner, body(ids + [another])).status == 422)
        #expect(try await server.post(path, as: circle.owner, "[]").status == 200)
        #expect(try await circle.list(path) == [])
    }
}
