import CanonicalJSON
import EventSourcing
import Testing

@testable import DirectoryAPI

/// The trail as it comes.
@Suite(.timeLimit(.minutes(10))) struct FeedTests {
    let server: Server
    let organization: String
    let owner: Person

    init() async throws {
        server = try await Server.shared
        (organization, owner) = try await server.makeOrganization()
    }

    /// Changes the organization once, and returns where.
    @discardableResult
    private func change() async throws -> Int {
        try await server.patch("/organization/\(organization)", as: owner, #"{"name":"\#(unique("New "))"}"#).position
    }

    private func trail(_ query: String) async throws -> [JSON] {
        try await server.get("/audit\(query)&limit=1000", as: owner).entries
    }

    private func json(_ event: Follower.Event) throws -> JSON {
        try JSON(parsing: Array(event.data.utf8), limits: Limits(maximumDepth: 16, maximumArrayCount: 100))
    }

    @Test func `Entries come as the trail shows them, once and in order, old ones and new ones`() async throws {
        try await change()
        let query = "?organization=\(organization)&after=0"
        var follower = try await Follower(server, query, as: owner)
        var events = try await follower.next(try await trail(query).count)
        #expect(try events.map { try json($0) } == (try await trail(query)))
        for _ in 0..<5 {
            let position = try await change()
            events += try await follower.next(1)
            // Names are those of the moment.
            let entry = try await trail("?organization=\(organization)&after=\(position - 1)")
            #expect(try events.suffix(1).map { try json($0) } == entry)
        }
        let entries = try await trail(query)
        #expect(events.map(\.id) == entries.map { $0["position"]?.integer })
        #expect(follower.retries.count == 1)
    }

    @Test func `It begins with what comes, after a position, or after the last event seen`() async throws {
        let positions = [try await change(), try await change(), try await change()]
        var now = try await Follower(server, as: owner)
        var after = try await Follower(server, "?after=\(positions[0])", as: owner)
        var again = try await Follower(server, "?after=0", as: owner, lastEventID: positions[1])
        let last = Int64(try await change())
        #expect(try await now.next()?.id == last)
        #expect(try await after.next(3).map(\.id) == [Int64(positions[1]), Int64(positions[2]), last])
        #expect(try await again.next(2).map(\.id) == [Int64(positions[2]), last])
        // What the log has not reached yet comes when it does.
        var later = try await Follower(server, "?after=\(last + 1)", as: server.admin)
        while try await change() <= Int(last) + 1 {}
        #expect(try #require(try await later.next()?.id) > last + 1)
    }

    @Test func `What comes from now on comes after the record of the reading that begins`() async throws {
        var follower = try await Follower(server, "?organization=\(organization)", as: owner)
        // To look at it is not recorded: it is a history.
        let record = try await server.get(
            "/organization/\(organization)/history?type=organization.audit_read&order=desc&limit=1", as: owner
        ).elements.first
        #expect(record != nil && follower.position == record?["position"]?.integer)
        let last = Int64(try await change())
        #expect(try await follower.nextOfAll()?.id == last)
    }

    @Test(arguments: ["x", "-1", "1.5", "99999999999999999999"])
    func `A last event that is no position is 400`(_ text: String) async throws {
        let refused = try await server.get("/audit/stream", as: owner, headers: ["Last-Event-ID": text])
        #expect(refused.status == 400)
        #expect(try await server.get("/audit/stream?after=\(text)", as: owner).pointers == ["?after"])
    }

    @Test func `The filters are those of the trail`() async throws {
        let employee = try await server.makeEmployee(organization, by: owner)
        let (elsewhere, stranger) = try await server.makeOrganization()
        let queries = [
            "?type=employee.*", "?type=employee.role_changed", "?entity=\(employee)", "?entityType=EMPLOYEE",
            "?actor=\(owner.id)", "?organization=\(organization)", "?requestId=followed",
            "?entity=\(employee)&type=employee.role_changed", "?since=2020-01-01T00:00:00Z",
        ]
        let start = try await change()
        var followers: [Follower] = []
        for query in queries {
            followers.append(try await Follower(server, "\(query)&after=\(start)", as: owner))
        }
        let path = "/employee/\(employee)"
        try await server.patch(path, as: server.admin, #"{"name":"By Another"}"#)
        try await server.patch("/organization/\(elsewhere)", as: stranger, #"{"name":"Elsewhere"}"#)
        try await change()
        try await server.patch(path, as: owner, #"{"role":"Poet"}"#, headers: ["X-Request-Id": "followed"])
        try await server.post("/employee/\(employee)/profile", as: owner, #"{"bio":"b"}"#)
        for (index, query) in queries.enumerated() {
            let expected = try await trail("\(query)&after=\(start)")
            #expect(!expected.isEmpty, "\(query)")
            let ids = try await followers[index].next(expected.count).map(\.id)
            #expect(ids == expected.map { $0["position"]?.integer }, "\(query)")
        }
    }

    @Test(arguments: ["application/cloudevents+json", "text/event-stream, Application/CloudEvents+JSON;q=0.5"])
    func `Who accepts CloudEvents gets each entry as one`(_ accept: String) async throws {
        let first = try await change()
        var follower = try await Follower(server, "?after=\(first - 1)", as: owner, accept: accept)
        let event = try #require(try await follower.next())
        let cloud = try json(event)
        let entry = try #require(try await trail("?organization=\(organization)&after=\(first - 1)").first)
        #expect(cloud["specversion"] == "1.0" && cloud["type"] == "organization.renamed")
        #expect(cloud["id"] == entry["id"] && cloud["data"] == entry && event.id == Int64(first))
    }

    @Test func `That a stream begins is recorded as a reading of the trail, once a minute`() async throws {
        let first = try await change()
        let query = "?organization=\(organization)&after=\(first - 1)"
        for _ in 0..<2 {
            var follower = try await Follower(server, query, as: owner)
            #expect(try await follower.nextOfAll()?.id == Int64(first))
        }
        var follower = try await Follower(server, query, as: owner)
        #expect(try await follower.next()?.id == Int64(first))
        #expect(try await follower.nextOfAll()?.data.contains("organization.audit_read") == true)
        let last = Int64(try await change())
        #expect(try await follower.nextOfAll()?.id == last)
    }

    @Test func `With an end it ends there`() async throws {
        try await change()
        var follower = try await Follower(server, "?after=0&until=2001-01-01T00:00:00Z", as: owner)
        #expect(follower.status == 200)
        #expect(try await follower.rest() == [])
    }

    // MARK: Rights

    private enum Ending: CaseIterable { case role, account, key }

    @Test(arguments: Ending.allCases)
    private func `A right that ends, ends the stream`(_ ending: Ending) async throws {
        let reader = try await server.makeMember("AUDITOR", of: organization, by: owner)
        let key = try await server.makeKey(organization, by: owner)
        let caller = ending == .key ? key.person(reader) : reader
        var follower = try await Follower(server, as: caller)
        var named = try await Follower(server, "?organization=\(organization)&type=organization.*", as: caller)
        let last = Int64(try await change())
        #expect(try await follower.next()?.id == last)
        #expect(try await named.next()?.id == last)
        let ended =
            switch ending {
            case .role:
                try await server.delete(
                    "/account/\(reader.id)/grant?orgId=\(organization)&role=AUDITOR", as: owner)
            case .account: try await server.delete("/account/\(reader.id)", as: server.admin)
            case .key: try await server.delete("/organization/\(organization)/keys/\(key.id)", as: owner)
            }
        #expect(ended.status == 200, "\(ended.text)")
        // Nothing else has to happen.
        #expect(try await named.rest() == [])
        #expect(named.comments.last?.isEmpty == false, "it says why")
        // The account still has a trail of its own, where it has no other.
        if ending != .role { #expect(try await follower.rest() == []) }
        #expect(try await Follower(server, "?organization=\(organization)", as: caller).status != 200)
    }

    @Test func `A right to one of several trails that ends takes just that one away`() async throws {
        let (elsewhere, stranger) = try await server.makeOrganization()
        let reader = try await server.makeMember("AUDITOR", of: organization, by: owner)
        try await server.grant("AUDITOR", to: reader, in: elsewhere, by: stranger)
        var follower = try await Follower(server, as: reader)
        let first = Int64(try await change())
        #expect(try await follower.next()?.id == first)
        try await server.delete("/account/\(reader.id)/grant?orgId=\(organization)&role=AUDITOR", as: owner)
        try await change()
        let other = try await server.patch("/organization/\(elsewhere)", as: stranger, #"{"name":"Elsewhere"}"#)
        #expect(try await follower.next()?.id == Int64(other.position))
        try await server.grant("AUDITOR", to: reader, in: organization, by: owner)
        let again = Int64(try await change())
        var seen: Int64?
        while seen != again { seen = try #require(try await follower.next()).id }
    }

    @Test func `A token that expires ends the stream`() async throws {
        // It has to last for connecting, whatever else this machine does.
        for seconds in [4.0, 20, 60] {
            let expires = Instant.now.seconds + seconds
            let token = try await server.issuer.token(subject: owner.id, organization: nil, expires: expires)
            var follower = try await Follower(server, as: Person(id: owner.id, email: owner.email, token: token))
            guard follower.status == 200 else { continue }
            while Instant.now.seconds < expires { try await Task.sleep(for: .milliseconds(100)) }
            try await change()
            #expect(try await follower.rest() == [])
            return
        }
        Issue.record("no token lasted")
    }
}
