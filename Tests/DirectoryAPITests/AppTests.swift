import CanonicalJSON
import Testing

@Suite struct AppTests {
    let cast: Cast
    var server: Server { cast.server }

    init() async throws { cast = try await Cast.make() }

    private var apps: String { "/organization/\(cast.organization)/apps" }

    private func add(_ body: String) async throws -> Answer { try await server.post(apps, as: cast.owner, body) }

    @Test func `An app is added, shown, changed and deactivated`() async throws {
        let made = try await add(
            #"{"type":"slack","externalId":"T1","name":"Chat","internal":false,"appData":{"b":1,"a":"x"}}"#)
        #expect(made.status == 201)
        #expect(made.header("Location") == "/api/v1\(apps)/\(made.id)")
        #expect(
            made.names == [
                "id", "externalId", "internal", "name", "type", "active", "status", "created", "organization",
                "secretData", "appData",
            ])
        #expect(made["type"] == "SLACK" && made["organization"] == cast.organization)
        #expect(made.json["appData"] == ["a": "x", "b": 1] && made.json["secretData"] == [:])
        let path = "\(apps)/\(made.id)"
        let got = try await server.get(path, as: cast.auditor)
        #expect(got.body == made.body && got.tag == made.tag)
        let changed = try await server.patch(path, as: cast.administrator, #"{"internal":null,"appData":{"c":2}}"#)
        #expect(changed.status == 200 && changed.json["internal"] == nil && changed.json["appData"] == ["c": 2])
        #expect(changed.tag != made.tag)
        #expect(
            try await server.patch(path, as: cast.owner, #"{"name":"X"}"#, headers: ["If-Match": made.tag ?? ""]).status
                == 412)
        let gone = try await server.delete(path, as: cast.owner)
        #expect(gone.json["active"] == false)
        #expect(try await server.delete(path, as: cast.owner).body == gone.body)
        let back = try await server.post("\(path)/activate", as: cast.owner)
        #expect(back.json["active"] == true)
        #expect(try await server.get(path, as: cast.owner).body == back.body)
        #expect(try await server.get(apps, as: cast.auditor).text == "[\(back.text)]")
    }

    @Test func `An organization shows its apps to those who see what is hidden, and its tag moves with them`()
        async throws
    {
        let path = "/organization/\(cast.organization)"
        let before = try await server.get(path, as: cast.owner)
        let first = try await add(#"{"type":"SLACK"}"#), second = try await add(#"{"type":"TEAMS"}"#)
        let after = try await server.get(path, as: cast.auditor)
        #expect(after.json["apps"]?.array?.map { $0["id"]?.string } == [first.id, second.id])
        #expect(after.tag != before.tag)
        #expect(try await server.get(path, as: cast.employee).json["apps"] == nil)
    }

    @Test func `Apps are paged in the order in which they were added`() async throws {
        var made: [String] = []
        for _ in 0..<3 { made.append(try await add(#"{"type":"SLACK"}"#).id) }
        let first = try await server.get("\(apps)?limit=2", as: cast.owner)
        #expect(first.ids == Array(made.prefix(2)))
        #expect(try await server.get(try #require(first.nextPath), as: cast.owner).ids == [made[2]])
    }

    @Test func `A malformed app names the fields at fault`() async throws {
        let refused = try await add(#"{"type":"a b","internal":"yes","appData":[],"name":" ","more":1}"#)
        #expect(refused.status == 400)
        #expect(refused.pointers == ["/appData", "/internal", "/more", "/name", "/type"])
        let made = try await add(#"{"type":"SLACK"}"#)
        let patched = try await server.patch("\(apps)/\(made.id)", as: cast.owner, #"{"type":null}"#)
        #expect(patched.status == 400 && patched.pointers == ["/type"])
    }

    @Test func `Organizations are found by type, external id and data of their ACTIVE apps`() async throws {
        let type = unique("T").uppercased().replacing(" ", with: "")
        let second = try await server.makeOrganization(cast.owner)
        let app = try await server.makeApp(
            cast.organization, by: cast.owner,
            #"{"type":"\#(type)","externalId":"E/1","appData":{"plan":"gold","seats":12,"paid":true,"deep":{"a":1}}}"#)
        _ = try await server.makeApp(second, by: cast.owner, #"{"type":"\#(type)","externalId":"E2"}"#)
        _ = try await server.makeApp(
            cast.foreign, by: cast.stranger, #"{"type":"\#(type)","externalId":"E/1","appData":{"plan":"gold"}}"#)
        func found(_ path: String, by caller: Person? = nil) async throws -> [String] {
            try await server.get("/organization/\(path)", as: caller ?? cast.owner).ids
        }
        let both = [cast.organization, second], first = [cast.organization]
        #expect(try await found("by-app/\(type)") == both)
        #expect(try await found("by-app/\(type.lowercased())") == both)
        #expect(try await Set(found("by-app/\(type)", by: server.admin)) == Set(both + [cast.foreign]))
        #expect(try await found("by-app/\(type)", by: cast.auditor) == first)
        #expect(try await found("by-app/\(type)", by: server.confined(cast.owner, to: second)) == [second])
        #expect(try await found("by-app-id/\(type)/E%2F1") == first)
        #expect(try await found("by-app-id/\(type)/E%2F1", by: cast.stranger) == [cast.foreign])
        #expect(try await found("by-app-id/\(type)/e%2F1").isEmpty)
        for (key, value) in [("plan", "gold"), ("seats", "12"), ("paid", "true")] {
            #expect(try await found("by-app-data/\(type)/\(key)/\(value)") == first, "\(key)")
        }
        for (key, value) in [("plan", "tin"), ("deep", "%7B%22a%22%3A1%7D"), ("none", "null"), ("plan", "%22gold%22")] {
            #expect(try await found("by-app-data/\(type)/\(key)/\(value)").isEmpty, "\(key)")
        }
        let whole = try await server.get("/organization/\(second)", as: cast.owner)
        #expect(try await server.get("/organization/by-app-id/\(type)/E2", as: cast.owner).text == "[\(whole.text)]")
        #expect(try await server.get("/organization/by-app/\(type)", as: cast.employee).status == 403)
        let page = try await server.get("/organization/by-app/\(type)?limit=1", as: cast.owner)
        #expect(page.ids == first)
        #expect(try await server.get(try #require(page.nextPath), as: cast.owner).ids == [second])
        try await server.delete("\(apps)/\(app)", as: cast.owner)
        #expect(try await found("by-app/\(type)") == [second])
        #expect(try await found("by-app-id/\(type)/E%2F1").isEmpty)
    }

    @Test func `The trail shows what changed of an app, under its name`() async throws {
        let made = try await add(#"{"type":"SLACK","name":"Chat","appData":{"a":1}}"#)
        let path = "\(apps)/\(made.id)"
        try await server.patch(path, as: cast.owner, #"{"type":"TEAMS","name":"Talk"}"#)
        try await server.delete(path, as: cast.owner)
        let trail = try await server.get("/audit?entity=\(made.id)", as: cast.auditor)
        #expect(trail.types == ["organization.app_added", "organization.app_changed", "organization.app_deactivated"])
        let id = JSON.string(made.id)
        #expect(
            trail.elements.map { $0["changes"] } == [
                [["field": "/apps", "to": ["id": id, "type": "SLACK", "name": "Chat", "appData": ["a": 1]]]],
                [
                    [
                        "field": "/apps", "from": ["id": id, "name": "Chat", "type": "SLACK"],
                        "to": ["id": id, "name": "Talk", "type": "TEAMS"],
                    ]
                ],
                [
                    [
                        "field": "/apps", "from": ["id": id, "status": "ACTIVE"],
                        "to": ["id": id, "status": "INACTIVE"],
                    ]
                ],
            ])
        #expect(trail.elements.first?["targets"]?.array?.last == ["type": "APP", "id": id, "name": "Talk"])
        #expect(try await server.get("/audit?entityType=APP&entity=\(made.id)", as: cast.owner).elements.count == 3)
        #expect(try await server.get("/audit?entity=\(made.id)", as: cast.employee).status == 404)
        #expect(try await server.get("/audit?entity=\(made.id)", as: cast.stranger).status == 404)
    }
}
