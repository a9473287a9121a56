import TestSupport
import Testing

@testable import DirectoryAPI

/// The list of organizations, which is the only one that finds the caller's roles for each of its elements.
extension PlanTests {
    @Test func `A page of a thousand organizations touches each of them a few times, whoever is in them`() async throws
    {
        let company = try await Self.company.value, many = ManyOrganizations()
        let server = try await Server.start(on: company.cluster)
        try await server.given(many.events)
        try await TestDatabase(url: server.database).query("vacuum analyze")
        let caller = try await server.person(many.caller.text, "everywhere@many.example")
        for (person, path) in [
            (caller, "/organization"), (caller, "/organization/by-app/SLACK"), (server.admin, "/organization"),
        ] {
            let paged = "\(path)?limit=1000"
            let (first, statements) = try await company.log.during { try await server.get(paged, as: person) }
            #expect(first.elements.count == 1_000)
            for statement in statements { expectModest(statement, of: 1_000) }
            let next = try #require(first.nextPath)
            let (page, further) = try await company.log.during { try await server.get(next, as: person) }
            #expect(page.elements.count >= 400)
            for statement in further { expectModest(statement, of: page.elements.count) }
        }
        let (whole, statements) = try await company.log.during { try await server.get("/organization", as: caller) }
        #expect(whole.elements.count == ManyOrganizations.count)
        for statement in statements { expectModest(statement, of: ManyOrganizations.count) }
        try await server.stop()
    }
}
