import CanonicalJSON
import Foundation
import TestSupport
import Testing

@testable import DirectoryAPI

/// Operations 17 to 20.
@Suite struct OrganizationKeyTests {
    @Test func `A new key shows its secret in its first answer and nowhere else`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let body = #"{"name":"payroll","limitToRole":"auditor"}"#
        let made = try await server.post("/organization/\(organization)/keys", as: owner, body)
        #expect(made.status == 201)
        #expect(made.names == ["id", "name", "limitToRole", "secretBase64"])
        #expect(made["name"] == "payroll" && made["limitToRole"] == "AUDITOR")
        let secret = try #require(made["secretBase64"])
        #expect(Data(base64Encoded: secret)?.count == 32)
        #expect(made.header("Location") == "/api/v1/organization/\(organization)/keys/\(made.id)")
        let shown = try await server.get("/organization/\(organization)", as: owner)
        #expect(shown.tag == made.tag)
        #expect(
            shown.json["keys"]?.array == [
                ["id": .string(made.id), "name": "payroll", "limitToRole": "AUDITOR"]
            ])
        let (stored, events) = (try await server.stored(secret), try await server.get("/audit?limit=1000", as: owner))
        #expect(stored == 0, "the database does not hold it in the clear")
        #expect(!events.text.contains(secret) && events.text.contains("payroll"))
        let gone = try await server.delete("/organization/\(organization)/keys/\(made.id)", as: owner)
        #expect(gone.status == 200 && gone.names == ["id", "name", "limitToRole"])
        let left = try await server.get("/organization/\(organization)", as: owner)
        #expect(left.json["keys"] == [] && left.tag == gone.tag)
        #expect(try await server.delete("/organization/\(organization)/keys/\(made.id)", as: owner).status == 404)
    }

    @Test func `The current organization's keys are made and deleted without naming it`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let made = try await server.post("/organization/keys", as: owner, #"{"name":"k"}"#)
        #expect(made.status == 201 && made["limitToRole"] == "OWNER")
        let location = try #require(made.header("Location"))
        #expect(location == "/api/v1/organization/keys/\(made.id)")
        let foreign = try await server.makeOrganization(owner)
        #expect(try await server.delete(location, as: owner, in: foreign).status == 404)
        #expect(try await server.delete(location, as: owner).status == 400, "neither is the only one now")
        #expect(try await server.delete(location, as: owner, in: organization).status == 200)
    }

    @Test func `A repeat under its Idempotency-Key leaves the secret out`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let path = "/organization/\(organization)/keys"
        let headers = ["Idempotency-Key": "make-key"]
        let made = try await server.post(path, as: owner, #"{"name":"k"}"#, headers: headers)
        let again = try await server.post(path, as: owner, #"{"name":"k"}"#, headers: headers)
        #expect(again.status == 201 && again.id == made.id && again.names == ["id", "name", "limitToRole"])
        for header in ["ETag", "Location", "Directory-Position"] {
            #expect(again.header(header) == made.header(header), "\(header)")
        }
        let gone = try await server.delete("\(path)/\(made.id)", as: owner)
        #expect(gone.status == 200)
        // The entity as of that position, although it is gone.
        let late = try await server.post(path, as: owner, #"{"name":"k"}"#, headers: headers)
        #expect(late.status == 201 && late.text == again.text)
        #expect(try await server.get("/organization/\(organization)", as: owner).json["keys"] == [])
    }

    @Test func `If-Match names the organization's state`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let path = "/organization/\(organization)/keys"
        let tag = try #require(try await server.get("/organization/\(organization)", as: owner).tag)
        let made = try await server.post(path, as: owner, #"{"name":"k"}"#, headers: ["If-Match": tag])
        #expect(made.status == 201)
        #expect(try await server.post(path, as: owner, #"{"name":"k"}"#, headers: ["If-Match": tag]).status == 412)
        #expect(try await server.delete("\(path)/\(made.id)", as: owner, headers: ["If-Match": tag]).status == 412)
        let newer = try #require(made.tag)
        #expect(try await server.delete("\(path)/\(made.id)", as: owner, headers: ["If-Match": newer]).status == 200)
    }

    @Test func `A body is checked field by field`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let path = "/organization/\(organization)/keys"
        for (body, status, pointers) in [
            ("{}", 400, ["/name"]), (#"{"name":"","limitToRole":7}"#, 400, ["/limitToRole", "/name"]),
            (#"{"name":"k","limitToRole":"a b"}"#, 400, ["/limitToRole"]),
            (#"{"name":"k","secretBase64":"x"}"#, 400, ["/secretBase64"]),
            (#"{"name":"k","limitToRole":"SYSTEM_ADMIN"}"#, 422, ["/limitToRole"]),
            (#"{"name":"k","limitToRole":"WIZARD"}"#, 422, ["/limitToRole"]),
            (#"{"name":"k","limitToRole":null}"#, 201, []),
        ] {
            let answer = try await server.post(path, as: owner, body)
            #expect(answer.status == status && answer.pointers == pointers, "\(body): \(answer.text)")
        }
    }

    @Test func `Keys are shown to OWNER, ADMIN and AUDITOR`() async throws {
        let cast = try await Cast.make()
        let key = try await cast.server.makeKey(cast.organization, by: cast.owner)
        for (person, sees) in [
            (cast.owner, true), (cast.administrator, true), (cast.auditor, true), (cast.manager, false),
            (cast.employee, false),
        ] {
            let shown = try await cast.server.get("/organization/\(cast.organization)", as: person)
            #expect(shown.text.contains(key.id) == sees, "\(person.email)")
            #expect(shown.names.contains("keys") == sees)
            let list = try await cast.server.get("/organization", as: person)
            #expect(list.text.contains(key.id) == sees, "\(person.email)")
        }
    }

    @Test func `The trail names the key, deleted or not, to those who may see it`() async throws {
        let cast = try await Cast.make()
        let server = cast.server
        let key = try await server.makeKey(cast.organization, by: cast.owner, limit: "ADMIN")
        try await server.delete("/organization/\(cast.organization)/keys/\(key.id)", as: cast.owner)
        let trail = try await server.get("/audit?entity=\(key.id)", as: cast.auditor)
        #expect(trail.types == ["organization.key_created", "organization.key_deleted"])
        let first = try #require(trail.elements.first)
        let target = first["targets"]?.array?.last
        #expect(target?["type"] == "KEY" && target?["id"]?.string == key.id && target?["name"] != nil)
        let change = first["changes"]?.array?.first
        #expect(change?["field"] == "/keys" && change?["to"]?["limitToRole"] == "ADMIN")
        #expect(change?["to"]?["name"] == target?["name"])
        let byType = try await server.get("/audit?entityType=KEY&organization=\(cast.organization)", as: cast.owner)
        #expect(byType.types == trail.types)
        for (person, status) in [(cast.employee, 404), (cast.stranger, 404), (cast.owner, 200)] {
            #expect(try await server.get("/audit?entity=\(key.id)", as: person).status == status, "\(person.email)")
        }
    }
}

extension OrganizationKeyTests {
    @Test func `An organization has at most 100 keys, and room again when one is deleted`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        var last = ""
        for _ in 0..<100 { last = try await server.makeKey(organization, by: owner).id }
        let path = "/organization/\(organization)/keys"
        #expect(try await server.post(path, as: owner, #"{"name":"k"}"#).status == 422)
        try await server.delete("\(path)/\(last)", as: owner)
        #expect(try await server.post(path, as: owner, #"{"name":"k"}"#).status == 201)
    }

    @Test func `A key is found in its own organization alone, and a malformed id is 404`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let second = try await server.makeOrganization(owner)
        let key = try await server.makeKey(organization, by: owner)
        let caller = key.person(owner)
        for path in [
            "/organization/\(second)/keys/\(key.id)", "/organization/\(organization)/keys/x",
            "/organization/\(organization)/keys/01890000-0000-7000-8000-000000000000", "/organization/x/keys/\(key.id)",
        ] { #expect(try await server.delete(path, as: owner).status == 404, "\(path)") }
        #expect(try await server.get("/account/me", as: caller).status == 200, "it still signs")
    }

    @Test func `Keys may have one name, and each has a secret of its own`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let path = "/organization/\(organization)/keys"
        let made = [
            try await server.post(path, as: owner, #"{"name":"k"}"#),
            try await server.post(path, as: owner, #"{"name":"k"}"#),
        ]
        #expect(made.map(\.status) == [201, 201])
        #expect(made[0]["secretBase64"] != made[1]["secretBase64"])
    }

    @Test func `No secret is logged, of a key or an app, in whatever request it comes`() async throws {
        let recorder = LogRecorder(from: .trace)
        let server = try await Server.start(logger: recorder.logger)
        let (organization, owner) = try await server.makeOrganization()
        let made = try await server.post("/organization/\(organization)/keys", as: owner, #"{"name":"k"}"#)
        let key = try #require(made["secretBase64"])
        let app = unique("hush-of-an-app")
        for body in [
            #"{"type":"SLACK","secretData":{"token":"\#(app)"}}"#, #"{"type":"a b","secretData":{"token":"\#(app)"}}"#,
            #"{"type":"SLACK","secretData":{"token":"\#(app)"}"#,
        ] { try await server.post("/organization/\(organization)/apps", as: owner, body) }
        try await server.post("/organization/by-app-secret/SLACK/token", as: owner, #"{"secret":"\#(app)"}"#)
        try await server.post("/organization/by-app-secret/SLACK/token", as: owner, #"{"secret":"\#(app)"#)
        try await server.stop()
        #expect(!recorder.lines.isEmpty)
        for line in recorder.lines { #expect(!line.contains(key) && !line.contains(app), "\(line)") }
    }
}

extension Server {
    /// In how many rows of the log and of secrets a text is found, as it is or as the bytes that it encodes.
    fileprivate func stored(_ base64: String) async throws -> Int64 {
        let bytes = (Data(base64Encoded: base64) ?? Data()).map { String(format: "%02x", $0) }.joined()
        return try await TestDatabase(url: database).number(
            """
            select (select count(*) from log.events e where e::text like '%\(base64)%' or e::text like '%\(bytes)%')
                + (select count(*) from log.secrets s where s::text like '%\(base64)%' or s::text like '%\(bytes)%')
            """)
    }
}
