import CanonicalJSON
import Foundation
import TestSupport
import Testing

@testable import DirectoryAPI

/// Webhooks as they are created, shown and changed.
@Suite struct WebhookTests {
    let cast: Cast
    var server: Server { cast.server }
    var webhooks: String { "/organization/\(cast.organization)/webhooks" }

    init() async throws { cast = try await Cast.make() }

    private func create(_ body: String, headers: [String: String] = [:]) async throws -> Answer {
        try await server.post(webhooks, as: cast.owner, body, headers: headers)
    }

    @Test func `A webhook is created, shown, changed and deleted`() async throws {
        let made = try await create(
            #"{"url":"https://Hooks.Example.invalid/a?b=c","name":"Payroll","types":["group.*","employee.*","group.*"]}"#
        )
        #expect(made.status == 201)
        #expect(made.names == ["id", "url", "name", "types", "active", "status", "created", "secret"])
        #expect(made["url"] == "https://Hooks.Example.invalid/a?b=c")
        #expect(made.json["types"] == ["employee.*", "group.*"])
        #expect(made.header("Location") == "/api/v1\(webhooks)/\(made.id)")
        let path = "\(webhooks)/\(made.id)"
        let shown = try await server.get(path, as: cast.administrator)
        #expect(shown.names == ["id", "url", "name", "types", "active", "status", "created"])
        #expect(shown.tag == made.tag)
        #expect(try await server.get(webhooks, as: cast.owner).text == "[\(shown.text)]")
        let changed = try await server.patch(path, as: cast.owner, #"{"name":null,"types":[],"active":false}"#)
        #expect(changed.status == 200 && changed.json["types"] == [] && changed["name"] == nil)
        #expect(changed.json["active"] == false && changed.json["status"]?["current"] == "INACTIVE")
        #expect(try await server.get(path, as: cast.owner).body == changed.body)
        let stale = try await server.patch(
            path, as: cast.owner, #"{"name":"X"}"#, headers: ["If-Match": made.tag ?? ""])
        #expect(stale.status == 412)
        let gone = try await server.delete(path, as: cast.owner)
        #expect(gone.status == 200 && gone.body == changed.body)
        for method in ["GET", "DELETE"] {
            #expect(try await server.send(method, path, as: cast.owner).status == 404, "\(method)")
        }
        #expect(try await server.get(webhooks, as: cast.owner).text == "[]")
    }

    @Test func `Webhooks are paged in the order of their creation, as they are now`() async throws {
        var made: [String] = []
        for _ in 0..<3 { made.append(try await create(#"{"url":"https://hooks.example.invalid"}"#).id) }
        let first = try await server.get("\(webhooks)?limit=2", as: cast.owner)
        #expect(first.ids == Array(made.prefix(2)))
        let second = try await server.get(try #require(first.nextPath), as: cast.owner)
        #expect(second.ids == [made[2]] && second.nextPath == nil)
        for path in ["", "/\(made[0])", "/\(made[0])/deliveries"] {
            #expect(try await server.get("\(webhooks)\(path)?asOf=1", as: cast.owner).status == 400, "\(path)")
        }
    }

    @Test func `A repeat under its Idempotency-Key leaves the secret out`() async throws {
        let headers = ["Idempotency-Key": "make-webhook"]
        let body = #"{"url":"https://hooks.example.invalid/"}"#
        let made = try await create(body, headers: headers)
        let again = try await create(body, headers: headers)
        #expect(again.status == 201 && again.id == made.id && again["secret"] == nil)
        #expect(again.names == made.names.filter { $0 != "secret" })
        #expect(try await server.get(webhooks, as: cast.owner).ids == [made.id])
        try await server.delete("\(webhooks)/\(made.id)", as: cast.owner)
        #expect(try await create(body, headers: headers).text == again.text)
    }

    @Test func `A body is checked field by field`() async throws {
        let long = String(repeating: "a", count: 2048)
        for (body, status, pointers) in [
            ("{}", 400, ["/url"]), (#"{"url":""}"#, 400, ["/url"]), (#"{"url":"ftp://a.example"}"#, 400, ["/url"]),
            (#"{"url":"https://a.example/\#(long)"}"#, 400, ["/url"]),
            (#"{"url":"https://u@a.example","types":["x"],"name":7}"#, 400, ["/name", "/types", "/url"]),
            (#"{"url":"https://a.example","types":"employee.*"}"#, 400, ["/types"]),
            (#"{"url":"https://a.example","types":["*"]}"#, 400, ["/types"]),
            (#"{"url":"https://a.example","types":["employee.exploded"]}"#, 400, ["/types"]),
            (#"{"url":"https://a.example","types":["EMPLOYEE.*"]}"#, 400, ["/types"]),
            (#"{"url":"https://a.example","secret":"x"}"#, 400, ["/secret"]),
            (#"{"url":"https://a.example","active":true}"#, 400, ["/active"]),
            (#"{"url":"http://a.example"}"#, 422, ["/url"]), (#"{"url":"https://127.0.0.1/"}"#, 422, ["/url"]),
            (#"{"url":"https://a.example.invalid","types":null,"name":""}"#, 201, []),
        ] {
            let answer = try await create(body)
            #expect(answer.status == status && answer.pointers == pointers, "\(body): \(answer.text)")
        }
        let id = try await server.makeWebhook(cast.organization, by: cast.owner).id
        for (body, status, pointers) in [
            (#"{"url":null}"#, 400, ["/url"]), (#"{"active":null}"#, 400, ["/active"]),
            (#"{"active":"no"}"#, 400, ["/active"]), (#"{"url":"http://a.example"}"#, 422, ["/url"]), ("{}", 200, []),
            (#"{"active":true}"#, 200, []),
        ] {
            let answer = try await server.patch("\(webhooks)/\(id)", as: cast.owner, body)
            #expect(answer.status == status && answer.pointers == pointers, "\(body): \(answer.text)")
        }
    }

    @Test func `The trail shows what happened to webhooks, to those who read it`() async throws {
        let id = try await server.makeWebhook(cast.organization, by: cast.owner, types: ["group.*"]).id
        let path = "\(webhooks)/\(id)"
        try await server.patch(path, as: cast.owner, #"{"name":"N","active":false}"#)
        try await server.patch(path, as: cast.owner, #"{"active":true}"#)
        try await server.delete(path, as: cast.owner)
        let trail = try await server.get("/audit?entity=\(id)", as: cast.auditor)
        #expect(
            trail.types == [
                "organization.webhook_created", "organization.webhook_changed", "organization.webhook_disabled",
                "organization.webhook_enabled", "organization.webhook_deleted",
            ])
        let target = trail.entries.first?["targets"]?.array?.last
        #expect(target?["type"] == "WEBHOOK" && target?["id"]?.string == id && target?["name"] == "N")
        let change = trail.entries.first?["changes"]?.array?.first
        #expect(change?["field"] == "/webhooks")
        #expect(text(change?["to"]?["types"]) == #"["group.*"]"#)
        #expect(change?["to"]?["url"] == "https://hooks.example.invalid/")
        let byType = try await server.get("/audit?entityType=WEBHOOK&organization=\(cast.organization)", as: cast.owner)
        #expect(byType.types == trail.types)
        for (person, status) in [(cast.employee, 404), (cast.stranger, 404), (cast.auditor, 200)] {
            #expect(try await server.get("/audit?entity=\(id)", as: person).status == status, "\(person.email)")
        }
    }

    @Test func `A webhook is found in its own organization alone`() async throws {
        let second = try await server.makeOrganization(cast.owner)
        let id = try await server.makeWebhook(cast.organization, by: cast.owner).id
        for webhook in [id, "nonsense", "019abcde-0000-7000-8000-000000000000"] {
            for part in ["", "/deliveries"] {
                let path = "/organization/\(second)/webhooks/\(webhook)\(part)"
                #expect(try await server.get(path, as: cast.owner).status == 404, "\(path)")
            }
            for (method, part, body) in [("PATCH", "", "{}"), ("DELETE", "", nil), ("POST", "/test", nil)] {
                let path = "/organization/\(second)/webhooks/\(webhook)\(part)"
                #expect(try await server.send(method, path, as: cast.owner, body).status == 404, "\(method) \(path)")
            }
        }
    }
}

extension WebhookTests {
    @Test func `A secret is in one answer, and nowhere else`() async throws {
        let recorder = LogRecorder(from: .trace)
        let server = try await Server.start(logger: recorder.logger) {
            $0.webhooks.interval = .milliseconds(20)
        }
        let (organization, owner) = try await server.makeOrganization()
        let (id, secret) = try await server.makeWebhook(organization, by: owner)
        #expect(secret.hasPrefix("whsec_") && Data(base64Encoded: String(secret.dropFirst(6)))?.count == 32)
        let path = "/organization/\(organization)/webhooks/\(id)"
        _ = try await server.deliveries(to: id, of: organization, by: owner) { !$0.isEmpty }
        let base64 = String(secret.dropFirst(6))
        for answer in [
            try await server.post("\(path)/test", as: owner), try await server.get("\(path)/deliveries", as: owner),
            try await server.patch(path, as: owner, #"{"name":"N"}"#), try await server.get(path, as: owner),
            try await server.get("/audit?limit=1000", as: owner), try await server.delete(path, as: owner),
        ] { #expect(answer.status == 200 && !answer.text.contains(base64), "\(answer.text)") }
        let hexadecimal = (Data(base64Encoded: base64) ?? Data()).map { String(format: "%02x", $0) }.joined()
        let database = TestDatabase(url: server.database)
        for table in ["log.events", "log.secrets", "log.webhooks", "log.webhook_deliveries", "webhooks_v1.past"] {
            let found = try await database.number(
                "select count(*) from \(table) t where t::text like '%\(base64)%' or t::text like '%\(hexadecimal)%'")
            #expect(found == 0, "\(table)")
        }
        #expect(try await database.number("select count(*) from log.secrets where owner = '\(id)'") == 0)
        #expect(try await database.number("select count(*) from log.webhook_deliveries") == 0)
        try await server.stop()
        #expect(!recorder.lines.isEmpty)
        for line in recorder.lines { #expect(!line.contains(base64) && !line.contains(hexadecimal), "\(line)") }
    }
}
