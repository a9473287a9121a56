import CanonicalJSON
import Testing

@testable import DirectoryAPI

/// Which caller may read which entries of the trail.
@Suite struct AuditRightsTests {
    @Test func `OWNER, ADMIN and AUDITOR read their organization's trail, SYSTEM_ADMIN all`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        let paths = [
            "/audit?organization=\(cast.organization)", "/organization/\(cast.organization)/history",
            "/employee/\(cast.employeeEmployee)/history", "/audit?entity=\(cast.employeeEmployee)",
            "/audit?entity=\(cast.organization)",
        ]
        for path in paths {
            for reader in [server.admin, cast.owner, cast.administrator, cast.auditor] {
                let page = try await server.get(path, as: reader)
                #expect(page.status == 200 && !page.entries.isEmpty, "\(path): \(page.text)")
            }
            for member in [cast.manager, cast.employee] {
                #expect(try await server.get(path, as: member).status == 403, "\(path)")
            }
            #expect(try await server.get(path, as: cast.stranger).status == 404, "\(path)")
            #expect(try await server.get(path, as: cast.inactive).status == 401, "\(path)")
        }
    }

    @Test func `An entity that the caller may not see is 404, whatever its kind`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        for path in ["organization", "account", "employee"] {
            for id in [cast.organization, cast.employee.id, cast.employeeEmployee] {
                let answer = try await server.get("/\(path)/\(id)/history", as: cast.stranger)
                #expect(answer.status == 404, "\(path) \(answer.text)")
            }
            for id in ["019abcde-0000-7000-8000-00000000002a", "x", "%00"] {
                #expect(try await server.get("/\(path)/\(id)/history", as: server.admin).status == 404)
            }
        }
        // An id of another kind of entity is not found.
        #expect(try await server.get("/employee/\(cast.organization)/history", as: cast.owner).status == 404)
        #expect(try await server.get("/account/\(cast.employeeEmployee)/history", as: cast.owner).status == 404)
        let nobody = "019abcde-0000-7000-8000-00000000002a"
        #expect(try await server.get("/audit?organization=\(nobody)", as: server.admin).status == 404)
        #expect(try await server.get("/audit?entity=\(nobody)", as: server.admin).status == 404)
        #expect(try await server.get("/account/\(cast.employee.id)/history", as: cast.manager).status == 404)
    }

    @Test func `An account reads its own events that belong to no organization`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let member = try await server.makeMember("EMPLOYEE", of: organization, by: owner)
        try await server.patch("/account/\(member.id)", as: member, #"{"name":"Me"}"#)
        for path in ["/audit", "/account/\(member.id)/history"] {
            let page = try await server.get(path, as: member)
            #expect(page.types == ["account.created", "account.renamed"], "\(path): \(page.text)")
            #expect(page.entries.allSatisfy { $0["organization"] == nil })
        }
        // Of the account the owner reads only what happened in the organization.
        let seen = try await server.get("/account/\(member.id)/history", as: owner)
        #expect(seen.types == ["account.role_granted"])
        // Confined to the organization the account has no entries of its own.
        let confined = try await server.confined(member, to: organization)
        #expect(try await server.get("/audit", as: confined).status == 403)
        #expect(try await server.get("/account/\(member.id)/history", as: confined).status == 403)
        #expect(try await server.get("/audit", as: member, in: organization).status == 403)
    }

    @Test func `Without organization the trail is the union of all that the caller may read`() async throws {
        let server = try await Server.shared
        let (first, owner) = try await server.makeOrganization()
        let (third, other) = try await server.makeOrganization()
        let second = try await server.makeOrganization(owner)
        // Two roles in one organization do not double its entries; a role that does not read the trail adds none.
        try await server.grant("AUDITOR", to: owner, in: second, by: owner)
        try await server.grant("EMPLOYEE", to: owner, in: third, by: other)
        _ = try await server.makeEmployee(second, by: owner)
        let page = try await server.get("/audit", as: owner)
        #expect(page.positions == page.positions.sorted())
        #expect(Set(page.positions).count == page.positions.count)
        #expect(Set(page.entries.compactMap { $0["organization"]?.string }) == [first, second])
        #expect(page.types.filter { $0 == "account.created" }.count == 1)
        let descending = try await server.get("/audit?order=desc", as: owner)
        #expect(descending.positions == page.positions.reversed())
    }

    @Test func `X-Organization does not narrow the trail, an org claim confines it`() async throws {
        let server = try await Server.shared
        let (first, owner) = try await server.makeOrganization()
        let second = try await server.makeOrganization(owner)
        let foreign = try await server.makeOrganization().id
        let employee = try await server.makeEmployee(second, by: owner)
        let all = try await server.get("/audit", as: owner)
        #expect(try await server.get("/audit", as: owner, in: first).positions == all.positions)
        #expect(try await server.get("/audit", as: owner, in: foreign).status == 404)
        #expect(try await server.get("/employee/\(employee)/history", as: owner, in: second).status == 200)
        #expect(try await server.get("/employee/\(employee)/history", as: owner, in: first).status == 404)
        #expect(try await server.get("/audit?entity=\(employee)", as: owner, in: first).status == 200)
        for person in [owner, server.admin] {
            let confined = try await server.confined(person, to: first)
            let page = try await server.get("/audit", as: confined)
            #expect(!page.entries.isEmpty)
            #expect(Set(page.entries.map { $0["organization"]?.string ?? "" }) == [first])
            #expect(try await server.get("/audit?organization=\(second)", as: confined).status == 404)
            #expect(try await server.get("/audit?entity=\(employee)", as: confined).status == 404)
            #expect(try await server.get("/employee/\(employee)/history", as: confined).status == 404)
            #expect(try await server.get("/organization/\(first)/history", as: confined).status == 200)
        }
    }

    @Test func `Names are today's, and only of entities that the reader may see`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let leaver = try await server.makeMember("ADMIN", of: organization, by: owner)
        try await server.patch("/account/\(leaver.id)", as: leaver, #"{"name":"Lea Ver"}"#)
        let employee = try await server.makeEmployee(organization, by: leaver, name: "Before")
        let path = "/employee/\(employee)/history"
        var entry = try #require(try await server.get(path, as: owner).entries.first)
        #expect(entry["actor"]?["name"] == "Lea Ver")
        #expect(entry["targets"]?.array?.first?["name"] == "Before")
        // The employee has another name today, and the account that made it no longer belongs to the organization.
        try await server.patch("/employee/\(employee)", as: owner, #"{"name":"After"}"#)
        try await server.delete("/account/\(leaver.id)/grant?orgId=\(organization)&role=ADMIN", as: owner)
        entry = try #require(try await server.get(path, as: owner).entries.first)
        #expect(text(entry["actor"]) == #"{"id":"\#(leaver.id)","role":"ADMIN","type":"ACCOUNT"}"#)
        #expect(entry["targets"]?.array?.first?["name"] == "After")
        #expect(entry["changes"]?.array?.first?["to"] == "Before")
        // SYSTEM_ADMIN sees all names; its own is hidden from everyone in the organization.
        entry = try #require(try await server.get(path, as: server.admin).entries.first)
        #expect(entry["actor"]?["name"] == "Lea Ver")
        try await server.patch("/employee/\(employee)", as: server.admin, #"{"role":"R"}"#)
        entry = try #require(try await server.get(path + "?order=desc", as: owner).entries.first)
        #expect(text(entry["actor"]) == #"{"id":"\#(server.admin.id)","role":"SYSTEM_ADMIN","type":"ACCOUNT"}"#)
    }

    @Test func `A revoked right ends at once`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let auditor = try await server.makeMember("AUDITOR", of: organization, by: owner)
        let path = "/organization/\(organization)/history"
        #expect(try await server.get(path, as: auditor).status == 200)
        try await server.delete("/account/\(auditor.id)/grant?orgId=\(organization)&role=AUDITOR", as: owner)
        #expect(try await server.get(path, as: auditor).status == 404)
        #expect(try await server.get("/audit", as: auditor).types == ["account.created"])
    }

    @Test func `Nothing is hidden from the command line`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        _ = try await server.makeEmployee(organization, by: owner)
        let trail = AuditTrail(server.service.walks)
        let page = try await trail.page(try AuditFilter(parsing: ["organization": organization]))
        #expect(page.entries.map(\.type) == ["organization.created", "account.role_granted", "employee.created"])
        #expect(page.isComplete)
        #expect(page.entries.last?.actor.name == owner.email)
        let newest = try await trail.page(try AuditFilter(parsing: ["order": "desc", "limit": "1"]))
        #expect(newest.entries.count == 1)
        #expect(newest.next != nil)
        #expect(try await trail.page(try AuditFilter(parsing: ["entity": organization])).entries.count == 3)
    }
}
