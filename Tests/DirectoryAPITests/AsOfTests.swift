import CanonicalJSON
import EventSourcing
import Testing

@testable import DirectoryAPI

/// A GET with `asOf` answers what it would have answered then.
@Suite struct AsOfTests {
    /// What a GET answered at a position.
    private struct Shown {
        let path: String
        let position: Int
        let answer: Answer
    }

    private func past(_ path: String, _ moment: String) -> String {
        path + (path.contains("?") ? "&" : "?") + "asOf=\(moment)"
    }

    @Test func `Every GET shows each past position as it was shown then`() async throws {
        // Of its own, so that no other test changes what SYSTEM_ADMIN, who sees everything, is shown.
        let server = try await Server.start()
        let admin = server.admin
        let day = try await Day.make(server, by: admin)
        var shown: [Shown] = []
        for change in day.changes {
            try await change()
            for path in day.paths {
                let answer = try await server.get(path, as: admin, in: day.organization)
                shown.append(Shown(path: path, position: answer.position, answer: answer))
            }
        }
        #expect(Set(shown.map(\.position)).count == day.changes.count)
        for then in shown {
            let again = try await server.get(past(then.path, "\(then.position)"), as: admin, in: day.organization)
            #expect(again.status == then.answer.status, "\(then.path) at \(then.position): \(again.text)")
            guard again.status == 200 else { continue }
            #expect(again.body == then.answer.body, "\(then.path) at \(then.position)")
            #expect(again.tag == then.answer.tag && again.position == then.position, "\(then.path)")
            #expect(again.header("Directory-As-Of") != nil, "\(then.path)")
            #expect(then.answer.header("Directory-As-Of") == nil)
        }
    }

    @Test func `Every GET shows the past, but for those of the trail, of proofs and of the service itself`() {
        let others = Operations.all.filter { $0.method == .get && !$0.showsPast }
        #expect(
            Set(others.map(\.path.text)) == [
                "/api/v1/audit", "/api/v1/audit/export", "/api/v1/audit/stream", "/api/v1/audit/diff",
                "/api/v1/organization/{organization}/history", "/api/v1/account/{accountId}/history",
                "/api/v1/employee/{employee}/history", "/api/v1/group/{id}/history",
                "/api/v1/audit/log/checkpoint", "/api/v1/audit/log/vkey", "/api/v1/audit/log/consistency",
                "/api/v1/audit/log/entry", "/api/v1/audit/log/proof", "/api/v1/audit/log/opening",
                "/api/v1/audit/log/tile/{level}/{tile}", "/api/v1/audit/log/tile/entries/{tile}", "/healthz",
                "/readyz", "/openapi.json", "/docs", "/api/v1/organization/{organization}/webhooks",
                "/api/v1/organization/{organization}/webhooks/{webhook}",
                "/api/v1/organization/{organization}/webhooks/{webhook}/deliveries",
            ])
        #expect(Operations.all.count { $0.showsPast } > 30)
    }

    @Test func `An event's own time includes it, and a microsecond earlier does not`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        let path = "/employee/\(cast.employeeEmployee)"
        let before = try await server.get(path, as: cast.owner)
        let after = try await server.patch(path, as: cast.owner, #"{"role":"Poet"}"#)
        let shown = try await server.get(past(path, "\(after.position)"), as: cast.owner)
        let time = try #require(Instant(rfc3339: shown.header("Directory-As-Of") ?? ""))
        let included = try await server.get(past(path, time.description), as: cast.owner)
        #expect(included.body == after.body && included.header("Directory-As-Of") == time.description)
        let earlier = Instant(microseconds: time.microseconds - 1)
        let excluded = try await server.get(past(path, earlier.description), as: cast.owner)
        #expect(excluded.body == before.body)
        #expect(try await server.get(past(path, "\(shown.position)"), as: cast.owner).body == after.body)
    }

    @Test func `Before anything was there nothing is found, and a list is of no organization`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        for moment in ["0", "1", "2001-01-01T00:00:00Z"] {
            for path in ["/employee/\(cast.employeeEmployee)", "/employee", "/organization/\(cast.organization)"] {
                let answer = try await server.get(past(path, moment), as: cast.owner, in: cast.organization)
                #expect(answer.status == 404, "\(path) \(moment)")
            }
        }
        let made = try await server.get("/employee/\(cast.employeeEmployee)", as: cast.owner)
        #expect(made.status == 200)
    }

    @Test(arguments: [
        ("asOf=2999-01-01T00:00:00Z", "?asOf"), ("asOf=999999999999", "?asOf"), ("asOf=yesterday", "?asOf"),
        ("asOf=-1", "?asOf"), ("effective=true", "?effective"), ("asOf=1&effective=true", "?asOf"),
        ("asOf=2020-01-01T00:00:00Z&effective=yes", "?effective"),
        ("asOf=2999-01-01T00:00:00Z&effective=true", "?asOf"),
    ])
    func `A moment that has not come, or is none, is 400`(_ query: String, _ pointer: String) async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        for path in ["/employee/\(cast.employeeEmployee)", "/employee", "/account/me"] {
            let refused = try await server.get("\(path)?\(query)", as: cast.owner, in: cast.organization)
            #expect(refused.status == 400 && refused.pointers == [pointer], "\(path)?\(query): \(refused.text)")
        }
    }

    @Test func `Rights are those of today`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        let path = "/employee/\(cast.employeeEmployee)"
        let position = try await server.get(path, as: cast.auditor).position
        try await server.delete(
            "/account/\(cast.auditor.id)/grant?orgId=\(cast.organization)&role=AUDITOR", as: cast.owner)
        #expect(try await server.get(past(path, "\(position)"), as: cast.auditor).status == 404)
        let late = try await server.makeMember("AUDITOR", of: cast.organization, by: cast.owner)
        #expect(try await server.get(past(path, "\(position)"), as: late).status == 200)
        #expect(try await server.get(past(path, "\(position)"), as: cast.stranger).status == 404)
    }

    @Test func `Through an organization an account is seen as of no time before its first tie there`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        let account = try await server.makeAccount("newcomer")
        let before = try await server.get("/account/\(account.id)", as: account).position
        try await server.grant("EMPLOYEE", to: account, in: cast.organization, by: cast.owner)
        let path = "/account/\(account.id)"
        let since = try await server.get(path, as: cast.owner)
        #expect(since.status == 200)
        #expect(try await server.get(past(path, "\(since.position)"), as: cast.owner).status == 200)
        #expect(try await server.get(past(path, "\(before)"), as: cast.owner).status == 404)
        #expect(try await server.get(past(path, "\(before)"), as: account).status == 200)
    }

    @Test func `A position among the events of one change shows the whole change`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let employee = try await server.makeEmployee(organization, by: owner)
        var groups: [String] = []
        for _ in 0..<3 { groups.append(try await server.makeGroup(organization, by: owner)) }
        let path = "/entity/\(employee)/groups"
        let body = groups.map { #"{"groupId":"\#($0)","type":"MEMBER"}"# }.joined(separator: ",")
        let change = try await server.post(path, as: owner, "[\(body)]")
        let list = try await server.get(path, as: owner)
        #expect(change.status == 200 && list.elements.count == 3)
        for position in change.position - 2...change.position {
            for shown in [
                path, "\(path)?limit=3", "\(path)?transitive=true", "/group/\(groups[2])/members",
                "/employee/\(employee)",
            ] {
                let answer = try await server.get(past(shown, "\(position)"), as: owner)
                #expect(answer.status == 200 && answer.position == change.position, "\(shown) at \(position)")
                #expect(answer.body == (try await server.get(shown, as: owner).body), "\(shown) at \(position)")
            }
            let rest = "/audit/diff?from=\(position)&to=\(change.position)&organization=\(organization)"
            #expect(try await server.get(rest, as: owner).elements.isEmpty)
        }
        let before = try await server.get(past(path, "\(change.position - 3)"), as: owner)
        #expect(before.elements.isEmpty && before.position == change.position - 3)
    }

    @Test func `The pages of a list of the past are all of its moment`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        var ids: [String] = []
        for _ in 0..<5 { ids.append(try await server.makeEmployee(organization, by: owner)) }
        let position = try await server.get("/employee", as: owner).position
        try await server.delete("/employee/\(ids[4])", as: owner)
        _ = try await server.makeEmployee(organization, by: owner)
        var next: String? = past("/employee?status=ACTIVE&limit=2", "\(position)")
        var seen: [String] = []
        while let path = next {
            let page = try await server.get(path, as: owner)
            #expect(page.position == position && page.header("Directory-As-Of") != nil)
            seen += page.ids
            next = page.nextPath
        }
        #expect(seen == ids)
    }
}
