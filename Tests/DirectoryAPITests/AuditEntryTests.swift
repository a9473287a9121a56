import CanonicalJSON
import DirectoryEvents
import Testing

@testable import DirectoryAPI

/// What the trail says of each thing that can happen through the API.
@Suite struct AuditEntryTests {
    @Test func `An entry says what happened, to what, who did it, and in which request`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let made = try await server.post(
            "/employee", as: owner, in: organization,
            #"{"name":"Ada Keller","email":"ada@example.org","role":"Engineer"}"#,
            headers: ["X-Request-Id": "whole-entry", "User-Agent": "tests/1", "Idempotency-Key": "whole.key"])
        let entry = try await server.lastEntry(of: organization, as: owner)
        #expect(entry["position"]?.integer == Int64(made.position))
        #expect(entry["id"]?.string?.count == 36)
        #expect(entry["time"]?.string == made.json["created"]?["createdAt"]?.string)
        #expect(entry["effectiveAt"] == nil)
        #expect(entry["type"] == "employee.created")
        #expect(entry["organization"]?.string == organization)
        // The owner's account has no name: it is known by its address.
        #expect(
            text(entry["actor"]) == #"{"id":"\#(owner.id)","name":"\#(owner.email)","role":"OWNER","type":"ACCOUNT"}"#)
        let name = try #require(try await server.get("/organization/\(organization)", as: owner)["name"])
        #expect(
            text(entry["targets"])
                == #"[{"id":"\#(made.id)","name":"Ada Keller","type":"EMPLOYEE"},{"id":"\#(organization)","name":"\#(name)","type":"ORGANIZATION"}]"#
        )
        #expect(
            text(entry["changes"])
                == #"[{"field":"/name","to":"Ada Keller"},{"field":"/email","to":"ada@example.org"},{"field":"/role","to":"Engineer"},{"field":"/type","to":"EMPLOYEE"}]"#
        )
        #expect(
            text(entry["context"])
                == #"{"idempotencyKey":"whole.key","ip":"127.0.0.1","requestId":"whole-entry","userAgent":"tests/1"}"#)
        #expect(
            (entry.members ?? []).map(\.name) == [
                "position", "id", "time", "type", "organization", "actor", "targets", "changes", "context",
            ])
    }

    /// Type, targets' types and changes of the last entry.
    private func expect(
        _ type: String, _ targets: [String], _ changes: String, in organization: String, _ server: Server,
        _ owner: Person,
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let entry = try await server.lastEntry(of: organization, as: owner)
        #expect(entry["type"]?.string == type, sourceLocation: location)
        let found = (entry["targets"]?.array ?? []).map { $0["type"]?.string ?? "" }
        #expect(found == targets, sourceLocation: location)
        #expect(text(entry["changes"]) == changes, sourceLocation: location)
    }

    @Test func `Every change of an employee is shown from and to`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let employee = try await server.makeEmployee(organization, by: owner, name: "Old Name")
        let manager = try await server.makeEmployee(organization, by: owner)
        let account = try await server.makeMember("ADMIN", of: organization, by: owner)
        let path = "/employee/\(employee)"
        func check(
            _ type: String, _ targets: [String], _ changes: String, _ location: SourceLocation = #_sourceLocation
        )
            async throws
        { try await expect(type, targets, changes, in: organization, server, owner, location) }
        try await server.patch(path, as: owner, #"{"name":"New Name"}"#)
        try await check(
            "employee.renamed", ["EMPLOYEE"], #"[{"field":"/name","from":"Old Name","to":"New Name"}]"#)
        try await server.patch(path, as: owner, #"{"role":"Engineer"}"#)
        try await check("employee.role_changed", ["EMPLOYEE"], #"[{"field":"/role","to":"Engineer"}]"#)
        try await server.patch(path, as: owner, #"{"role":null}"#)
        try await check("employee.role_changed", ["EMPLOYEE"], #"[{"field":"/role","from":"Engineer"}]"#)
        try await server.patch(path, as: owner, #"{"type":"contractor"}"#)
        try await check(
            "employee.type_changed", ["EMPLOYEE"], #"[{"field":"/type","from":"EMPLOYEE","to":"CONTRACTOR"}]"#)
        try await server.patch(path, as: owner, #"{"email":"new@example.org"}"#)
        let mail = try await server.lastEntry(of: organization, as: owner)
        #expect(mail["type"] == "employee.email_changed")
        #expect(mail["changes"]?.array?.first?["to"] == "new@example.org")
        // A caller who may read the trail may see the hidden fields of a profile.
        try await server.patch("\(path)/profile", as: owner, #"{"bio":"b","birthDate":"1990-12-10"}"#)
        try await check(
            "employee.profile_changed", ["EMPLOYEE"],
            #"[{"field":"/profile/bio","to":"b"},{"field":"/profile/birthDate","to":"1990-12-10"}]"#)
        try await server.patch(path, as: owner, #"{"account":"\#(account.id)"}"#)
        try await check(
            "employee.account_linked", ["EMPLOYEE", "ACCOUNT"], #"[{"field":"/account","to":"\#(account.id)"}]"#)
        try await server.patch(path, as: owner, #"{"account":null}"#)
        try await check(
            "employee.account_unlinked", ["EMPLOYEE", "ACCOUNT"], #"[{"field":"/account","from":"\#(account.id)"}]"#)
        try await server.assign(manager, to: employee, by: owner)
        try await check(
            "employee.manager_assigned", ["EMPLOYEE", "EMPLOYEE"],
            #"[{"field":"/managers","to":{"managerId":"\#(manager)","type":"DIRECT"}}]"#)
        try await server.assign(manager, to: employee, type: "DOTTED_LINE", by: owner)
        try await check(
            "employee.manager_type_changed", ["EMPLOYEE", "EMPLOYEE"],
            #"[{"field":"/managers","from":{"managerId":"\#(manager)","type":"DIRECT"},"to":{"managerId":"\#(manager)","type":"DOTTED_LINE"}}]"#
        )
        try await server.delete("\(path)/managers/\(manager)", as: owner)
        try await check(
            "employee.manager_removed", ["EMPLOYEE", "EMPLOYEE"],
            #"[{"field":"/managers","from":{"managerId":"\#(manager)","type":"DOTTED_LINE"}}]"#)
        try await server.delete(path, as: owner)
        try await check(
            "employee.deactivated", ["EMPLOYEE"], #"[{"field":"/status","from":"ACTIVE","to":"INACTIVE"}]"#)
        try await server.post("\(path)/activate", as: owner)
        try await check(
            "employee.activated", ["EMPLOYEE"], #"[{"field":"/status","from":"INACTIVE","to":"ACTIVE"}]"#)
    }

    @Test func `Every change of an organization and its grants is shown from and to`() async throws {
        let server = try await Server.shared
        let owner = try await server.makeAccount("owner")
        let (old, new) = (unique("a"), unique("a"))
        let made = try await server.post("/organization", as: owner, #"{"name":"Old","alias":"\#(old)"}"#)
        let organization = made.id
        func check(
            _ type: String, _ targets: [String], _ changes: String, _ location: SourceLocation = #_sourceLocation
        )
            async throws
        { try await expect(type, targets, changes, in: organization, server, owner, location) }
        let first = try await server.get("/audit?organization=\(organization)", as: owner)
        #expect(first.types == ["organization.created", "account.role_granted"])
        #expect(
            text(first.entries[0]["changes"])
                == #"[{"field":"/name","to":"Old"},{"field":"/alias","to":"\#(old)"}]"#)
        #expect(
            text(first.entries[1]["changes"])
                == #"[{"field":"/grants","to":{"orgId":"\#(organization)","role":"OWNER"}}]"#)
        try await server.patch("/organization/\(organization)", as: owner, #"{"name":"New"}"#)
        try await check("organization.renamed", ["ORGANIZATION"], #"[{"field":"/name","from":"Old","to":"New"}]"#)
        try await server.patch("/organization/\(organization)", as: owner, #"{"alias":"\#(new)"}"#)
        try await check(
            "organization.alias_changed", ["ORGANIZATION"], #"[{"field":"/alias","from":"\#(old)","to":"\#(new)"}]"#)
        try await server.patch("/organization/\(organization)/profile", as: owner, #"{"mission":"m"}"#)
        try await check(
            "organization.profile_changed", ["ORGANIZATION"], #"[{"field":"/profile/mission","to":"m"}]"#)
        let (account, employee) = (
            try await server.makeAccount("granted"), try await server.makeEmployee(organization, by: owner)
        )
        try await server.grant("ADMIN", to: account, in: organization, by: owner, employee: employee)
        let grant = #"{"employeeId":"\#(employee)","orgId":"\#(organization)","role":"ADMIN"}"#
        try await check(
            "account.role_granted", ["ACCOUNT", "EMPLOYEE", "ORGANIZATION"], #"[{"field":"/grants","to":\#(grant)}]"#)
        let untied = #"{"orgId":"\#(organization)","role":"ADMIN"}"#
        try await server.grant("ADMIN", to: account, in: organization, by: owner)
        try await check(
            "account.role_granted", ["ACCOUNT", "ORGANIZATION"],
            #"[{"field":"/grants","from":\#(grant),"to":\#(untied)}]"#)
        try await server.grant("ADMIN", to: account, in: organization, by: owner, employee: employee)
        try await check(
            "account.role_granted", ["ACCOUNT", "EMPLOYEE", "ORGANIZATION"],
            #"[{"field":"/grants","from":\#(untied),"to":\#(grant)}]"#)
        try await server.delete("/account/\(account.id)/grant?orgId=\(organization)&role=ADMIN", as: owner)
        try await check(
            "account.role_revoked", ["ACCOUNT", "EMPLOYEE", "ORGANIZATION"], #"[{"field":"/grants","from":\#(grant)}]"#)
        try await server.delete("/organization/\(organization)", as: owner)
        try await check(
            "organization.deactivated", ["ORGANIZATION"], #"[{"field":"/status","from":"ACTIVE","to":"INACTIVE"}]"#)
        try await server.post("/organization/\(organization)/activate", as: owner)
        try await check(
            "organization.activated", ["ORGANIZATION"], #"[{"field":"/status","from":"INACTIVE","to":"ACTIVE"}]"#)
    }

    @Test func `Changes of accounts belong to no organization`() async throws {
        let server = try await Server.shared
        let account = try await server.makeAccount("changing")
        try await server.patch("/account/\(account.id)", as: account, #"{"name":"N"}"#)
        let email = unique("changed") + "@example.org"
        try await server.patch("/account/\(account.id)", as: server.admin, #"{"email":"\#(email)"}"#)
        try await server.post("/account/\(account.id)/grant", as: server.admin, #"{"role":"SYSTEM_ADMIN"}"#)
        try await server.delete("/account/\(account.id)/grant?role=SYSTEM_ADMIN", as: server.admin)
        try await server.delete("/account/\(account.id)", as: server.admin)
        try await server.post("/account/\(account.id)/activate", as: server.admin)
        let history = try await server.get("/account/\(account.id)/history", as: server.admin)
        let changes = history.entries.map { "\($0["type"]?.string ?? "") \(text($0["changes"]))" }
        #expect(
            changes == [
                #"account.created [{"field":"/email","to":"\#(account.email)"}]"#,
                #"account.renamed [{"field":"/name","to":"N"}]"#,
                #"account.email_changed [{"field":"/email","from":"\#(account.email)","to":"\#(email)"}]"#,
                #"account.role_granted [{"field":"/grants","to":{"role":"SYSTEM_ADMIN"}}]"#,
                #"account.role_revoked [{"field":"/grants","from":{"role":"SYSTEM_ADMIN"}}]"#,
                #"account.deactivated [{"field":"/status","from":"ACTIVE","to":"INACTIVE"}]"#,
                #"account.activated [{"field":"/status","from":"INACTIVE","to":"ACTIVE"}]"#,
            ])
        for entry in history.entries {
            #expect(entry["organization"] == nil)
            #expect(text(entry["targets"]) == #"[{"id":"\#(account.id)","name":"N","type":"ACCOUNT"}]"#)
        }
        let role = { (index: Int) in history.entries[index]["actor"]?["role"]?.string }
        #expect(role(0) == "SYSTEM_ADMIN")
        #expect(role(1) == "ACCOUNT")
    }

    @Test func `The events of one request are entries with one request id`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let employee = try await server.makeEmployee(organization, by: owner)
        let id = unique("request-")
        try await server.patch(
            "/employee/\(employee)", as: owner, #"{"name":"Another","role":"R","type":"T"}"#,
            headers: ["X-Request-Id": id])
        let page = try await server.get("/audit?requestId=\(id)", as: owner)
        #expect(page.types == ["employee.renamed", "employee.role_changed", "employee.type_changed"])
        #expect(page.entries.allSatisfy { $0["context"]?["requestId"]?.string == id })
        #expect(Set(page.entries.map { $0["time"]?.string ?? "" }).count == 1)
    }
}
