import DirectoryEvents
import EmbeddedPostgres
import EventSourcing
import FoundationEssentials
import TestSupport
import Testing

@testable import DirectoryAPI

/// Statements as the service prepares them, on an analyzed database of 20,000 people with a past: none may touch more than it
/// shows, wherever in a list, and none of what finds little may depend on the size of the organization.
@Suite(.serialized, .timeLimit(.minutes(10))) struct PlanTests {
    /// How many buffers an element may cost, and a statement by itself.
    private static let perElement = 20, perStatement = 160

    struct Company: Sendable {
        let cluster: TestCluster
        let server: Server
        let log: StatementLog
        let owner: Person
        let large = LargeCompany()
    }

    static let company = Task {
        let cluster = try await TestCluster.start(settings: StatementLog.settings)
        let server = try await Server.start(on: cluster)
        let large = LargeCompany()
        // As of an import, in which each event is a moment of its own.
        let day = Instant(microseconds: 1_700_000_000_000_000)
        try await server.given(large.events.map { ($0, day) })
        try await TestDatabase(url: server.database).query("vacuum analyze")
        return Company(
            cluster: cluster, server: server, log: StatementLog(cluster),
            owner: try await server.person(large.owner.text, "owner@large.example"))
    }

    private static let lists: [(path: String, count: Int?)] = {
        let large = LargeCompany()
        let manager = "/employee/by-manager"
        return [
            ("/employee", LargeCompany.size), ("/employee?status=INACTIVE", 88), ("/employee?status=ACTIVE", nil),
            ("/employee?type=CONTRACTOR", 1_000), ("/employee?type=CONTRACTOR&status=INACTIVE", nil),
            ("/employee?type=EMPLOYEE&status=ACTIVE", nil), ("/employee?email=p7@large.example", 1),
            ("/employee?manager=none", 1), ("/employee?manager=inactive", nil),
            ("/employee/by-name/anna", nil), ("/employee/by-name/an%20keller", nil),
            ("/employee/by-name/zebulon", 5), ("/employee/by-name/nobody", 0),
            ("\(manager)/\(large.hub.text)", 1_008), ("\(manager)/\(large.hub.text)?type=DIRECT", 1_008),
            ("\(manager)/\(large.root.text)?depth=all", LargeCompany.size - 1),
            ("\(manager)/\(large.root.text)?depth=1", 9),
            ("\(manager)/\(large.root.text)?depth=3", nil), ("\(manager)/\(large.root.text)?depth=500", nil),
            ("/employee/\(large.lowest.text)/chain", 1_000),
            ("/group", 2_000), ("/group?status=INACTIVE", 20), ("/group?type=GUILD", 200),
            ("/group?type=GUILD&status=INACTIVE", 20), ("/group?type=NONE", 0),
            ("/group/\(large.everybody.text)/members", 5),
            ("/group/\(large.everybody.text)/members?transitive=true", LargeCompany.below),
            ("/group/\(large.everybody.text)/members?transitive=true&entity=\(large.people[4_321].text)", 1),
            ("/group/\(large.everybody.text)/members?transitive=true&entity=\(large.groups[700].text)", 1),
            ("/group/\(large.groups[3].text)/members?transitive=true&entity=\(large.people[4_321].text)", nil),
            ("/group/\(large.crowd.text)/members", 8_000), ("/group/\(large.crowd.text)/members?entity=ACCOUNT", 3_000),
            ("/group/\(large.crowd.text)/members?membership=LEAD", 5),
            ("/group/\(large.crowd.text)/members?entity=GROUP", 0),
            ("/group/\(large.crowd.text)/members?entity=\(large.people[4_321].text)", 1),
            ("/entity/\(large.joiner.text)/groups", 982), ("/entity/\(large.joiner.text)/groups?transitive=true", 986),
            ("/entity/\(large.people[5].text)/groups?transitive=true", 6),
            ("/account", 3_001), ("/account/org-admins", 301), ("/account/for-org", 3_001), ("/organization", 1),
            ("/organization/by-app/SLACK", 1), ("/organization/by-app-id/SLACK/T1", 1),
            ("/organization/by-app-data/SLACK/plan/gold", 1), ("/organization/by-app-data/SLACK/plan/tin", 0),
            ("/organization/\(large.organization.text)/apps", 1),
        ]
    }()

    @Test(arguments: lists)
    func `A list is complete, and none of its statements touches more than it shows`(
        _ path: String, _ count: Int?
    ) async throws {
        let company = try await Self.company.value
        let (whole, statements) = try await company.log.during { try await company.server.get(path, as: company.owner) }
        let elements = whole.elements.count
        if let count { #expect(elements == count) }
        #expect(Set(whole.elements.map { $0.canonicalBytes() }).count == elements)
        for statement in statements { expectModest(statement, of: elements) }
    }

    @Test(arguments: lists)
    func `A page costs the same wherever in the list it is`(_ path: String, _ count: Int?) async throws {
        let company = try await Self.company.value
        let limited = path + (path.contains("?") ? "&" : "?") + "limit=500"
        let first = try await company.server.get(limited, as: company.owner)
        guard let next = first.nextPath else { return }
        let (page, statements) = try await company.log.during { try await company.server.get(next, as: company.owner) }
        #expect(page.status == 200)
        for statement in statements { expectModest(statement, of: page.elements.count) }
    }

    @Test(arguments: lists)
    func `A list of the past, whole or page by page, touches only what it shows`(
        _ path: String, _ count: Int?
    ) async throws {
        let company = try await Self.company.value
        let head = try await company.server.get("/employee?limit=1", as: company.owner).position
        // Half of the people have their later role by then; groups and leavers come after.
        for moment in [head * 9 / 10, head * 6 / 10] {
            let past = path + (path.contains("?") ? "&" : "?") + "asOf=\(moment)"
            let (whole, statements) = try await company.log.during {
                try await company.server.get(past, as: company.owner)
            }
            guard whole.status == 200 else { continue }
            let elements = whole.elements.count
            // What came later is passed over in the index, also where there was nothing yet.
            guard elements > 0 else { continue }
            for statement in statements { expectModest(statement, of: elements) }
            let first = try await company.server.get(past + "&limit=500", as: company.owner)
            guard let next = first.nextPath else { continue }
            let (page, more) = try await company.log.during { try await company.server.get(next, as: company.owner) }
            let shown = page.elements.count
            for statement in more { expectModest(statement, of: shown) }
        }
    }

    @Test func `A page of those who see everything costs the same wherever it is`() async throws {
        let company = try await Self.company.value
        let admin = company.server.admin
        let first = try await company.server.get("/account?limit=500", as: admin)
        let next = try #require(first.nextPath)
        let (page, statements) = try await company.log.during { try await company.server.get(next, as: admin) }
        #expect(page.ids.count == 500)
        for statement in statements { expectModest(statement, of: 500) }
    }

    @Test func `Counts of the people below each report touch each of those once`() async throws {
        let company = try await Self.company.value
        for manager in [company.large.root.text, company.large.hub.text] {
            let path = "/employee/by-manager/\(manager)"
            let below = try await company.server.get("\(path)?depth=all", as: company.owner).elements.count
            for query in ["", "?limit=4"] {
                let (counts, statements) = try await company.log.during {
                    try await company.server.get("\(path)/counts\(query)", as: company.owner)
                }
                let all = counts.elements.reduce(0) { $0 + 1 + Int($1["all"]?.integer ?? 0) }
                #expect(query.isEmpty ? all == below : all < below && counts.elements.count == 4)
                for statement in statements { expectModest(statement, of: max(all, counts.elements.count)) }
            }
        }
    }

    @Test func `What differs between two moments costs what happened in between`() async throws {
        let company = try await Self.company.value
        let head = try await company.server.get("/employee?limit=1", as: company.owner).position
        let changes = 300
        for from in [10, head / 4, head / 2, head - 15_000, head - changes] {
            let path = "/audit/diff?from=\(from)&to=\(from + changes)"
            let (whole, statements) = try await company.log.during {
                try await company.server.get(path, as: company.owner)
            }
            #expect(!whole.elements.isEmpty)
            for statement in statements {
                // The keys are found by reading what happened; then come the events again, and the names of their entities.
                let most = statement.text.contains("group by") ? changes / 4 : 150 + Self.perElement * statement.rows
                #expect(statement.buffers <= most, "\(statement)")
            }
        }
        let (page, statements) = try await company.log.during {
            try await company.server.get("/audit/diff?from=0&limit=100", as: company.owner)
        }
        #expect(page.elements.count == 100)
        for statement in statements where !statement.text.contains("group by") { expectModest(statement, of: 100) }
        // Of an organization that has little, what others did meanwhile is not looked at.
        let (small, owner) = try await company.server.makeOrganization()
        let (little, few) = try await company.log.during {
            try await company.server.get("/audit/diff?from=0&organization=\(small)", as: owner)
        }
        #expect(little.elements.count == 2)
        for statement in few { expectModest(statement, of: 2) }
    }

    @Test func `The density of changes is counted in an index`() async throws {
        let company = try await Self.company.value
        let path = "/organization/\(company.large.organization.text)/density?buckets=100"
        for query in ["", "&effective=true"] {
            let (shown, statements) = try await company.log.during {
                try await company.server.get(path + query, as: company.owner)
            }
            let changes = shown.elements.reduce(0) { $0 + Int($1["changes"]?.integer ?? 0) }
            #expect(changes > 80_000)
            // A bound is a binary search; a page of the index has some hundred positions.
            for statement in statements {
                #expect(statement.buffers <= 150 + 150 * 101 + changes / 50, "\(statement)")
            }
        }
    }

    @Test func `What an id in an app refers to is found by a few probes`() async throws {
        let company = try await Self.company.value
        let path = "/entity/by-mapping/\(company.large.app.text)/user/U1230"
        let (found, statements) = try await company.log.during { try await company.server.get(path, as: company.owner) }
        #expect(found.elements.count == 1)
        for statement in statements { expectModest(statement, of: 1) }
    }

    @Test func `An app's secret is found by a few probes, whoever looks for it`() async throws {
        let company = try await Self.company.value
        let apps = "/organization/\(company.large.organization.text)/apps/\(company.large.app.text)"
        let set = try await company.server.patch(apps, as: company.owner, #"{"secretData":{"token":"of slack"}}"#)
        #expect(set.status == 200)
        // As if many others had secrets: none of them is looked at.
        try await TestDatabase(url: company.server.database).query(
            """
            insert into log.secrets (owner, name, digest) select gen_random_uuid(), 'token', sha256(n::text::bytea)
            from generate_series(1, 20000) n
            """)
        for caller in [company.owner, company.server.admin] {
            let (found, statements) = try await company.log.during {
                try await company.server.post(
                    "/organization/by-app-secret/SLACK/token", as: caller, #"{"secret":"of slack"}"#)
            }
            #expect(found.ids == [company.large.organization.text])
            for statement in statements { expectModest(statement, of: 1) }
        }
    }

    @Test func `A history and the trail of an entity touch its own events only`() async throws {
        let company = try await Self.company.value
        let person = company.large.people[777].text
        let paths = [
            "/employee/\(person)/history", "/audit?entity=\(person)", "/audit?entity=\(person)&order=desc",
        ]
        for path in paths {
            let (trail, statements) = try await company.log.during {
                try await company.server.get(path, as: company.owner)
            }
            #expect(trail.elements.count >= 3)
            for statement in statements { expectModest(statement, of: trail.elements.count) }
        }
    }

    @Test func `A page of the trail touches its own entries and the names in them`() async throws {
        let company = try await Self.company.value
        for path in ["/audit", "/audit?order=desc"] {
            let (trail, statements) = try await company.log.during {
                try await company.server.get(path, as: company.owner)
            }
            #expect(trail.elements.count == 100)
            for statement in statements { expectModest(statement, of: 100) }
        }
    }

    @Test func `A page of the trail between two times looks at nothing beyond them, whatever else it asks for`()
        async throws
    {
        let company = try await Self.company.value
        // Events of one batch have one time.
        let times = try await TestDatabase(url: company.server.database).query(
            """
            select min(position), to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            from log.events group by recorded_at having count(*) > 500 order by 1
            """)
        let (first, since) = (try times[0].int(0), try times[0].text(1)),
            (last, until) = (try times[1].int(0), try times[1].text(1))
        for (query, looked) in [
            ("until=\(until)&after=\(last - 501)", 500),
            ("since=\(since)&until=\(until)&after=\(first + 500)&order=desc", 500),
        ] {
            let path = "/audit?\(query)"
            for more in ["&limit=1000", "&type=organization.deactivated"] {
                let (trail, statements) = try await company.log.during {
                    try await company.server.get(path + more, as: company.owner)
                }
                #expect(more.hasPrefix("&type") ? trail.elements.isEmpty : trail.elements.count > 100, "\(path + more)")
                for statement in statements { expectModest(statement, of: looked) }
            }
        }
    }

    @Test(arguments: [LopsidedCompany.Side.ofGroup, .ofMember])
    func `A walk touches as little of the past where all of it is of one group, member or manager`(
        _ side: LopsidedCompany.Side
    ) async throws {
        let company = try await Self.company.value, lopsided = LopsidedCompany()
        let server = try await Server.start(on: company.cluster)
        try await server.given(lopsided.events(side))
        try await TestDatabase(url: server.database).query("vacuum analyze")
        let owner = try await server.person(lopsided.owner.text, "owner@lopsided.example")
        let (top, person) = (lopsided.groups[0].text, lopsided.people[7].text)
        for (path, count) in [
            ("/group/\(top)/members?transitive=true", LopsidedCompany.below),
            ("/group/\(top)/members?transitive=true&membership=MEMBER", LopsidedCompany.below),
            ("/group/\(top)/members?transitive=true&entity=\(person)", 1), ("/group/\(top)/members", 5),
            ("/entity/\(person)/groups?transitive=true", nil), ("/entity/\(person)/groups", nil),
            ("/entity/\(lopsided.people[1_999].text)/groups?transitive=true", 5),
            ("/employee/by-manager/\(lopsided.people[0].text)?depth=all", LopsidedCompany.size - 1),
            ("/employee/by-manager/\(lopsided.people[0].text)", 8),
            ("/employee/\(lopsided.people[1_999].text)/chain", 4),
        ] as [(String, Int?)] {
            let (whole, statements) = try await company.log.during { try await server.get(path, as: owner) }
            if let count { #expect(whole.elements.count == count, "\(path)") }
            for statement in statements { expectModest(statement, of: whole.elements.count) }
            guard
                let page = try await server.get(path + (path.contains("?") ? "&" : "?") + "limit=2", as: owner).nextPath
            else { continue }
            // The past is looked at from here on: the log has gone on.
            try await server.given([.organization(lopsided.organization, .renamed(Change(from: "Lopsided", to: "L")))])
            let (next, further) = try await company.log.during { try await server.get(page, as: owner) }
            for statement in further { expectModest(statement, of: next.elements.count) }
        }
        try await server.stop()
    }

    func expectModest(_ statement: StatementLog.Entry, of elements: Int) {
        let limit = Self.perStatement + Self.perElement * max(elements, statement.rows)
        #expect(statement.buffers <= limit, "\(statement)")
    }
}
