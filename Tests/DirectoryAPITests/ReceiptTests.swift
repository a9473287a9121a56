import Logging
import Postgres
import TestSupport
import Testing

/// How long a repeat with an `Idempotency-Key` is recognized, and what it shows of the first answer.
@Suite struct ReceiptTests {
    @Test func `A receipt outlives a restart`() async throws {
        let server = try await Server.start()
        let (_, owner) = try await server.makeOrganization()
        let body = #"{"name":"R","email":"restart@example.org"}"#
        let first = try await server.post("/employee", as: owner, body, headers: ["Idempotency-Key": "restart"])
        try await server.patch("/employee/\(first.id)", as: owner, #"{"name":"Later"}"#)
        try await server.stop()
        let again = try await Server.start(database: server.database)
        expectSame(
            first, try await again.post("/employee", as: owner, body, headers: ["Idempotency-Key": "restart"]),
            "restart")
        try await again.stop()
    }

    @Test func `A key is valid for seven days; then the request is decided again`() async throws {
        var server = try await Server.start()
        let (_, owner) = try await server.makeOrganization()
        let body = #"{"name":"W","email":"week@example.org"}"#
        let headers = ["Idempotency-Key": "week"]
        let first = try await server.post("/employee", as: owner, body, headers: headers)
        #expect(first.status == 201)
        func restart(when age: String) async throws {
            try await server.stop()
            let session = try await PostgresSession.connect(
                ConnectionConfiguration(url: server.database, applicationName: "test"), logger: quiet)
            try await session.execute(
                script: "update log.receipts set recorded_at = clock_timestamp() - interval '\(age)'")
            await session.close()
            server = try await Server.start(database: server.database)
        }
        try await restart(when: "6 days 23 hours")
        expectSame(first, try await server.post("/employee", as: owner, body, headers: headers), "within seven days")
        try await restart(when: "7 days 1 minute")
        let again = try await server.post("/employee", as: owner, body, headers: headers)
        #expect(again.status == 409, "the address is taken: \(again.text)")
        #expect(again.pointers == ["/email"])
        // Another body is no longer compared with the first.
        let other = try await server.post(
            "/employee", as: owner, #"{"name":"W","email":"other@example.org"}"#, headers: headers)
        #expect(other.status == 201)
        try await server.stop()
    }

    @Test func `A repeat shows what the caller may see today`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        try await server.grant("ADMIN", to: cast.owner, in: cast.foreign, by: cast.stranger)
        let member = try await server.makeMember("EMPLOYEE", of: cast.foreign, by: cast.stranger)
        let path = "/account/\(member.id)/grant"
        let body = #"{"orgId":"\#(cast.organization)","role":"AUDITOR"}"#
        let headers = ["Idempotency-Key": "rights"]
        let first = try await server.post(path, as: cast.owner, body, headers: headers)
        #expect(grants(first) == [cast.foreign, cast.organization])
        expectSame(first, try await server.post(path, as: cast.owner, body, headers: headers), "with the same rights")
        try await server.delete(
            "/account/\(cast.owner.id)/grant?orgId=\(cast.foreign)&role=ADMIN", as: cast.stranger)
        let again = try await server.post(path, as: cast.owner, body, headers: headers)
        #expect(again.status == 200)
        #expect(grants(again) == [cast.organization], "\(again.text)")
    }

    private func grants(_ answer: Answer) -> [String?] {
        (answer.json["grants"]?.array ?? []).map { $0["orgId"]?.string }
    }
}
