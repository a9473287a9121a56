import CanonicalJSON
import EventSourcing
import Testing

@testable import DirectoryAPI

/// The parameters of `GET /api/v1/audit`, each by itself and together.
@Suite struct AuditFilterTests {
    /// An organization in which some of everything has happened.
    struct Scene {
        let server: Server
        let organization: String
        let owner, administrator: Person
        let employee, manager: String

        static func make() async throws -> Scene {
            let server = try await Server.shared
            let (organization, owner) = try await server.makeOrganization()
            let administrator = try await server.makeMember("ADMIN", of: organization, by: owner)
            let employee = try await server.makeEmployee(organization, by: owner)
            let manager = try await server.makeEmployee(organization, by: administrator)
            try await server.assign(manager, to: employee, by: administrator)
            try await server.grant("MANAGER", to: administrator, in: organization, by: owner, employee: manager)
            return Scene(
                server: server, organization: organization, owner: owner, administrator: administrator,
                employee: employee, manager: manager)
        }

        func types(_ query: String) async throws -> [String] {
            let page = try await server.get("/audit?organization=\(organization)&\(query)", as: owner)
            #expect(page.status == 200, "\(page.text)")
            return page.types
        }
    }

    private static let everything = [
        "organization.created", "account.role_granted", "account.role_granted", "employee.created", "employee.created",
        "employee.manager_assigned", "employee.account_linked", "account.role_granted",
    ]

    @Test func `organization selects the events of one organization`() async throws {
        let scene = try await Scene.make()
        #expect(try await scene.types("") == Self.everything)
        #expect(try await scene.types("order=desc") == Self.everything.reversed())
        // What an owner of one organization reads without naming it: the same, and what is its own.
        let all = try await scene.server.get("/audit?limit=1000", as: scene.owner)
        #expect(all.types == ["account.created"] + Self.everything)
    }

    @Test func `entity is the id of any target`() async throws {
        let scene = try await Scene.make()
        #expect(
            try await scene.types("entity=\(scene.employee)") == ["employee.created", "employee.manager_assigned"])
        #expect(
            try await scene.types("entity=\(scene.manager)") == [
                "employee.created", "employee.manager_assigned", "employee.account_linked", "account.role_granted",
            ])
        #expect(
            try await scene.types("entity=\(scene.organization)") == [
                "organization.created", "account.role_granted", "account.role_granted", "employee.created",
                "employee.created", "account.role_granted",
            ])
        #expect(
            try await scene.types("entity=\(scene.administrator.id)") == [
                "account.role_granted", "employee.account_linked", "account.role_granted",
            ])
        #expect(
            try await scene.types("entity=\(scene.manager)&order=desc&limit=2") == [
                "account.role_granted", "employee.account_linked",
            ])
    }

    @Test func `entityType is the type of any target`() async throws {
        let scene = try await Scene.make()
        #expect(
            try await scene.types("entityType=ACCOUNT") == [
                "account.role_granted", "account.role_granted", "employee.account_linked", "account.role_granted",
            ])
        #expect(
            try await scene.types("entityType=employee") == [
                "employee.created", "employee.created", "employee.manager_assigned", "employee.account_linked",
                "account.role_granted",
            ])
        #expect(
            try await scene.types("entityType=ORGANIZATION")
                == Self.everything.filter { $0 != "employee.manager_assigned" && $0 != "employee.account_linked" })
        for type in ["GROUP", "APP", "KEY"] { #expect(try await scene.types("entityType=\(type)").isEmpty) }
    }

    @Test func `type names one event type, or with an asterisk all of a kind`() async throws {
        let scene = try await Scene.make()
        #expect(try await scene.types("type=employee.created") == ["employee.created", "employee.created"])
        #expect(
            try await scene.types("type=employee.*") == Self.everything.filter { $0.hasPrefix("employee.") })
        #expect(try await scene.types("type=group.*").isEmpty)
    }

    @Test func `actor is the account that caused the event`() async throws {
        let scene = try await Scene.make()
        #expect(
            try await scene.types("actor=\(scene.administrator.id)") == [
                "employee.created", "employee.manager_assigned",
            ])
        #expect(try await scene.types("actor=\(scene.administrator.id)&type=employee.created") == ["employee.created"])
        #expect(try await scene.types("actor=SYSTEM").isEmpty)
        let system = try await scene.server.get("/audit?actor=system", as: scene.server.admin)
        #expect(system.types.prefix(2) == ["account.created", "account.role_granted"])
        #expect(system.entries.allSatisfy { $0["actor"]?["type"] == "SYSTEM" })
        // Of an actor's events a caller reads those in its own organizations.
        let elsewhere = try await scene.server.get("/audit?actor=\(scene.server.admin.id)", as: scene.owner)
        #expect(elsewhere.types == ["account.created"])
    }

    @Test func `since is inclusive, until is not`() async throws {
        let scene = try await Scene.make()
        let page = try await scene.server.get("/audit?organization=\(scene.organization)", as: scene.owner)
        let times = page.entries.map { $0["time"]?.string ?? "" }
        #expect(try await scene.types("since=\(times[3])") == Array(Self.everything[3...]))
        #expect(try await scene.types("until=\(times[3])") == Array(Self.everything[..<3]))
        #expect(try await scene.types("since=\(times[3])&until=\(times[5])") == Array(Self.everything[3..<5]))
        #expect(try await scene.types("since=\(times[5])&until=\(times[3])").isEmpty)
        #expect(try await scene.types("since=9999-12-31T23:59:59Z").isEmpty)
        #expect(try await scene.types("until=0001-01-01T00:00:00Z").isEmpty)
        #expect(
            try await scene.types("since=0001-01-01T00:00:00Z&until=9999-12-31T23:59:59Z&order=desc")
                == Self.everything.reversed())
    }

    @Test func `All conditions must hold`() async throws {
        let scene = try await Scene.make()
        #expect(
            try await scene.types(
                "entity=\(scene.manager)&actor=\(scene.administrator.id)&type=employee.*&entityType=EMPLOYEE") == [
                    "employee.created", "employee.manager_assigned",
                ])
    }

    @Test func `A bad or unknown query parameter is refused, an empty one is ignored`() async throws {
        let scene = try await Scene.make()
        let bad = [
            "entity=x": "?entity", "entityType=PERSON": "?entityType", "type=employee": "?type", "type=*": "?type",
            "type=employee.created.*": "?type", "actor=me": "?actor", "organization=1": "?organization",
            "since=yesterday": "?since", "until=2026-02-30T00:00:00Z": "?until", "after=-1": "?after",
            "after=x": "?after",
            "after=99999999999999999999": "?after", "limit=0": "?limit", "limit=1001": "?limit", "order=up": "?order",
            "cursor=abc": "?cursor", "limit=1&limit=2": "?limit",
        ]
        for (query, pointer) in bad {
            let answer = try await scene.server.get("/audit?\(query)", as: scene.owner)
            #expect(answer.status == 400 && answer.pointers == [pointer], "\(query): \(answer.text)")
        }
        #expect(
            try await scene.types("entity=&type=&actor=&since=&until=&after=&limit=&order=&entityType=&requestId=")
                == Self.everything)
        #expect(try await scene.types("after=\(Int64.max)").isEmpty)
        let organization = try await scene.server.get(
            "/organization/\(scene.organization)/history?entity=\(scene.employee)", as: scene.owner)
        #expect(organization.pointers == ["?entity"])
    }

    @Test func `A filter is made from texts, as the command line has them`() throws {
        let filter = try AuditFilter(parsing: ["type": "employee.*", "actor": "system", "limit": "5", "order": "DESC"])
        #expect(filter.type == "employee.*")
        #expect(filter.actor == .system)
        #expect(filter.limit == 5)
        #expect(filter.order == .descending)
        #expect(throws: (any Error).self) { try AuditFilter(parsing: ["limit": "0"]) }
        #expect(throws: (any Error).self) { try AuditFilter(parsing: ["kind": "x"]) }
    }
}
