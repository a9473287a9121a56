import CanonicalJSON
import TestSupport
import Testing

@testable import DirectoryAPI

/// That the trail was read is in the trail.
@Suite struct AuditReadingTests {
    /// The records of readings of an organization's trail, the oldest first. To look is not recorded: it is a history.
    private func readings(_ server: Server, _ organization: String, as reader: Person) async throws -> [JSON] {
        try await server.get(
            "/organization/\(organization)/history?type=organization.audit_read&limit=1000", as: reader
        ).elements
    }

    private func read(_ server: Server, _ query: String, as reader: Person) async throws {
        let page = try await server.get("/audit?\(query)", as: reader)
        try #require(page.status == 200, "\(page.text)")
    }

    /// As if the minute had passed since each reading that was recorded.
    private func waitAMinute(_ server: Server) async throws {
        try await TestDatabase(url: server.database).query(
            "update log.readings set recorded_at = recorded_at - interval '30 days'")
    }

    /// As if the minute since a reader's readings were recorded did not pass, however slow the machine is.
    private func holdTheMinute(_ server: Server, of reader: Person) async throws {
        try await TestDatabase(url: server.database).query(
            "update log.readings set recorded_at = recorded_at + interval '1 day' where reader = '\(reader.id)'")
    }

    @Test func `Reading page after page is recorded once, with the filter and the request`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let auditor = try await server.makeMember("AUDITOR", of: organization, by: owner)
        let first = try await server.get(
            "/audit?organization=\(organization)&limit=2", as: auditor, headers: ["X-Request-Id": "the-first"])
        try await holdTheMinute(server, of: auditor)
        let next = try await server.get(try #require(first.nextPath), as: auditor)
        #expect(next.entries.count > 0)
        try await read(server, "organization=\(organization)&order=desc&limit=1", as: auditor)
        let records = try await readings(server, organization, as: owner)
        #expect(records.count == 1)
        let record = try #require(records.first)
        #expect(record["actor"]?["id"]?.string == auditor.id)
        #expect(record["actor"]?["role"] == "AUDITOR")
        #expect(record["context"]?["requestId"] == "the-first")
        #expect(record["organization"]?.string == organization)
        #expect(record["targets"]?.array?.map { $0["id"]?.string } == [organization])
        let position = try #require(record["position"]?.integer)
        #expect(position > Int64(first.position), "the answer shows the moment before")
        let opening = try await server.get("/audit/log/opening?position=\(position)", as: owner)
        #expect(opening.json["sealed"]?["text"]?.string == #"{"filter":{"organization":"\#(organization)"}}"#)
    }

    @Test func `Another filter, another reader and another minute are recorded again`() async throws {
        let server = try await Server.start()
        let (organization, owner) = try await server.makeOrganization()
        let auditor = try await server.makeMember("AUDITOR", of: organization, by: owner)
        var expected = 0
        func expectOneMore(_ query: String, _ reader: Person) async throws {
            expected += 1
            try await read(server, query, as: reader)
            try await holdTheMinute(server, of: reader)
            try await read(server, query, as: reader)
            #expect(try await readings(server, organization, as: owner).count == expected, "\(query)")
        }
        try await expectOneMore("organization=\(organization)", owner)
        try await expectOneMore("organization=\(organization)", auditor)
        try await expectOneMore("organization=\(organization)&type=organization.created", owner)
        try await expectOneMore("entity=\(organization)", owner)
        try await waitAMinute(server)
        try await expectOneMore("organization=\(organization)", owner)
        try await server.stop()
    }

    @Test func `A page that has nothing but such records is not recorded, so a reader who follows the links ends`()
        async throws
    {
        let server = try await Server.start()
        let (organization, owner) = try await server.makeOrganization()
        var next: String? = "/audit?organization=\(organization)"
        for _ in 0..<6 {
            let page = try await server.get(try #require(next), as: owner)
            next = page.nextPath
            try await waitAMinute(server)
        }
        #expect(try await readings(server, organization, as: owner).count == 1)
        try await read(server, "organization=\(organization)&type=organization.audit_read", as: owner)
        try await read(server, "organization=\(organization)&type=employee.renamed", as: owner)
        #expect(try await readings(server, organization, as: owner).count == 1)
        try await server.stop()
    }

    @Test func `Of readings at the same moment on two nodes one is recorded`() async throws {
        let first = try await Server.start()
        let second = try await Server.start(database: first.database)
        let (organization, owner) = try await first.makeOrganization()
        for round in 1...3 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for server in [first, second] {
                    for _ in 0..<4 {
                        group.addTask { try await read(server, "organization=\(organization)", as: owner) }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await readings(first, organization, as: owner).count == round)
            try await waitAMinute(first)
        }
        try await first.stop()
        try await second.stop()
    }

    @Test func `Histories, HEAD and refused readings are not recorded`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        for path in ["/organization/\(cast.organization)/history", "/employee/\(cast.employeeEmployee)/history"] {
            #expect(try await server.get(path, as: cast.owner).status == 200)
        }
        let head = try await server.send("HEAD", "/audit?organization=\(cast.organization)", as: cast.owner)
        #expect(head.status == 200)
        for reader in [cast.employee, cast.manager, cast.stranger] {
            let refused = try await server.get("/audit?organization=\(cast.organization)", as: reader)
            #expect([403, 404].contains(refused.status))
        }
        #expect(try await readings(server, cast.organization, as: cast.owner).isEmpty)
    }

    @Test func `The organization is the filter's, the token's, or that of the entity`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        try await server.grant("AUDITOR", to: cast.auditor, in: cast.foreign, by: cast.stranger)
        try await read(server, "entity=\(cast.employeeEmployee)", as: cast.auditor)
        let confined = try await server.confined(cast.administrator, to: cast.organization)
        try await read(server, "", as: confined)
        let records = try await readings(server, cast.organization, as: cast.owner)
        #expect(records.map { $0["actor"]?["id"]?.string } == [cast.auditor.id, cast.administrator.id])
        // Without any it is the reader's own account.
        try await read(server, "", as: cast.auditor)
        #expect(try await readings(server, cast.organization, as: cast.owner).count == 2)
        #expect(try await readings(server, cast.foreign, as: cast.stranger).isEmpty)
        let own = try await server.get("/account/\(cast.auditor.id)/history?type=account.audit_read", as: server.admin)
        #expect(own.elements.map { $0["actor"]?["role"]?.string } == ["AUDITOR"])
        #expect(own.elements.first?["organization"] == nil)
        try await read(server, "", as: server.admin)
        let admin = try await server.get(
            "/account/\(server.admin.id)/history?type=account.audit_read&order=desc", as: server.admin)
        #expect(admin.elements.first?["actor"]?["role"] == "SYSTEM_ADMIN")
    }

    @Test func `A reader who changes nothing is recorded too, and an INACTIVE organization has the record`()
        async throws
    {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        let key = try await server.makeKey(cast.organization, by: cast.owner, limit: "AUDITOR")
        let reader = key.person(cast.administrator)
        try await read(server, "", as: reader)
        #expect(try await server.get("/audit/export", as: reader).status == 200)
        let record = try #require(try await readings(server, cast.organization, as: cast.owner).last)
        #expect(record["actor"]?["key"]?.string == key.id)
        #expect(record["actor"]?["id"]?.string == cast.administrator.id)
        #expect(record["actor"]?["role"] == "AUDITOR")
        let gone = try await server.delete("/organization/\(cast.organization)", as: cast.owner)
        try #require(gone.status == 200)
        try await read(server, "organization=\(cast.organization)", as: cast.auditor)
        #expect(
            try await server.get("/audit/export?organization=\(cast.organization)", as: cast.auditor).status == 200)
        let records = try await readings(server, cast.organization, as: cast.owner)
        #expect(records.last?["actor"]?["id"]?.string == cast.auditor.id)
    }

    @Test func `A reading moves no tag`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let before = try await server.get("/organization/\(organization)", as: owner)
        let account = try await server.get("/account/me", as: owner)
        try await read(server, "organization=\(organization)", as: owner)
        try await read(server, "", as: owner)
        #expect(try await server.get("/organization/\(organization)", as: owner).tag == before.tag)
        #expect(try await server.get("/account/me", as: owner).tag == account.tag)
    }

    @Test func `What would have to be recorded is 503 while the log cannot be written, what was recorded is not`()
        async throws
    {
        let server = try await Server.start()
        let (organization, owner) = try await server.makeOrganization()
        try await read(server, "organization=\(organization)", as: owner)
        try await holdTheMinute(server, of: owner)
        // The node that writes is ended by what it finds: another log than it knew.
        let session = try await TestDatabase(url: server.database).session()
        try await session.execute(
            script: """
                set session_replication_role = replica;
                update log.events set leaf_hash = sha256('another') where position = (select max(position) from log.events)
                """)
        await session.close()
        let refused = try await server.get("/audit?organization=\(organization)&type=organization.*", as: owner)
        #expect(refused.status == 503)
        #expect(try await server.get("/audit/export?organization=\(organization)", as: owner).status == 503)
        #expect(try await server.get("/organization/\(organization)/history", as: owner).status == 200)
        #expect(try await server.get("/audit?organization=\(organization)", as: owner).status == 200)
        try await server.stop()
    }
}
