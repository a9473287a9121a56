import CanonicalJSON
import Testing

@Suite struct MappingTests {
    let cast: Cast
    let app: String
    var server: Server { cast.server }

    init() async throws {
        cast = try await Cast.make()
        app = try await cast.server.makeApp(cast.organization, by: cast.owner)
    }

    private func mappings(_ answer: Answer) -> [JSON]? { answer.json["mappings"]?.array }

    private func path(_ entity: String, _ namespace: String = "user") -> String {
        "\(entity)/mappings/\(app)/\(namespace)"
    }

    private var entities: [String] {
        [
            "/organization/\(cast.organization)", "/employee/\(cast.employeeEmployee)", "/account/\(cast.employee.id)",
        ]
    }

    @Test func `The answer is the entity that a GET shows, with its tag`() async throws {
        let body = #"{"mappedId":"U1","reference":"r","mappingData":{"b":1,"a":2}}"#
        let shown: JSON = [
            "app": .string(app), "namespace": "user", "mappedId": "U1", "reference": "r",
            "mappingData": ["a": 2, "b": 1], "mappingSecrets": [:],
        ]
        for entity in entities {
            let before = try await server.get(entity, as: cast.owner)
            let set = try await server.put(path(entity), as: cast.owner, body)
            #expect(set.status == 200, "\(set.text)")
            #expect(mappings(set) == [shown])
            #expect(set.tag != before.tag)
            let after = try await server.get(entity, as: cast.owner)
            #expect(after.body == set.body && after.tag == set.tag)
            let again = try await server.put(path(entity), as: cast.owner, body)
            #expect(again.body == set.body && again.tag == set.tag)
            let removed = try await server.delete(path(entity), as: cast.owner)
            #expect(removed.status == 200 && mappings(removed) == [])
            let gone = try await server.get(entity, as: cast.owner)
            #expect(gone.body == removed.body && gone.tag == removed.tag)
            #expect(try await server.delete(path(entity), as: cast.owner).status == 404)
        }
    }

    @Test func `An id in an app refers to one entity of each kind`() async throws {
        for entity in entities {
            #expect(try await server.put(path(entity), as: cast.owner, #"{"mappedId":"U 1"}"#).status == 200)
        }
        let taken = try await server.put(
            path("/employee/\(cast.managerEmployee)"), as: cast.owner, #"{"mappedId":"U 1"}"#)
        #expect(taken.status == 409 && taken.pointers == ["/mappedId"])
        let found = try await server.get("/entity/by-mapping/\(app)/user/U%201", as: cast.auditor)
        #expect(
            found.json == [
                ["entity": .string(cast.organization), "entityType": "ORGANIZATION"],
                ["entity": .string(cast.employeeEmployee), "entityType": "EMPLOYEE"],
                ["entity": .string(cast.employee.id), "entityType": "ACCOUNT"],
            ])
        for other in ["\(app)/chat/U%201", "\(app)/user/u%201"] {
            #expect(try await server.get("/entity/by-mapping/\(other)", as: cast.owner).elements.isEmpty)
        }
        for unknown in ["nonsense", cast.organization] {
            #expect(try await server.get("/entity/by-mapping/\(unknown)/user/U", as: cast.owner).status == 404)
        }
    }

    @Test func `An account that the caller no longer sees is left out`() async throws {
        try await server.put(path("/account/\(cast.employee.id)"), as: cast.owner, #"{"mappedId":"U1"}"#)
        let found = "/entity/by-mapping/\(app)/user/U1"
        #expect(try await server.get(found, as: cast.owner).elements.count == 1)
        try await server.patch("/employee/\(cast.employeeEmployee)", as: cast.owner, #"{"account":null}"#)
        try await server.delete(
            "/account/\(cast.employee.id)/grant?orgId=\(cast.organization)&role=EMPLOYEE", as: cast.owner)
        #expect(try await server.get(found, as: cast.owner).elements.isEmpty)
        #expect(try await server.get(found, as: server.admin).elements.count == 1)
    }

    @Test func `Mappings of an account are seen by itself, and by those who oversee the app's organization`()
        async throws
    {
        let account = "/account/\(cast.employee.id)"
        try await server.grant("EMPLOYEE", to: cast.employee, in: cast.foreign, by: cast.stranger)
        let foreign = try await server.makeApp(cast.foreign, by: cast.stranger)
        try await server.put(path(account), as: cast.owner, #"{"mappedId":"U1"}"#)
        try await server.put("\(account)/mappings/\(foreign)/user", as: cast.stranger, #"{"mappedId":"U2"}"#)
        func seen(_ caller: Person) async throws -> [String?] {
            (try await mappings(server.get(account, as: caller)) ?? []).map { $0["mappedId"]?.string }
        }
        #expect(try await seen(cast.employee) == ["U1", "U2"])
        #expect(try await seen(server.admin) == ["U1", "U2"])
        #expect(try await seen(cast.owner) == ["U1"])
        #expect(try await seen(cast.auditor) == ["U1"])
        #expect(try await seen(cast.stranger) == ["U2"])
        #expect(try await seen(server.confined(cast.employee, to: cast.foreign)) == ["U2"])
        let employee = "/employee/\(cast.employeeEmployee)"
        try await server.put(path(employee), as: cast.owner, #"{"mappedId":"U1"}"#)
        #expect(try await mappings(server.get(employee, as: cast.manager)) == nil)
        #expect(try await mappings(server.get(employee, as: cast.employee))?.count == 1)
    }

    @Test func `A malformed mapping names the fields at fault`() async throws {
        let target = path("/employee/\(cast.employeeEmployee)")
        for (bad, pointers) in [
            ("{}", ["/mappedId"]), (#"{"mappedId":""}"#, ["/mappedId"]),
            (
                #"{"mappedId":1,"reference":2,"mappingData":[],"x":1}"#,
                ["/mappedId", "/mappingData", "/reference", "/x"]
            ),
        ] {
            let refused = try await server.put(target, as: cast.owner, bad)
            #expect(refused.status == 400 && refused.pointers == pointers, "\(bad): \(refused.text)")
        }
    }

    @Test func `The trail has a mapping under its entity, its app and its organization`() async throws {
        let employee = "/employee/\(cast.employeeEmployee)"
        try await server.put(path(employee), as: cast.owner, #"{"mappedId":"U1"}"#)
        try await server.put(path(employee), as: cast.owner, #"{"mappedId":"U1","reference":"r"}"#)
        try await server.delete(path(employee), as: cast.owner)
        func element(_ more: (String, JSON)...) -> JSON {
            .object(
                ([("app", .string(app)), ("namespace", "user")] + more).map { JSON.Member(name: $0, value: $1) })
        }
        for path in ["\(employee)/history?type=employee.mapping_set", "/audit?entity=\(app)&type=employee.mapping_set"]
        {
            let trail = try await server.get(path, as: cast.auditor)
            #expect(
                trail.elements.map { $0["changes"] } == [
                    [["field": "/mappings", "to": element(("mappedId", "U1"))]],
                    [["field": "/mappings", "from": element(), "to": element(("reference", "r"))]],
                ], "\(path)")
            #expect(trail.elements.first?["targets"]?.array?.map { $0["type"] } == ["EMPLOYEE", "APP"])
        }
        let removed = try await server.get("\(employee)/history?type=employee.mapping_removed", as: cast.auditor)
        #expect(
            removed.elements.map { $0["changes"] } == [
                [["field": "/mappings", "from": element(("mappedId", "U1"))]]
            ])
    }
}
