import DirectoryEvents
import EmbeddedPostgres
import EventSourcing
import FoundationEssentials
import TestSupport
import Testing

@testable import DirectoryAPI

/// Many streams, slow ones, and the end of a node.
@Suite struct FeedLoadTests {
    private func rename(_ server: Server, _ organization: String, by owner: Person) async throws -> Int64 {
        let body = #"{"name":"\#(unique("New "))"}"#
        return Int64(try await server.patch("/organization/\(organization)", as: owner, body).position)
    }

    /// Many changes of an organization's people.
    private func changes(_ count: Int, in organization: String) throws -> [DirectoryEvent] {
        let id = try #require(UUID(text: organization))
        return (0..<count).map { number in
            .employee(
                UUID.version7(at: Instant(microseconds: 1_790_000_000_000_000)), organization: id,
                .created(
                    name: "Some Body", email: Erasable("s\(number)@stream.example"),
                    role: Erasable(String(repeating: "a role that takes its place ", count: 200)), type: "EMPLOYEE",
                    account: nil))
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `However many listen, one connection does, and streams of one reader are read for once`() async throws {
        let cluster = try await TestCluster.start(settings: StatementLog.settings)
        let server = try await Server.start(on: cluster)
        let database = TestDatabase(url: server.database)
        func listening() async throws -> Int64 {
            try await database.number(
                """
                select count(*) from pg_stat_activity where datname = current_database()
                and application_name = 'directory listen'
                """)
        }
        let (organization, owner) = try await server.makeOrganization()
        #expect(try await listening() == 0)
        var followers: [Follower] = []
        for _ in 0..<40 {
            followers.append(try await Follower(server, "?organization=\(organization)", as: owner))
        }
        // From now on all of them wait.
        var last = try await rename(server, organization, by: owner)
        for index in followers.indices { #expect(try await followers[index].next()?.id == last) }
        #expect(try await listening() == 1)
        let (elsewhere, stranger) = try await server.makeOrganization()
        func pages(_ body: () async throws -> Void) async throws -> Int {
            let (_, statements) = try await StatementLog(cluster).during(settling: .milliseconds(300), body)
            return statements.filter { $0.connection == "directory feed" && $0.text.contains("bound") }.count
        }
        let own = try await pages {
            last = try await rename(server, organization, by: owner)
            for index in followers.indices { #expect(try await followers[index].next()?.id == last) }
        }
        #expect((1...10).contains(own), "\(own) statements for one event")
        let others = try await pages { _ = try await rename(server, elsewhere, by: stranger) }
        #expect(others == 0, "an event of another organization concerns nobody")
        followers = []
        // Each is noticed when its client closes the connection.
        while server.service.feed.count > 0 { try await Task.sleep(for: .milliseconds(20)) }
        while try await listening() > 0 { try await Task.sleep(for: .milliseconds(20)) }
        try await server.stop()
        await cluster.stop()
    }

    /// Asks for the stream of everything, and reads nothing of it but the head. In HTTP/1.0 it comes without chunks.
    private func ask(_ server: Server, as caller: Person) async throws -> (socket: RawSocket, start: String) {
        let socket = try RawSocket(port: server.port)
        await socket.send(
            "GET /api/v1/audit/stream?after=0 HTTP/1.0\r\nAuthorization: Bearer \(caller.token)\r\n\r\n")
        let start = await socket.receive(until: "\r\n\r\n")
        #expect(RawSocket.status(start) == 200)
        return (socket, String(start[(start.firstRange(of: "\r\n\r\n")?.upperBound ?? start.endIndex)...]))
    }

    /// Together more than what a connection holds unread.
    private static let many = 2500

    @Test(.timeLimit(.minutes(10)))
    func `A client that reads late gets every entry, in order`() async throws {
        let server = try await Server.start()
        let (organization, owner) = try await server.makeOrganization()
        let (socket, start) = try await ask(server, as: server.admin)
        try await server.given(try changes(Self.many, in: organization))
        let last = try await rename(server, organization, by: owner)
        var reader = ServerSentEventReader()
        var ids = reader.take(start.utf8).map(\.id)
        while ids.last != last, let bytes = await socket.receiveSome() { ids += reader.take(bytes).map(\.id) }
        #expect(ids == (1...last).map { $0 })
        try await server.stop()
    }

    @Test(.timeLimit(.minutes(10)))
    func `At shutdown streams end at once, with a word on when to come back`() async throws {
        let server = try await Server.start()
        let (organization, owner) = try await server.makeOrganization()
        var idle = try await Follower(server, as: owner)
        let last = try await rename(server, organization, by: owner)
        #expect(try await idle.next()?.id == last)
        // Another one reads nothing.
        try await server.given(try changes(Self.many, in: organization))
        let stuck = try await ask(server, as: owner)
        _ = try await idle.next(Self.many)
        try await server.stop()
        withExtendedLifetime(stuck.socket) {}
        #expect(try await idle.rest() == [])
        #expect(idle.retries.count == 2)
        #expect(server.service.feed.count == 0)
    }

    @Test(.timeLimit(.minutes(10)))
    func `A stream outlives the database's restart`() async throws {
        let cluster = try await TestCluster.start(durable: true)
        let server = try await Server.start(on: cluster)
        let (organization, owner) = try await server.makeOrganization()
        var follower = try await Follower(server, "?organization=\(organization)", as: owner)
        let first = try await rename(server, organization, by: owner)
        #expect(try await follower.next()?.id == first)
        try await cluster.kill()
        try await cluster.restart()
        var last: Int64 = 0
        while last == 0 {
            let answer = try await server.patch(
                "/organization/\(organization)", as: owner, #"{"name":"\#(unique("Back "))"}"#)
            if answer.status == 200 { last = Int64(answer.position) }
        }
        // A change may have been made although its answer said 503.
        var ids: [Int64] = []
        while ids.last != last { ids.append(try #require(try await follower.next()?.id)) }
        let rows = try await TestDatabase(url: server.database).query(
            "select position from log.events where position > \(first) and position <= \(last) order by 1")
        #expect(try ids == rows.map { try $0.int(0) })
        try await server.stop()
        await cluster.stop()
    }
}
