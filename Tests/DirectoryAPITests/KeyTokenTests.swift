import CanonicalJSON
import Testing

@testable import DirectoryAPI

/// Tokens that organizations' keys sign.
@Suite struct KeyTokenTests {
    private func status(_ server: Server, _ token: String, _ path: String = "/account/me") async throws -> Int {
        try await server.send("GET", path, token: token).status
    }

    @Test func `A token is signed with the bytes of the secret, and names its key as kid`() async throws {
        let cast = try await Cast.make()
        let server = cast.server
        let key = try await server.makeKey(cast.organization, by: cast.owner)
        let other = try await server.makeKey(cast.organization, by: cast.owner)
        let id = cast.employee.id
        #expect(try await status(server, key.token(id)) == 200)
        #expect(try await status(server, key.token(cast.employee.email)) == 200)
        #expect(try await status(server, key.token(id, #","org":"\#(cast.organization)""#)) == 200)
        for forged in [
            key.token(id, #","org":"\#(cast.foreign)""#), key.token(id, #","org":"x""#), key.token(id, kid: other.id),
            key.token(id, kid: "01890000-0000-7000-8000-000000000000"), key.token(id, kid: ""),
            key.token(id, kid: "x' or true --"), key.token(id, algorithm: "HS384"), key.token(id, algorithm: "none"),
            key.token(id, algorithm: "RS256"), key.token(id, secret: Server.secret), key.token(id, secret: []),
            key.token(cast.stranger.id), key.token(cast.inactive.id), key.token(server.admin.id),
            key.token("nobody@example.org"), key.token(id, #","exp":1"#), key.token(id, #","nbf":4102444799"#),
        ] { #expect(try await status(server, forged) == 401, "\(forged)") }
        // The secret's own text is not the secret.
        let text = Array(Base64URL.encode(key.secret).utf8)
        #expect(try await status(server, key.token(id, secret: text)) == 401)
    }

    @Test func `It has rights in its organization only, whatever its account has elsewhere`() async throws {
        let cast = try await Cast.make()
        let server = cast.server
        try await server.grant("OWNER", to: cast.owner, in: cast.foreign, by: cast.stranger)
        let caller = try await server.makeKey(cast.organization, by: cast.owner).person(cast.owner)
        #expect(try await server.get("/organization", as: caller).ids == [cast.organization])
        #expect(try await server.get("/organization/\(cast.foreign)", as: caller).status == 404)
        #expect(try await server.get("/employee", as: caller, in: cast.foreign).status == 400)
        #expect(try await server.get("/account/\(cast.stranger.id)", as: caller).status == 404)
        #expect(try await server.post("/organization", as: caller, #"{"name":"x"}"#).status == 403)
        let own = try await server.get("/account/me", as: caller)
        #expect(own.status == 200 && !own.names.contains("preferences") && !own.text.contains(cast.foreign))
        #expect(try await server.get("/account/me", as: cast.owner).names.contains("preferences"))
        #expect(own.tag == (try await server.get("/account/\(cast.owner.id)", as: caller)).tag)
        #expect(try await server.patch("/account/\(cast.owner.id)", as: caller, #"{"name":"x"}"#).status == 403)
        #expect(try await server.get("/account/\(cast.owner.id)/history", as: caller).status == 200, "there, an OWNER")
        let employee = try await server.makeKey(cast.organization, by: cast.owner, limit: "EMPLOYEE").person(cast.owner)
        #expect(try await server.get("/account/\(cast.owner.id)/history", as: employee).status == 403)
        #expect(try await server.get("/audit", as: employee).status == 403)
    }

    @Test func `A deleted key is 401 on the next request, on every node, and after a restart`() async throws {
        let first = try await Server.start()
        let second = try await Server.start(database: first.database)
        let (organization, owner) = try await first.makeOrganization()
        let employee = try await first.makeEmployee(organization, by: owner)
        let path = "/organization/\(organization)/keys"
        let key = try await first.makeKey(organization, by: owner)
        let caller = key.person(owner)
        let requests: [(String, String, String?)] = [
            ("GET", "/organization/\(organization)", nil), ("GET", "/account/me", nil), ("GET", "/employee", nil),
            ("GET", "/employee/\(employee)", nil), ("GET", "/account", nil), ("GET", "/audit", nil),
            ("GET", "/employee/by-name/some", nil), ("GET", "/organization", nil),
            ("PATCH", "/employee/\(employee)", #"{"role":"R"}"#), ("POST", path, #"{"name":"k"}"#),
        ]
        func statuses(_ server: Server) async throws -> Set<Int> {
            var statuses: Set<Int> = []
            for (method, path, body) in requests {
                statuses.insert(try await server.send(method, path, as: caller, body).status)
            }
            return statuses
        }
        for server in [first, second] { #expect(try await statuses(server).isSubset(of: [200, 201])) }
        #expect(try await second.delete("\(path)/\(key.id)", as: owner).status == 200)
        for server in [first, second] { #expect(try await statuses(server) == [401]) }
        try await second.stop()
        let third = try await Server.start(database: first.database)
        #expect(try await statuses(third) == [401])
        // One that is left is known to a new node too.
        let other = try await first.makeKey(organization, by: owner, limit: "AUDITOR").person(owner)
        #expect(try await third.get("/employee/\(employee)", as: other).status == 200)
        #expect(try await third.patch("/employee/\(employee)", as: other, #"{"role":"S"}"#).status == 403)
        try await third.stop()
        try await first.stop()
    }

    @Test func `A key that deletes itself gets an answer, its last`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let key = try await server.makeKey(organization, by: owner)
        let caller = key.person(owner)
        let gone = try await server.delete("/organization/\(organization)/keys/\(key.id)", as: caller)
        #expect(gone.status == 200 && gone.id == key.id)
        #expect(try await server.delete("/organization/\(organization)/keys/\(key.id)", as: caller).status == 401)
    }

    @Test func `An INACTIVE organization's keys are 401, and a lost role ends a token's rights`() async throws {
        let cast = try await Cast.make()
        let server = cast.server
        let key = try await server.makeKey(cast.organization, by: cast.owner, limit: "EMPLOYEE")
        let caller = key.person(cast.auditor)
        #expect(try await server.get("/employee", as: caller).status == 200)
        try await server.delete(
            "/account/\(cast.auditor.id)/grant?orgId=\(cast.organization)&role=AUDITOR", as: cast.owner)
        #expect(try await server.get("/employee", as: caller).status == 401)
        #expect(try await server.get("/employee", as: cast.auditor, in: cast.organization).status == 404)
        let employee = key.person(cast.employee)
        #expect(try await server.get("/employee", as: employee).status == 200)
        try await server.delete("/organization/\(cast.organization)", as: cast.owner)
        #expect(try await server.get("/employee", as: employee).status == 401)
        #expect(try await server.get("/organization/\(cast.organization)", as: cast.owner).status == 200)
        try await server.post("/organization/\(cast.organization)/activate", as: cast.owner)
        #expect(try await server.get("/employee", as: employee).status == 200)
    }

    @Test func `The trail says which key signed`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let key = try await server.makeKey(organization, by: owner, limit: "ADMIN")
        try await server.patch(
            "/organization/\(organization)", as: key.person(owner), #"{"name":"\#(unique("By key "))"}"#)
        let actor = try await server.lastEntry(of: organization, as: owner)["actor"]
        #expect(
            actor?["type"] == "ACCOUNT" && actor?["id"]?.string == owner.id && actor?["key"]?.string == key.id
                && actor?["role"] == "ADMIN", "\(text(actor))")
    }

    @Test func `An Idempotency-Key belongs to the key that signed`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let keys = [
            try await server.makeKey(organization, by: owner), try await server.makeKey(organization, by: owner),
        ]
        var made: Set<String> = []
        for caller in keys.map({ $0.person(owner) }) + [owner] {
            let body = #"{"name":"I","email":"\#(unique("by-key"))@example.org"}"#
            let headers = ["Idempotency-Key": "same"]
            let first = try await server.post("/employee", as: caller, body, headers: headers)
            let again = try await server.post("/employee", as: caller, body, headers: headers)
            #expect(first.status == 201 && again.id == first.id)
            made.insert(first.id)
        }
        #expect(made.count == 3)
    }

    @Test func `A key makes no key above itself`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let path = "/organization/\(organization)/keys"
        let caller = try await server.makeKey(organization, by: owner, limit: "ADMIN").person(owner)
        let refused = try await server.post(path, as: caller, #"{"name":"k","limitToRole":"OWNER"}"#)
        #expect(refused.status == 422 && refused.pointers == ["/limitToRole"])
        #expect(try await server.post(path, as: caller, #"{"name":"k"}"#)["limitToRole"] == "ADMIN")
    }
}
