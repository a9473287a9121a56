import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import Testing

@testable import DirectoryAPI

/// `GET /audit/diff`.
@Suite struct DifferenceTests {
    private func differences(
        _ cast: Cast, from: Int, _ query: String = "", as reader: Person? = nil
    ) async throws -> Answer {
        try await cast.server.get(
            "/audit/diff?from=\(from)\(query)", as: reader ?? cast.auditor, in: cast.organization)
    }

    @Test func `Each entity that differs is one object, with its changes and the positions that made them`()
        async throws
    {
        let cast = try await Cast.make()
        let (server, owner) = (cast.server, cast.owner)
        let group = try await server.makeGroup(cast.organization, by: owner)
        let boss = try await server.makeEmployee(cast.organization, by: owner, name: "Bo Ss")
        let (ada, start) = (cast.employeeEmployee, try await server.get("/group/\(group)", as: owner).position)
        let typed = try await server.patch("/employee/\(ada)", as: owner, #"{"role":"Poet"}"#)
        let moved = try await server.put(
            "/employee/\(ada)/managers", as: owner, #"[{"managerId":"\#(boss)","type":"DIRECT"}]"#)
        let joined = try await server.setGroups(of: ada, [group], by: owner)
        let born = try await server.patch("/employee/\(ada)/profile", as: owner, #"{"birthDate":"1990-12-10"}"#)
        let left = try await server.delete("/employee/\(boss)", as: owner)
        let shown = try await differences(cast, from: start)
        let changes = [
            #"{"field":"/role","to":"Poet"}"#,
            #"{"field":"/managers","from":{"managerId":"\#(cast.managerEmployee)","type":"DIRECT"}}"#,
            #"{"field":"/managers","to":{"managerId":"\#(boss)","type":"DIRECT"}}"#,
            #"{"field":"/groups","to":{"groupId":"\#(group)","type":"MEMBER"}}"#,
            #"{"field":"/profile/birthDate","to":"1990-12-10"}"#,
        ]
        let made = [typed.position, moved.position - 1, moved.position, joined.position, born.position]
        let expected = [
            #"{"entity":"\#(ada)","entityType":"EMPLOYEE","name":"Emil Employee","#
                + #""changes":[\#(changes.joined(separator: ","))],"positions":\#(made.filter { $0 > 0 })}"#,
            #"{"entity":"\#(boss)","entityType":"EMPLOYEE","name":"Bo Ss","#
                + #""changes":[{"field":"/status","from":"ACTIVE","to":"INACTIVE"}],"positions":[\#(left.position)]}"#,
        ]
        #expect(shown.text == "[\(expected.joined(separator: ",").replacing(", ", with: ","))]")
        #expect(shown.position >= left.position)
        // Why: each position is that of an entry of the trail.
        let entry = try await server.get("/audit?after=\(typed.position - 1)&limit=1", as: cast.auditor)
        #expect(entry.types == ["employee.role_changed"])
        #expect(try await differences(cast, from: left.position).json == [])
    }

    @Test func `Who is new shows all that they have, and what changed back shows nothing`() async throws {
        let cast = try await Cast.make()
        let (server, owner) = (cast.server, cast.owner)
        let start = try await server.get("/organization/\(cast.organization)", as: owner).position
        let path = "/employee/\(cast.employeeEmployee)"
        for role in [#""Poet""#, "null"] { try await server.patch(path, as: owner, #"{"role":\#(role)}"#) }
        try await server.delete("\(path)/managers/\(cast.managerEmployee)", as: owner)
        try await server.assign(cast.managerEmployee, to: cast.employeeEmployee, by: owner)
        #expect(try await differences(cast, from: start).json == [])
        let new = try await server.makeEmployee(cast.organization, by: owner, name: "Ne W")
        let changes = try await differences(cast, from: start).elements.first?["changes"]?.array ?? []
        #expect(changes.map { $0["field"]?.string } == ["/status", "/name", "/email", "/type"])
        #expect(changes.allSatisfy { $0["from"] == nil && $0["to"] != nil })
        #expect(changes.first == ["field": "/status", "to": "ACTIVE"])
        // Whoever came and went since is told all the same: there was nobody, and there is somebody INACTIVE.
        try await server.delete("/employee/\(new)", as: owner)
        let gone = try await differences(cast, from: start).elements.first?["changes"]?.array?.first
        #expect(gone == ["field": "/status", "to": "INACTIVE"])
    }

    @Test func `A time is a moment as well, an event's own includes it, and to is now if it is not given`() async throws
    {
        let cast = try await Cast.make()
        let path = "/employee/\(cast.employeeEmployee)"
        let changed = try await cast.server.patch(path, as: cast.owner, #"{"role":"Poet"}"#)
        let asOf = try await cast.server.get("\(path)?asOf=\(changed.position)", as: cast.owner)
        let time = try #require(Instant(rfc3339: asOf.header("Directory-As-Of") ?? ""))
        func count(_ from: String, _ to: String?) async throws -> Int {
            let query = "from=\(from)" + (to.map { "&to=\($0)" } ?? "")
            return try await cast.server.get("/audit/diff?\(query)", as: cast.owner, in: cast.organization)
                .elements.count
        }
        let before = time.advanced(byMicroseconds: -1)
        #expect(try await count(before.description, nil) == 1)
        #expect(try await count(before.description, time.description) == 1)
        #expect(try await count("\(changed.position - 1)", time.description) == 1)
        #expect(try await count(time.description, nil) == 0)
        #expect(try await count(before.description, before.description) == 0)
    }

    @Test(arguments: [
        ("", ["?from"]), ("from=yesterday", ["?from"]), ("from=2999-01-01T00:00:00Z", ["?from"]),
        ("from=0&to=2999-01-01T00:00:00Z", ["?to"]), ("from=0&to=999999999999", ["?to"]),
        ("from=999999999999", ["?from"]), ("from=1&to=0", ["?from"]), ("from=1&effective=true", ["?from"]),
        ("from=2020-01-01T00:00:00Z&to=2&effective=true", ["?to"]), ("from=0&effective=yes", ["?effective"]),
        ("from=2020-01-02T00:00:00Z&to=2020-01-01T00:00:00Z", ["?from"]), ("from=0&asOf=1", ["?asOf"]),
        ("from=0&cursor=x", ["?cursor"]), ("from=0&cursor=x&limit=2", ["?cursor"]),
    ])
    func `Moments that are none, have not come or are in the wrong order are 400`(
        _ query: String, _ pointers: [String]
    ) async throws {
        let cast = try await Cast.make()
        let refused = try await cast.server.get("/audit/diff?\(query)", as: cast.owner, in: cast.organization)
        #expect(refused.status == 400 && refused.pointers == pointers, "\(query): \(refused.text)")
    }

    @Test func `It has the rights of the trail, of the organization that is named or is current`() async throws {
        let cast = try await Cast.make()
        let server = cast.server
        let named = "/audit/diff?from=0&organization=\(cast.organization)"
        for reader in [server.admin, cast.owner, cast.administrator, cast.auditor] {
            let shown = try await server.get(named, as: reader)
            #expect(shown.elements.contains { $0["entity"]?.string == cast.organization })
            #expect(try await server.get("/audit/diff?from=0", as: reader, in: cast.organization).body == shown.body)
        }
        for member in [cast.manager, cast.employee] {
            #expect(try await server.get(named, as: member).status == 403)
            #expect(try await server.get("/audit/diff?from=0", as: member).status == 403)
        }
        #expect(try await server.get(named, as: cast.stranger).status == 404)
        #expect(try await server.get("/audit/diff?from=0", as: cast.stranger, in: cast.organization).status == 404)
        #expect(try await server.get(named, as: cast.inactive).status == 401)
        #expect(try await server.get("/audit/diff?from=0", as: server.admin).status == 400)
        let nobody = "019abcde-0000-7000-8000-00000000002a"
        #expect(try await server.get("/audit/diff?from=0&organization=\(nobody)", as: server.admin).status == 404)
        // The header does not narrow it, but must name what the caller sees; a claim confines it.
        let second = try await server.makeOrganization(cast.owner)
        #expect(try await server.get(named, as: cast.owner, in: second).status == 200)
        #expect(try await server.get(named, as: cast.owner, in: cast.foreign).status == 404)
        let confined = try await server.confined(cast.owner, to: second)
        #expect(try await server.get(named, as: confined).status == 404)
        #expect(try await server.get("/audit/diff?from=0", as: confined).elements.first?["entity"]?.string == second)
        // Before there was an organization there is none to find.
        #expect(try await server.get("\(named)&to=1", as: cast.owner).status == 404)
    }

    @Test func `It tells of an account what it has in the organization, and nothing from elsewhere`() async throws {
        let cast = try await Cast.make()
        let (server, owner) = (cast.server, cast.owner)
        let start = try await server.get("/organization/\(cast.organization)", as: owner).position
        let group = try await server.makeGroup(cast.organization, by: owner)
        try await server.grant("EMPLOYEE", to: cast.employee, in: cast.foreign, by: cast.stranger)
        try await server.patch("/account/\(cast.employee.id)", as: cast.employee, #"{"name":"Em"}"#)
        try await server.grant("AUDITOR", to: cast.employee, in: cast.organization, by: owner)
        try await server.grant("MANAGER", to: cast.employee, in: cast.foreign, by: cast.stranger)
        try await server.setGroups(of: cast.employee.id, [group], by: owner, in: cast.organization)
        let account = try await differences(cast, from: start).elements.first {
            $0["entity"]?.string == cast.employee.id
        }
        #expect(account?["entityType"] == "ACCOUNT" && account?["name"] == "Em")
        #expect(
            account?["changes"] == [
                ["field": "/grants", "to": ["orgId": .string(cast.organization), "role": "AUDITOR"]],
                ["field": "/groups", "to": ["groupId": .string(group), "type": "MEMBER"]],
            ], "\(text(account))")
        #expect(account?["positions"]?.array?.count == 2)
        // Somebody who is nobody here any longer is told by the id alone.
        let late = try await server.makeMember("EMPLOYEE", of: cast.organization, by: owner)
        let tied = try await server.get("/account/\(late.id)", as: owner).position
        try await server.delete("/account/\(late.id)/grant?orgId=\(cast.organization)&role=EMPLOYEE", as: owner)
        let ended = try await differences(cast, from: tied).elements
        #expect(ended.map { $0["entity"]?.string } == [late.id] && ended[0]["name"] == nil)
    }

    @Test func `Pages are of the moment of the first, and a cursor is good for its moments only`() async throws {
        let cast = try await Cast.make()
        let (server, owner) = (cast.server, cast.owner)
        let path = "/audit/diff?from=0&organization=\(cast.organization)"
        let whole = try await server.get(path, as: owner)
        let first = try await server.get("\(path)&limit=2", as: owner)
        _ = try await server.makeEmployee(cast.organization, by: owner)
        var (elements, next) = (first.elements, first.nextPath)
        while let path = next {
            let page = try await server.get(path, as: owner)
            #expect(page.position == first.position)
            elements += page.elements
            next = page.nextPath
        }
        #expect(elements == whole.elements)
        let cursor = try #require(first.nextPath?.split(separator: "cursor=").last)
        let other = try await server.get(
            "/audit/diff?from=1&organization=\(cast.organization)&limit=2&cursor=\(cursor)", as: owner)
        #expect(other.status == 400 && other.pointers == ["?cursor"])
    }

    @Test func `However much happened to one entity, its difference is whole`() async throws {
        // Of its own, so that the positions follow each other.
        let server = try await Server.start()
        let cast = try await Cast.make(server)
        let start = try await server.get("/organization/\(cast.organization)", as: cast.owner).position
        let (organization, person, account) = try (
            #require(UUID(text: cast.organization)), #require(UUID(text: cast.employeeEmployee)),
            #require(UUID(text: cast.auditor.id))
        )
        let roles = (0..<300).map { number in
            DirectoryEvent.employee(
                person, organization: organization,
                .roleChanged(Change(from: number == 0 ? nil : "Role \(number)", to: "Role \(number + 1)")))
        }
        // A role that comes and goes, and stays in the end.
        let grants = (0..<41).map { number -> DirectoryEvent in
            .account(
                account, organization: organization,
                number.isMultiple(of: 2)
                    ? .roleGranted(role: "MANAGER", employee: nil) : .roleRevoked(role: "MANAGER", employee: nil))
        }
        try await server.given(roles + grants)
        for query in ["", "&limit=1"] {
            var (elements, next): ([JSON], String?) = ([], "/audit/diff?from=\(start)\(query)")
            while let path = next {
                let page = try await server.get(path, as: cast.owner, in: cast.organization)
                elements += page.elements
                next = page.nextPath
            }
            #expect(elements.count == 2)
            #expect(elements.first?["changes"] == [["field": "/role", "to": "Role 300"]])
            let positions = elements.first?["positions"]?.array?.compactMap(\.integer) ?? []
            #expect(positions == Array(Int64(start + 301 - AuditDifference.mostPositions)...Int64(start + 300)))
            #expect(
                elements.last?["changes"] == [
                    ["field": "/grants", "to": ["orgId": .string(cast.organization), "role": "MANAGER"]]
                ])
            #expect(elements.last?["positions"] == [.integer(Int64(start + 341))])
        }
        try await server.stop()
    }
}
