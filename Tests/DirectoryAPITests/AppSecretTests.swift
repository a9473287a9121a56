import CanonicalJSON
import TestSupport
import Testing

@Suite struct AppSecretTests {
    let cast: Cast
    var server: Server { cast.server }

    init() async throws { cast = try await Cast.make() }

    private var apps: String { "/organization/\(cast.organization)/apps" }

    private func found(
        _ type: String, _ key: String, _ secret: String, by caller: Person? = nil
    ) async throws -> [String] {
        try await server.post(
            "/organization/by-app-secret/\(type)/\(key)", as: caller ?? cast.owner, #"{"secret":"\#(secret)"}"#
        ).ids
    }

    @Test func `Secrets are shown by their names, merged, and found`() async throws {
        let (type, secret) = (unique("T").uppercased(), unique("hush"))
        let made = try await server.post(
            apps, as: cast.owner,
            #"{"type":"\#(type)","secretData":{"token":"\#(secret)","other":"x","none":null,"kept":"••••"}}"#)
        #expect(made.status == 201, "\(made.text)")
        #expect(made.json["secretData"] == ["other": "••••", "token": "••••"])
        #expect(try await found(type, "token", secret) == [cast.organization])
        #expect(try await found(type.lowercased(), "token", secret) == [cast.organization])
        #expect(try await found(type, "other", secret).isEmpty)
        #expect(try await found(type, "token", "x").isEmpty)
        #expect(try await found("OTHER", "token", secret).isEmpty)
        #expect(try await found(type, "token", secret, by: cast.stranger).isEmpty)
        let path = "\(apps)/\(made.id)"
        let same = try await server.patch(
            path, as: cast.owner, #"{"secretData":{"token":"\#(secret)","other":"••••","none":null}}"#)
        #expect(same.tag == made.tag && same.body == made.body)
        let changed = try await server.patch(path, as: cast.owner, #"{"secretData":{"token":"new","other":null}}"#)
        #expect(changed.json["secretData"] == ["token": "••••"] && changed.tag != made.tag)
        #expect(try await server.get(path, as: cast.owner).body == changed.body)
        #expect(try await found(type, "token", secret).isEmpty)
        #expect(try await found(type, "token", "new") == [cast.organization])
        #expect(try await found(type, "other", "x").isEmpty)
        try await server.delete(path, as: cast.owner)
        #expect(try await found(type, "token", "new").isEmpty)
    }

    @Test func `A secret is nowhere but in the digest`() async throws {
        let secret = unique("hush") + "hush"
        let made = try await server.post(
            apps, as: cast.owner, #"{"type":"SLACK","secretData":{"token":"\#(secret)"}}"#)
        let mapping = "/employee/\(cast.employeeEmployee)/mappings/\(made.id)/user"
        let body = #"{"mappedId":"U","mappingSecrets":{"refresh":"\#(secret)"}}"#
        let mapped = try await server.put(mapping, as: cast.owner, body)
        #expect(mapped.status == 200, "\(mapped.text)")
        for path in ["/audit?limit=1000", "\(apps)/\(made.id)", "/employee/\(cast.employeeEmployee)"] {
            let answer = try await server.get(path, as: cast.owner)
            #expect(answer.status == 200 && !answer.text.contains(secret))
        }
        let database = TestDatabase(url: server.database)
        for table in ["log.events", "log.secrets", "log.receipts", "apps_v1.current", "mappings_v1.current"] {
            let rows = try await database.query("select count(*) from \(table) t where t::text like '%\(secret)%'")
            #expect(try rows.first?.int(0) == 0, "\(table)")
        }
        let digests = try await database.query(
            "select count(*) from log.secrets where owner = '\(made.id)' and digest is not null and sealed is null")
        #expect(try digests.first?.int(0) == 1)
    }

    @Test func `A mapping's secrets are kept by a PUT without them, and go with the mapping`() async throws {
        let app = try await server.makeApp(cast.organization, by: cast.owner)
        let path = "/employee/\(cast.employeeEmployee)/mappings/\(app)/user"
        func secrets(_ answer: Answer) -> JSON? { answer.json["mappings"]?.array?.first?["mappingSecrets"] }
        let first = try await server.put(
            path, as: cast.owner, #"{"mappedId":"U","reference":"r","mappingSecrets":{"a":"1","b":"2"}}"#)
        #expect(secrets(first) == ["a": "••••", "b": "••••"])
        let kept = try await server.put(path, as: cast.owner, #"{"mappedId":"U"}"#)
        #expect(secrets(kept) == ["a": "••••", "b": "••••"])
        let same = try await server.put(
            path, as: cast.owner, #"{"mappedId":"U","mappingSecrets":{"a":"1","b":"••••"}}"#)
        #expect(same.tag == kept.tag)
        let merged = try await server.put(
            path, as: cast.owner, #"{"mappedId":"U","mappingSecrets":{"a":null,"c":"3"}}"#)
        #expect(secrets(merged) == ["b": "••••", "c": "••••"])
        let database = TestDatabase(url: server.database)
        func count() async throws -> Int64? {
            try await database.query(
                "select count(*) from log.secrets s join mappings_v1.past m on m.id = s.owner where m.app = '\(app)'"
            ).first?.int(0)
        }
        #expect(try await count() ?? 0 > 0)
        try await server.delete(path, as: cast.owner)
        #expect(try await count() == 0)
        let again = try await server.put(path, as: cast.owner, #"{"mappedId":"U"}"#)
        #expect(secrets(again) == [:])
    }

    @Test func `The trail shows both sides of a secret as what it is not`() async throws {
        let made = try await server.post(apps, as: cast.owner, #"{"type":"SLACK","secretData":{"a":"1","b":"2"}}"#)
        try await server.patch("\(apps)/\(made.id)", as: cast.owner, #"{"secretData":{"a":"3","b":null}}"#)
        let trail = try await server.get(
            "/audit?entity=\(made.id)&type=organization.app_secrets_changed", as: cast.auditor)
        let id = JSON.string(made.id)
        #expect(
            trail.elements.last?["changes"] == [
                [
                    "field": "/apps", "from": ["id": id, "secretData": ["a": "••••", "b": "••••"]],
                    "to": ["id": id, "secretData": ["a": "••••"]],
                ]
            ])
    }

    @Test func `A malformed secret names the field at fault, and at most 100 are kept`() async throws {
        for bad in [#"[]"#, #"{"a":1}"#, #"{"":"x"}"#, #"{"a":""}"#, #"{"a":"\u0000"}"#, #"{"a":"\u202e"}"#] {
            let refused = try await server.post(apps, as: cast.owner, #"{"type":"SLACK","secretData":\#(bad)}"#)
            #expect(refused.status == 400, "\(bad)")
            #expect(!refused.text.contains("u202e"))
        }
        let many = (0...100).map { #""s\#($0)":"x""# }.joined(separator: ",")
        let refused = try await server.post(apps, as: cast.owner, #"{"type":"SLACK","secretData":{\#(many)}}"#)
        #expect(refused.status == 422 && refused.pointers == ["/secretData"])
        #expect(try await server.post("/organization/by-app-secret/SLACK/a", as: cast.owner, "{}").status == 400)
        let denied = try await server.post(
            "/organization/by-app-secret/SLACK/a", as: cast.employee, #"{"secret":"x"}"#)
        #expect(denied.status == 403)
    }

    @Test func `The search by a secret is a query: it appends nothing, and takes no Idempotency-Key`() async throws {
        let type = unique("T").uppercased(), headers = ["Idempotency-Key": unique("query")]
        try await server.post(apps, as: cast.owner, #"{"type":"\#(type)","secretData":{"token":"one"}}"#)
        let database = TestDatabase(url: server.database)
        func search(_ secret: String) async throws -> [String] {
            try await server.post(
                "/organization/by-app-secret/\(type)/token", as: cast.owner, #"{"secret":"\#(secret)"}"#,
                headers: headers
            ).ids
        }
        #expect(try await search("one") == [cast.organization])
        #expect(try await search("two").isEmpty, "it is no repeat of the first")
        let receipts = try await database.query(
            "select count(*) from log.events where origin ->> 'idempotencyKey' = '\(headers.values.first ?? "")'")
        #expect(try receipts.first?.int(0) == 0)
    }

    @Test func `One secret of two organizations finds each for those who see its apps`() async throws {
        let type = unique("T").uppercased(), secret = unique("shared")
        let body = #"{"type":"\#(type)","secretData":{"token":"\#(secret)"}}"#
        try await server.post(apps, as: cast.owner, body)
        try await server.post("/organization/\(cast.foreign)/apps", as: cast.stranger, body)
        #expect(try await found(type, "token", secret) == [cast.organization])
        #expect(try await found(type, "token", secret, by: cast.stranger) == [cast.foreign])
        #expect(try await found(type, "token", secret, by: server.admin) == [cast.organization, cast.foreign])
        #expect(try await found(type, "token", String(secret.dropLast())).isEmpty)
    }

    @Test func `A mapping's secret finds no organization`() async throws {
        let type = unique("T").uppercased()
        let app = try await server.makeApp(cast.organization, by: cast.owner, #"{"type":"\#(type)"}"#)
        try await server.put(
            "/employee/\(cast.employeeEmployee)/mappings/\(app)/user", as: cast.owner,
            #"{"mappedId":"U","mappingSecrets":{"token":"of a mapping"}}"#)
        #expect(try await found(type, "token", "of a mapping").isEmpty)
    }
}
