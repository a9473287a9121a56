import CanonicalJSON
import Testing

@Suite struct GroupTests {
    @Test func `A group is created, changed, deactivated and activated, and a GET shows each state`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        let made = try await server.post(
            "/group", as: cast.owner, in: cast.organization, #"{"name":"Anvil makers","type":"team"}"#)
        #expect(made.status == 201 && made["type"] == "TEAM" && made.json["mappings"] == [])
        let path = "/group/\(made.id)"
        #expect(made.header("Location") == "/api/v1" + path)
        let changed = try await server.patch(path, as: cast.owner, #"{"name":"Smiths","type":"GUILD"}"#)
        #expect(changed["name"] == "Smiths" && changed["type"] == "GUILD")
        #expect(try await server.delete(path, as: cast.owner).json["active"] == false)
        let activated = try await server.post("\(path)/activate", as: cast.owner)
        #expect(activated.json["active"] == true)
        #expect(try await server.get(path, as: cast.owner).body == activated.body)
        let profile = try await server.post("\(path)/profile", as: cast.owner, #"{"description":"All of them"}"#)
        #expect(profile.status == 201 && profile.text == #"{"description":"All of them"}"#)
        let read = try await server.get("\(path)/profile", as: cast.owner)
        #expect(read.body == profile.body && read.tag == profile.tag)
        let seen = try await server.get(path, as: cast.employee)
        #expect(seen.json["profile"]?["description"] == "All of them" && seen.json["mappings"] == nil)
        #expect(try await server.get(path, as: cast.stranger).status == 404)
        #expect(try await server.patch(path, as: cast.employee, #"{"name":"x"}"#).status == 403)
    }

    @Test(arguments: [
        (#"{"type":"TEAM"}"#, "/name"), (#"{"name":"x"}"#, "/type"), (#"{"name":"","type":"TEAM"}"#, "/name"),
        (#"{"name":"x","type":"a b"}"#, "/type"), (#"{"name":"x","type":"TEAM","icon":"x"}"#, "/icon"),
    ])
    func `A group without a name or a type, or with a field that it does not have, is 400`(
        _ body: String, _ pointer: String
    ) async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let refused = try await server.post("/group", as: owner, in: organization, body)
        #expect(refused.status == 400 && refused.pointers == [pointer])
    }

    @Test func `Groups are listed by status and type`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        var ids: [String] = []
        for type in ["TEAM", "GUILD", "TEAM"] {
            ids.append(try await server.makeGroup(organization, by: owner, type: type))
        }
        try await server.delete("/group/\(ids[0])", as: owner)
        for (query, expected) in [
            ("", [0, 1, 2]), ("?status=ACTIVE", [1, 2]), ("?type=team", [0, 2]),
            ("?type=TEAM&status=INACTIVE", [0]), ("?type=NONE", []),
        ] {
            #expect(try await server.get("/group\(query)", as: owner).ids == expected.map { ids[$0] }, "\(query)")
        }
        let first = try await server.get("/group?type=TEAM&limit=1", as: owner)
        try await server.patch("/group/\(ids[2])", as: owner, #"{"type":"GUILD"}"#)
        let second = try await server.get(try #require(first.nextPath), as: owner)
        #expect(second.ids == [ids[2]] && second.elements[0]["type"] == "TEAM")
    }

    @Test func `A group's history has its changes, and the memberships in it`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let id = try await server.makeGroup(organization, by: owner)
        try await server.patch("/group/\(id)", as: owner, #"{"name":"New"}"#)
        let employee = try await server.makeEmployee(organization, by: owner)
        try await server.setGroups(of: employee, [id], by: owner)
        try await server.setGroups(of: employee, [id], type: "LEAD", by: owner)
        try await server.setGroups(of: employee, [], by: owner)
        let history = try await server.get("/group/\(id)/history", as: owner)
        #expect(
            history.types == [
                "group.created", "group.renamed", "employee.group_joined", "employee.membership_type_changed",
                "employee.group_left",
            ])
        #expect(history.entries[0]["targets"]?.array?.map { $0["type"] } == ["GROUP", "ORGANIZATION"])
        #expect(history.entries[2]["targets"]?.array?.map { $0["type"] } == ["EMPLOYEE", "GROUP"])
        #expect(history.entries[2]["targets"]?.array?.last?["name"] == "New")
        func membership(_ type: String) -> JSON { ["groupId": .string(id), "type": .string(type)] }
        #expect(history.entries[2]["changes"] == [["field": "/groups", "to": membership("MEMBER")]])
        #expect(
            history.entries[3]["changes"] == [
                ["field": "/groups", "from": membership("MEMBER"), "to": membership("LEAD")]
            ])
        #expect(history.entries[4]["changes"] == [["field": "/groups", "from": membership("LEAD")]])
        let filtered = try await server.get("/audit?entityType=GROUP&organization=\(organization)", as: owner)
        #expect(filtered.positions == history.positions)
    }
}
