import DirectoryEvents
import TestSupport
import Testing

@testable import DirectoryAPI

/// The list of organizations, which is the only one that finds the caller's roles for each of its elements.
extension PlanTests {
    private struct Everywhere {
        let server: Server
        let log: StatementLog
        let caller: Person
    }

    private static let everywhere = Task {
        let company = try await PlanTests.company.value, many = ManyOrganizations()
        let server = try await Server.start(on: company.cluster)
        try await server.given(many.events)
        try await TestDatabase(url: server.database).query("vacuum analyze")
        return Everywhere(
            server: server, log: company.log,
            caller: try await server.person(many.caller.text, "everywhere@many.example"))
    }

    @Test func `A page of a thousand organizations touches each of them a few times, whoever is in them`() async throws
    {
        let many = try await Self.everywhere.value, server = many.server
        for (person, path) in [
            (many.caller, "/organization"), (many.caller, "/organization/by-app/SLACK"),
            (server.admin, "/organization"),
        ] {
            let paged = "\(path)?limit=1000"
            let (first, statements) = try await many.log.during { try await server.get(paged, as: person) }
            #expect(first.elements.count == 1_000)
            for statement in statements { expectModest(statement, of: 1_000) }
            let next = try #require(first.nextPath)
            let (page, further) = try await many.log.during { try await server.get(next, as: person) }
            #expect(page.elements.count >= 400)
            for statement in further { expectModest(statement, of: page.elements.count) }
        }
        let (whole, statements) = try await many.log.during { try await server.get("/organization", as: many.caller) }
        #expect(whole.elements.count == ManyOrganizations.count)
        for statement in statements { expectModest(statement, of: ManyOrganizations.count) }
    }

    @Test func `The accounts of an organization are found without a look at people who have none, or are in others`()
        async throws
    {
        let many = try await Self.everywhere.value
        let owner = try await many.server.person(ManyOrganizations().owner.text, "owner@many.example")
        for path in ["/account", "/account/for-org", "/account/org-admins"] {
            for moment in ["", "?asOf=\(try await many.server.get(path, as: owner).position)"] {
                let (list, statements) = try await many.log.during {
                    try await many.server.get(path + moment, as: owner)
                }
                #expect(list.elements.count == 1)
                for statement in statements where statement.connection != "directory reads" {
                    #expect(statement.buffers <= 80, "\(path)\(moment): \(statement)")
                }
            }
        }
    }

    @Test func `Of organizations as they were a moment ago, what has not changed since is looked for once`()
        async throws
    {
        let many = try await Self.everywhere.value
        let head = try await many.server.get("/organization?limit=1", as: many.caller).position
        for person in [many.caller, many.server.admin] {
            let past = "/organization?limit=1000&asOf=\(head - 100)"
            let (page, statements) = try await many.log.during { try await many.server.get(past, as: person) }
            #expect(page.elements.count == 1_000)
            for statement in statements { expectModest(statement, of: 1_000) }
        }
    }

    /// Each table is looked into twice by then, for each of the rows that an organization shows.
    @Test func `Organizations as they were before all of them changed cost what they show`() async throws {
        let many = try await Self.everywhere.value
        let head = try await many.server.get("/organization?limit=1", as: many.caller).position
        for person in [many.caller, many.server.admin] {
            let past = "/organization?limit=1000&asOf=\(head - 4 * ManyOrganizations.count)"
            let (page, statements) = try await many.log.during { try await many.server.get(past, as: person) }
            let parts = ["apps", "keys", "preferences", "mappings"]
            let shown = page.elements.reduce(0) { rows, organization in
                parts.reduce(rows + 1) { $0 + (organization[$1]?.array?.count ?? 0) }
            }
            #expect(shown > 2_000)
            for statement in statements { expectModest(statement, of: shown) }
        }
    }
}
