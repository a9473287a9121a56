import CanonicalJSON
import Testing

/// What groups and memberships may and may not be (operations 42 to 52).
@Suite struct GroupRuleTests {
    let circle: Circle
    let employee: String
    var server: Server { circle.server }
    var owner: Person { circle.owner }
    var groups: [String] { circle.groups }

    init() async throws {
        circle = try await Circle.make(3)
        employee = try await circle.server.makeEmployee(circle.organization, by: circle.owner)
    }

    private func set(_ entity: String, _ group: String, type: String = "MEMBER") async throws -> Answer {
        try await server.post(
            "/entity/\(entity)/groups", as: owner, in: circle.organization,
            #"[{"groupId":"\#(group)","type":"\#(type)"}]"#)
    }

    private func close(_ group: Int) async throws { try await server.delete("/group/\(groups[group])", as: owner) }

    // MARK: Groups

    @Test func `Two groups may have one name`() async throws {
        let body = #"{"name":"Twins","type":"TEAM"}"#
        let made = [
            try await server.post("/group", as: owner, body), try await server.post("/group", as: owner, body),
        ]
        #expect(made.map(\.status) == [201, 201] && made[0].id != made[1].id)
    }

    @Test(arguments: [#"{"name":null}"#, #"{"name":""}"#, #"{"type":null}"#, #"{"type":""}"#, #"{"status":"ACTIVE"}"#])
    func `A PATCH neither empties name or type nor knows other fields`(_ body: String) async throws {
        let before = try await server.get("/group/\(groups[0])", as: owner)
        #expect(try await server.patch("/group/\(groups[0])", as: owner, body).status == 400)
        #expect(try await server.get("/group/\(groups[0])", as: owner).body == before.body)
    }

    @Test func `A PATCH that changes nothing is no event`() async throws {
        let before = try await server.get("/group/\(groups[0])", as: owner)
        for body in ["{}", #"{"type":"team"}"#] {
            let same = try await server.patch("/group/\(groups[0])", as: owner, body)
            #expect(same.status == 200 && same.body == before.body && same.tag == before.tag, "\(body)")
        }
        #expect(try await server.get("/group/\(groups[0])/history", as: owner).types == ["group.created"])
    }

    @Test func `A profile never set is empty, and POST replaces it, with 201 each time`() async throws {
        let path = "/group/\(groups[0])/profile"
        let empty = try await server.get(path, as: owner)
        #expect(empty.status == 200 && empty.text == "{}")
        let first = try await server.post(path, as: owner, #"{"icon":"star","description":"All\nof them"}"#)
        #expect(first.status == 201 && first.header("Location") == "/api/v1\(path)")
        let second = try await server.post(path, as: owner, #"{"description":"Some"}"#)
        #expect(second.status == 201 && second.text == #"{"description":"Some"}"#)
        let patched = try await server.patch(path, as: owner, #"{"icon":"moon"}"#)
        #expect(patched.json == ["icon": "moon", "description": "Some"])
        #expect(try await server.get("/group/\(groups[0])", as: owner).tag == patched.tag, "it shares the group's tag")
        let cleared = try await server.patch(path, as: owner, #"{"icon":null,"description":""}"#)
        #expect(cleared.text == "{}")
        #expect(try await server.patch(path, as: owner, #"{"icon":"a\nb"}"#).pointers == ["/icon"])
    }

    @Test func `Deactivating and activating answer the group, a repeat too`() async throws {
        let path = "/group/\(groups[0])"
        let gone = try await server.delete(path, as: owner)
        #expect(gone.json["status"]?["current"] == "INACTIVE" && gone.json["active"] == false)
        let again = try await server.delete(path, as: owner)
        #expect(again.status == 200 && again.body == gone.body && again.tag == gone.tag)
        let back = try await server.post("\(path)/activate", as: owner)
        #expect(back.json["active"] == true)
        #expect(try await server.post("\(path)/activate", as: owner).body == back.body)
        #expect(
            try await server.get("\(path)/history", as: owner).types == [
                "group.created", "group.deactivated", "group.activated",
            ])
    }

    @Test func `A malformed or unknown id is 404 on every path of groups`() async throws {
        for id in ["x", "01890000-0000-7000-8000-000000000000", "%00"] {
            for path in ["/group/\(id)", "/group/\(id)/profile", "/group/\(id)/members", "/group/\(id)/history"] {
                #expect(try await server.get(path, as: owner).status == 404, "\(path)")
            }
            #expect(try await server.patch("/group/\(id)", as: owner, #"{"name":"N"}"#).status == 404)
            #expect(try await server.delete("/group/\(id)", as: owner).status == 404)
            #expect(try await server.delete("/entity/\(employee)/groups/\(id)", as: owner).status == 404)
            #expect(try await server.post("/entity/\(id)/groups", as: owner, "[]").status == 404)
        }
    }

    // MARK: INACTIVE groups

    @Test func `An INACTIVE group takes no member, and joins no group`() async throws {
        try await close(0)
        let refused = try await set(employee, groups[0])
        #expect(refused.status == 422 && refused.pointers == ["/0/groupId"])
        #expect(try await set(groups[0], groups[1]).status == 422)
        let app = try await server.makeApp(circle.organization, by: owner)
        let mapping = "/group/\(groups[0])/mappings/\(app)/channel"
        #expect(try await server.put(mapping, as: owner, #"{"mappedId":"C"}"#).status == 422)
        #expect(try await circle.members(0) == [])
    }

    @Test func `A membership in an INACTIVE group is named again without a change, but not with another type`()
        async throws
    {
        try await server.setGroups(of: employee, [groups[0], groups[1]], by: owner)
        try await close(0)
        let path = "/entity/\(employee)/groups"
        let tag = try await server.get(path, as: owner).tag
        let refused = try await set(employee, groups[0], type: "LEAD")
        #expect(refused.status == 422 && refused.pointers == ["/0/groupId"])
        #expect(try await server.get(path, as: owner).tag == tag)
        #expect(try await set(employee, groups[0]).status == 200)
        #expect(try await circle.members(0) == [employee])
        #expect(try await circle.members(1) == [], "that one was missing from the set")
    }

    @Test func `A membership in an INACTIVE group is ended by its DELETE`() async throws {
        try await server.setGroups(of: employee, [groups[0]], by: owner)
        try await close(0)
        let path = "/entity/\(employee)/groups"
        #expect(try await server.post(path, as: owner, "[]").status == 200)
        #expect(try await circle.members(0) == [employee])
        #expect(try await server.delete("\(path)/\(groups[0])", as: owner).status == 200)
        #expect(try await circle.members(0) == [])
        #expect(try await server.delete("\(path)/\(groups[0])", as: owner).status == 404)
    }

    // MARK: Members

    @Test func `A set that is the same again appends nothing`() async throws {
        let first = try await set(employee, groups[0], type: "lead")
        let again = try await set(employee, groups[0], type: "LEAD")
        #expect(again.status == 200 && again.tag == first.tag)
        #expect(
            try await server.get("/employee/\(employee)/history", as: owner).types == [
                "employee.created", "employee.group_joined",
            ])
    }

    @Test func `A changed type is one event, and a member who leaves and returns another membership`() async throws {
        _ = try await set(employee, groups[0])
        let lead = try await set(employee, groups[0], type: "LEAD")
        let members = try await server.get("/group/\(groups[0])/members", as: owner)
        #expect(members.elements.map { $0["type"] } == ["LEAD"])
        #expect(lead.status == 200)
        _ = try await set(employee, groups[1])
        _ = try await set(employee, groups[0])
        #expect(
            try await server.get("/employee/\(employee)/history", as: owner).types == [
                "employee.created", "employee.group_joined", "employee.membership_type_changed", "employee.group_left",
                "employee.group_joined", "employee.group_left", "employee.group_joined",
            ])
    }

    @Test func `An employee's memberships end when it is deactivated, each with an event, and stay ended`()
        async throws
    {
        try await server.setGroups(of: employee, [groups[0], groups[1]], by: owner)
        try await server.delete("/employee/\(employee)", as: owner)
        let history = try await server.get("/employee/\(employee)/history", as: owner)
        #expect(history.types.suffix(3) == ["employee.group_left", "employee.group_left", "employee.deactivated"])
        #expect(try await set(employee, groups[0]).status == 422)
        try await server.post("/employee/\(employee)/activate", as: owner)
        #expect(try await circle.list("/entity/\(employee)/groups") == [])
    }

    @Test func `An account is a member where it has a role, and elsewhere is no entity`() async throws {
        let member = try await server.makeMember("WIZARD", of: circle.organization, by: owner)
        #expect(try await set(member.id, groups[0]).status == 200)
        #expect(try await circle.members(0) == [member.id])
        let (other, stranger) = try await server.makeOrganization()
        #expect(try await set(stranger.id, groups[0]).status == 404)
        #expect(try await server.get("/entity/\(stranger.id)/groups", as: owner, in: other).status == 404)
        // An INACTIVE one joins no further group, and keeps those that it is in.
        try await server.delete("/account/\(member.id)", as: server.admin)
        #expect(try await set(member.id, groups[1]).status == 422)
        #expect(try await circle.members(0) == [member.id])
    }

    @Test func `A member is listed for whoever reads the directory, with the position of the state`() async throws {
        _ = try await set(employee, groups[0])
        let reader = try await server.makeMember("EMPLOYEE", of: circle.organization, by: owner)
        let members = try await server.get("/group/\(groups[0])/members", as: reader)
        #expect(members.elements.map { $0["entityType"] } == ["EMPLOYEE"] && members.position > 0)
        #expect(members.elements[0]["since"]?.string?.hasSuffix("Z") == true)
        #expect(try await server.post("/entity/\(employee)/groups", as: reader, "[]").status == 403)
        #expect(try await server.delete("/entity/\(employee)/groups/\(groups[0])", as: reader).status == 403)
        #expect(try await circle.members(0) == [employee])
    }

    @Test func `An INACTIVE organization takes no change of groups, keys, apps, mappings and preferences`()
        async throws
    {
        let organization = circle.organization
        _ = try await set(employee, groups[0])
        let app = try await server.makeApp(organization, by: owner)
        let key = try await server.makeKey(organization, by: owner)
        try await server.delete("/organization/\(organization)", as: owner)
        let before = try await server.lastEntry(of: organization, as: owner)
        for (method, path, body) in [
            ("POST", "/group", #"{"name":"G","type":"TEAM"}"#), ("PATCH", "/group/\(groups[0])", #"{"name":"N"}"#),
            ("POST", "/group/\(groups[0])/profile", #"{"icon":"i"}"#), ("DELETE", "/group/\(groups[0])", nil),
            ("POST", "/entity/\(employee)/groups", "[]"), ("DELETE", "/entity/\(employee)/groups/\(groups[0])", nil),
            ("POST", "/organization/keys", #"{"name":"k"}"#),
            ("POST", "/organization/\(organization)/keys", #"{"name":"k"}"#),
            ("DELETE", "/organization/keys/\(key.id)", nil),
            ("DELETE", "/organization/\(organization)/keys/\(key.id)", nil),
            ("POST", "/organization/\(organization)/apps", #"{"type":"SLACK"}"#),
            ("PATCH", "/organization/\(organization)/apps/\(app)", #"{"name":"N"}"#),
            ("DELETE", "/organization/\(organization)/apps/\(app)", nil),
            ("PUT", "/group/\(groups[0])/mappings/\(app)/n", #"{"mappedId":"C"}"#),
            ("PUT", "/group/\(groups[0])/preferences/n", #"{"values":{"a":1}}"#),
        ] as [(String, String, String?)] {
            let refused = try await server.send(method, path, as: owner, in: organization, body)
            #expect(refused.status == 422, "\(method) \(path): \(refused.text)")
        }
        let after = try await server.lastEntry(of: organization, as: owner)
        #expect(after["position"] == before["position"])
        #expect(try await circle.members(0) == [employee], "its content is readable")
    }
}
