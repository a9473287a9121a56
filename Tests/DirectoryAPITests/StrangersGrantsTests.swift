import DirectoryEvents
import EmbeddedPostgres
import EventSourcing
import FoundationEssentials
import TestSupport
import Testing

@testable import DirectoryAPI

/// What strangers grant an account in organizations of their own costs it nothing elsewhere, and nobody else anything.
@Suite(.serialized, .timeLimit(.minutes(10))) struct StrangersGrantsTests {
    /// An OWNER with words and roles that strangers granted in organizations of theirs, and with an employee in each.
    private struct Victim: Sendable {
        static let strangers = 1_500

        let cluster: TestCluster
        let server: Server
        let log: StatementLog
        let person: Person
        let organization: String
        let employee: String
    }

    private static let victim = Task {
        let cluster = try await TestCluster.start(settings: StatementLog.settings)
        let server = try await Server.start(on: cluster)
        let (organization, owner) = try await server.makeOrganization()
        let employee = try await server.makeEmployee(organization, by: owner)
        let account = try #require(UUID(text: owner.id))
        try await server.given((0..<Victim.strangers).flatMap { events($0, account) })
        try await TestDatabase(url: server.database).query("vacuum analyze")
        return Victim(
            cluster: cluster, server: server, log: StatementLog(cluster), person: owner, organization: organization,
            employee: employee)
    }

    private static func events(_ number: Int, _ account: UUID) -> [DirectoryEvent] {
        let organization = UUID(high: 0x0199_0000_0000_7008, low: 0x8000_0000_0000_0000 | UInt64(number))
        let employee = UUID(high: 0x0199_0000_0000_7009, low: 0x8000_0000_0000_0000 | UInt64(number))
        let words = ["OWNER", "EMPLOYEE"] + (0..<3).map { "WORD-\($0)" }
        return [
            .organization(organization, .created(name: "Stranger", alias: Erasable("stranger-\(number)"))),
            .employee(
                employee, organization: organization,
                .created(
                    name: "Linked", email: Erasable("l@s\(number).example"), role: nil, type: "EMPLOYEE",
                    account: account)),
        ] + words.map { .account(account, organization: organization, .roleGranted(role: $0, employee: nil)) }
    }

    @Test func `Reads cost the account what they cost any other`() async throws {
        let victim = try await Self.victim.value
        for path in ["/employee/\(victim.employee)", "/organization/\(victim.organization)", "/organization"] {
            let (answer, statements) = try await victim.log.during {
                try await victim.server.get(
                    path, as: victim.person, in: victim.organization)
            }
            #expect(answer.status == 200 && !statements.isEmpty)
            // The list of organizations shows all of them, each with what belongs to it and by the roles that the caller has there.
            for statement in statements {
                let most = path == "/organization" ? 20 * max(Victim.strangers, statement.rows) : 0
                #expect(statement.buffers <= 150 + most, "\(statement)")
            }
        }
        // Which organization is current is found without looking through all of them.
        let (answer, statements) = try await victim.log.during {
            try await victim.server.get("/employee/me", as: victim.person)
        }
        #expect(answer.status == 400 && !statements.isEmpty)
        for statement in statements { #expect(statement.buffers <= 150, "\(statement)") }
    }

    @Test func `What differs in its organization is read without what strangers granted it in between`() async throws {
        let victim = try await Self.victim.value
        let path = "/audit/diff?from=0&organization=\(victim.organization)"
        let (shown, statements) = try await victim.log.during {
            try await victim.server.get(path, as: victim.person)
        }
        let own = shown.elements.first { $0["entity"]?.string == victim.person.id }
        #expect(own?["changes"]?.array?.count == 1 && own?["changes"]?.array?.first?["field"] == "/grants")
        for statement in statements { #expect(statement.buffers <= 500, "\(statement)") }
    }

    @Test func `Its changes in its own organization read only what they need`() async throws {
        let victim = try await Self.victim.value
        let (answer, statements) = try await victim.log.during {
            try await victim.server.patch(
                "/employee/\(victim.employee)", as: victim.person, #"{"role":"\#(unique("Role"))"}"#)
        }
        #expect(answer.status == 200 && !statements.isEmpty)
        for statement in statements { #expect(statement.rows <= 20 && statement.buffers <= 300, "\(statement)") }
    }

    @Test func `A change that needs to know all its grants is made in the organization that it names`() async throws {
        let victim = try await Self.victim.value
        let body = #"{"email":"\#(unique("new"))@example.org"}"#
        let refused = try await victim.server.post("/account", as: victim.person, body)
        #expect(refused.status == 400 && refused.text.contains("X-Organization"))
        let made = try await victim.server.post(
            "/account", as: victim.person, in: victim.organization, body)
        #expect(made.status == 201)
    }

    @Test func `An account with very many grants is read after its change, and shows what a GET shows`() async throws {
        let victim = try await Self.victim.value
        let (changed, statements) = try await victim.log.during {
            try await victim.server.patch(
                "/account/\(victim.person.id)", as: victim.person, #"{"name":"\#(unique("Name"))"}"#)
        }
        let read = try await victim.server.get("/account/\(victim.person.id)", as: victim.person)
        #expect(statements.contains { $0.connection.contains("processor") })
        #expect(changed.status == 200 && changed.text == read.text && changed.tag == read.tag)
        #expect(read.json["grants"]?.array?.count == 5 * Victim.strangers + 1)
        // Of its grants the writer reads as many as tell that there are too many.
        for statement in statements where statement.connection.contains("processor") {
            #expect(statement.rows <= 1_001, "\(statement)")
        }
    }

    @Test func `Whoever ends the last grant by which they see an account is answered all the same`() async throws {
        let victim = try await Self.victim.value
        let (organization, owner) = try await victim.server.makeOrganization()
        try await victim.server.grant("ADMIN", to: victim.person, in: organization, by: owner)
        let revoked = try await victim.server.delete(
            "/account/\(victim.person.id)/grant?orgId=\(organization)&role=ADMIN", as: owner,
            in: organization)
        #expect(revoked.status == 200 && revoked.id == victim.person.id)
        #expect(revoked.json["grants"]?.array?.isEmpty == true)
        #expect(try await victim.server.get("/account/\(victim.person.id)", as: owner).status == 404)
    }
}
