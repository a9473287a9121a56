import EmbeddedPostgres
import EmployeeNamesProjection
import TestSupport
import Testing

/// What happens when Postgres stops, and when the service does. The limits are for what hangs: among all other tests, on a busy
/// machine, a single request may take seconds.
@Suite struct OutageTests {
    @Test(.timeLimit(.minutes(10)))
    func `Without Postgres answers are 503, and the service recovers by itself`() async throws {
        let cluster = try await TestCluster.start()
        let server = try await Server.start(on: cluster)
        let (organization, owner) = try await server.makeOrganization()
        let before = try await server.get("/organization/\(organization)", as: owner)
        try await cluster.kill()
        // The server's child processes survive it for a moment.
        try await wait(server, organization, owner, until: 503)
        for _ in 0..<3 {
            let read = try await server.get("/organization/\(organization)", as: owner)
            #expect(read.status == 503, "\(read.text)")
            let list = try await server.get("/employee", as: owner)
            #expect(list.status == 503, "\(list.text)")
        }
        async let written = server.patch("/organization/\(organization)", as: owner, #"{"name":"Away"}"#)
        async let ready = server.send("GET", "/readyz", as: nil)
        #expect(try await written.status == 503)
        #expect(try await ready.status == 503)
        #expect(try await server.send("GET", "/healthz", as: nil).status == 200)
        try await cluster.restart()
        var status = 0
        while status != 200 {
            status = try await server.patch("/organization/\(organization)", as: owner, #"{"name":"Back"}"#).status
            #expect([200, 503].contains(status))
            try await Task.sleep(for: .milliseconds(100))
        }
        // Each connection is re-established in its own time.
        try await wait(server, organization, owner, until: 200)
        let after = try await server.get("/organization/\(organization)", as: owner)
        #expect(after["name"] == "Back")
        #expect(after.position > before.position)
        try await server.stop()
        await cluster.stop()
    }

    private func wait(_ server: Server, _ organization: String, _ owner: Person, until status: Int) async throws {
        while true {
            let read = try await server.get("/organization/\(organization)", as: owner).status
            let ready = try await server.send("GET", "/readyz", as: nil).status
            if read == status, ready == status { return }
            #expect([200, 503].contains(read))
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `Graceful shutdown answers the requests under way`() async throws {
        let server = try await Server.start()
        let (organization, owner) = try await server.makeOrganization()
        // A whole request and half of the next in one piece: when the first is answered the other is under way.
        let socket = try RawSocket(port: server.port)
        let body = #"{"name":"Under Way","email":"under@example.org"}"#
        let head = "Host: x\r\nAuthorization: Bearer \(owner.token)\r\n"
        await socket.send(
            "GET /api/v1/account/me HTTP/1.1\r\n\(head)\r\nPOST /api/v1/employee HTTP/1.1\r\n\(head)"
                + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body.prefix(10))
        let first = await socket.receive(until: "\"grants\"")
        #expect(RawSocket.status(first) == 200, "\(first)")
        async let stopped: Void = server.stop()
        // It accepts no connections: the shutdown has begun.
        while (try? RawSocket(port: server.port)) != nil { try await Task.sleep(for: .milliseconds(20)) }
        await socket.send(String(body.dropFirst(10)))
        let answer = await socket.receive(until: "\"preferences\"")
        #expect(RawSocket.status(answer) == 201, "\(answer)")
        try await stopped
        #expect(throws: (any Error).self) { try RawSocket(port: server.port) }
        let again = try await Server.start(database: server.database)
        #expect(try await again.get("/employee", as: owner, in: organization).ids.count == 1)
        try await again.stop()
    }

    @Test func `Of two nodes on one database each sees what the other wrote`() async throws {
        let first = try await Server.start()
        let second = try await Server.start(database: first.database)
        let (organization, owner) = try await first.makeOrganization()
        for round in 0..<10 {
            let (one, other) = round % 2 == 0 ? (first, second) : (second, first)
            let employee = try await one.makeEmployee(organization, by: owner)
            #expect(try await other.get("/employee/\(employee)", as: owner).status == 200)
            let changed = try await other.patch("/employee/\(employee)", as: owner, #"{"role":"r\#(round)"}"#)
            #expect(try await one.get("/employee/\(employee)", as: owner).body == changed.body)
        }
        try await second.stop()
        try await first.stop()
    }
}

extension OutageTests {
    @Test(.timeLimit(.minutes(10))) func `The statement of a list whose client has gone is cancelled`() async throws {
        let server = try await Server.start()
        let (_, owner) = try await server.makeOrganization()
        let database = TestDatabase(url: server.database)
        let holder = try await database.session()
        try await holder.execute(
            script: "begin; lock table \(EmployeeNames.schemaName).current in access exclusive mode")
        let waiting = """
            select count(*) from pg_stat_activity where datname = current_database() and state = 'active'
            and application_name = 'directory walks'
            """
        func waits(_ count: Int64) async throws {
            while try await database.number(waiting) != count { try await Task.sleep(for: .milliseconds(20)) }
        }
        var socket: RawSocket? = try RawSocket(port: server.port)
        await socket?.send(
            "GET /api/v1/employee/by-name/a HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(owner.token)\r\n\r\n")
        try await waits(1)
        socket = nil
        try await waits(0)
        try await holder.execute(script: "rollback")
        await holder.close()
        try await server.stop()
    }
}
