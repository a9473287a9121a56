import CanonicalJSON
import Testing

/// The history of one entity agrees with the trail that it is part of, and so do the times shown in the entity.
@Suite struct HistoryTests {
    @Test func `A history has the trail's entries of that entity, whatever the filter`() async throws {
        let scene = try await AuditFilterTests.Scene.make()
        let (server, owner) = (scene.server, scene.owner)
        let trail = try await server.get("/audit?entity=\(scene.organization)", as: owner)
        let since = try #require(trail.entries.dropFirst().first?["time"]?.string)
        for (path, entity) in [
            ("/organization/\(scene.organization)", scene.organization), ("/employee/\(scene.manager)", scene.manager),
            ("/account/\(scene.administrator.id)", scene.administrator.id),
        ] {
            var counts: [Int] = []
            for query in [
                "", "type=employee.created", "type=account.*", "type=organization.created",
                "actor=\(scene.administrator.id)", "actor=\(owner.id)", "since=\(since)", "until=\(since)",
                "order=desc",
                "type=account.role_granted&actor=\(owner.id)&since=\(since)&order=desc", "limit=2",
                "order=desc&limit=1",
                "after=\(trail.positions[0])", "requestId=none",
            ] {
                let history = try await server.get("\(path)/history?\(query)", as: owner)
                let filtered = try await server.get("/audit?entity=\(entity)&\(query)", as: owner)
                #expect(history.body == filtered.body, "\(path) \(query)")
                counts.append(history.entries.count)
            }
            #expect(counts[0] > 0 && Set(counts).count > 2, "\(path): \(counts)")
        }
    }

    @Test func `A page has 100 entries by default, and a link to the next`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let employee = try await server.makeEmployee(organization, by: owner)
        for index in 0..<101 {
            try await server.patch("/employee/\(employee)", as: owner, #"{"role":"r\#(index)"}"#)
        }
        for (path, count) in [("/audit?organization=\(organization)", 104), ("/employee/\(employee)/history", 102)] {
            let mark = path.contains("?") ? "&" : "?"
            let page = try await server.get(path, as: owner)
            #expect(page.entries.count == 100, "\(path)")
            #expect(page.nextAfter == page.positions.last)
            let next = try await server.get(try #require(page.nextPath), as: owner)
            let whole = try await server.get("\(path)\(mark)limit=1000", as: owner)
            #expect(whole.entries.count == count, "\(path)")
            #expect(page.positions + next.positions == whole.positions, "\(path)")
            #expect(try await server.get("\(path)\(mark)after=0", as: owner).body == page.body, "\(path)")
            let newest = try await server.get("\(path)\(mark)order=desc", as: owner)
            #expect(newest.elements.count == 100, "\(path)")
            #expect(newest.positions == Array(whole.positions.reversed().prefix(newest.positions.count)), "\(path)")
            #expect(newest.nextPath != nil)
        }
    }

    @Test func `A status shows when it was set, and who set it`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        let mutations: [(String, String, Person, String)] = [
            ("DELETE", "/employee/\(cast.employeeEmployee)", cast.administrator, "employee.deactivated"),
            ("POST", "/employee/\(cast.employeeEmployee)/activate", cast.owner, "employee.activated"),
            ("DELETE", "/account/\(cast.auditor.id)", server.admin, "account.deactivated"),
            ("POST", "/account/\(cast.auditor.id)/activate", server.admin, "account.activated"),
            ("DELETE", "/organization/\(cast.organization)", cast.owner, "organization.deactivated"),
            ("POST", "/organization/\(cast.organization)/activate", server.admin, "organization.activated"),
        ]
        for (method, path, caller, type) in mutations {
            let id = unique("status-")
            let answer = try await server.send(method, path, as: caller, headers: ["X-Request-Id": id])
            #expect(answer.status == 200, "\(method) \(path)")
            let trail = try await server.get("/audit?requestId=\(id)&type=\(type)", as: server.admin)
            let entry = try #require(trail.entries.first, "\(type)")
            let status = try #require(answer.json["status"])
            #expect(status["current"]?.string == (method == "DELETE" ? "INACTIVE" : "ACTIVE"))
            #expect(status["changedAt"]?.string == entry["time"]?.string, "\(type)")
            #expect(status["changedBy"]?.string == caller.id, "\(type)")
            #expect(entry["actor"]?["id"]?.string == caller.id, "\(type)")
            // This is not when the entity was made, nor who made it.
            #expect(answer.json["created"]?["createdAt"] != status["changedAt"], "\(type)")
            let read = try await server.get(path.replacing("/activate", with: ""), as: server.admin)
            #expect(read.json["status"] == status, "\(type)")
            // A repeat changes neither.
            let repeated = try await server.send(method, path, as: caller)
            #expect(repeated.json["status"] == status, "\(type)")
        }
    }

    @Test func `createdBy is SYSTEM for the first administrator, else the calling account`() async throws {
        let server = try await Server.shared
        let admin = try await server.get("/account/me", as: server.admin)
        #expect(admin.json["created"]?["createdBy"] == "SYSTEM")
        let entry = try #require(
            try await server.get("/account/\(server.admin.id)/history?limit=1", as: server.admin).entries.first)
        #expect(entry["type"] == "account.created")
        #expect(entry["actor"]?["type"] == "SYSTEM")
        #expect(entry["time"] == admin.json["created"]?["createdAt"])
        let (_, owner) = try await server.makeOrganization()
        let made = try await server.makeAccount("made", by: owner)
        let seen = try await server.get("/account/me", as: made)
        #expect(seen.json["created"]?["createdBy"]?.string == owner.id)
    }
}
