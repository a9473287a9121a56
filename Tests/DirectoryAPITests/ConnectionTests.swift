import Testing

@testable import DirectoryAPI

/// When a connection ends, what is said before a body is sent, and HEAD.
@Suite struct ConnectionTests {
    let server: Server

    init() async throws { server = try await Server.shared }

    @Test(arguments: [
        ("HTTP/1.0", ""), ("HTTP/1.0", "Connection: keep-alive\r\n"), ("HTTP/1.1", "Connection: close\r\n"),
        ("HTTP/1.1", "Connection: close, te\r\n"), ("HTTP/1.1", "Connection: TE, Close\r\n"),
        ("HTTP/1.1", "Connection: te\r\nConnection: close\r\n"),
        ("HTTP/1.1", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAAA\r\n"),
    ])
    func `The connection ends where its client says so, or could not tell`(_ version: String, _ headers: String)
        async throws
    {
        let socket = try RawSocket(port: server.port)
        let request = "GET /readyz \(version)\r\nHost: x\r\n\(headers)\r\n"
        // What comes after the last request is not answered.
        await socket.send(request + request)
        let text = try #require(await socket.receiveAll(), "the connection stays open")
        let answer = RawAnswer(text)
        #expect(answer.status == 200)
        #expect(answer.header("Connection") == "close")
        #expect(answer.rest == #"{"status":"ready"}"#)
    }

    @Test func `A client of HTTP/1.0 gets no chunks`() async throws {
        let (_, owner) = try await server.makeOrganization()
        let socket = try RawSocket(port: server.port)
        await socket.send("GET /api/v1/employee HTTP/1.0\r\nAuthorization: Bearer \(owner.token)\r\n\r\n")
        let answer = RawAnswer(try #require(await socket.receiveAll()))
        #expect(answer.header("Transfer-Encoding") == nil)
        #expect(answer.rest == "[]")
    }

    @Test func `A connection is kept otherwise`() async throws {
        let socket = try RawSocket(port: server.port)
        for _ in 0..<3 {
            await socket.send("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: te\r\n\r\n")
            #expect(RawAnswer(await socket.receive(until: "ok")).status == 200)
        }
    }

    @Test func `A client that expects 100 Continue is told so before it sends the body`() async throws {
        let (_, owner) = try await server.makeOrganization()
        let body = #"{"name":"Ex Pect","email":"\#(unique("expect"))@example.org"}"#
        let socket = try RawSocket(port: server.port)
        await socket.send(
            "POST /api/v1/employee HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(owner.token)\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\nExpect: 100-Continue\r\n\r\n"
        )
        #expect(await socket.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
        await socket.send(body)
        #expect(RawSocket.status(await socket.receive(until: "\"managers\"")) == 201)
        // The same connection goes on.
        await socket.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(RawSocket.status(await socket.receive(until: "ok")) == 200)
    }

    @Test(arguments: [
        (401, "Content-Type: application/json\r\nContent-Length: 2"),
        (413, "Content-Type: application/json\r\nContent-Length: 2000000"),
        (415, "Content-Type: text/plain\r\nContent-Length: 2"),
        (415, "Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 2"),
    ])
    func `A client that expects 100 Continue is refused instead, and the connection ends`(
        _ status: Int, _ headers: String
    ) async throws {
        let (_, owner) = try await server.makeOrganization()
        let token = status == 401 ? "" : "Authorization: Bearer \(owner.token)\r\n"
        let socket = try RawSocket(port: server.port)
        await socket.send(
            "POST /api/v1/employee HTTP/1.1\r\nHost: x\r\n\(token)\(headers)\r\nExpect: 100-continue\r\n\r\n")
        let answer = RawAnswer(try #require(await socket.receiveAll(), "the connection stays open"))
        #expect(answer.status == status && answer.isLastProblem, "\(answer.rest)")
    }

    @Test func `Every GET answers HEAD alike, without a body`() async throws {
        // On a node of its own, so that nothing changes in between.
        let server = try await Server.start()
        let (organization, owner) = try await server.makeOrganization()
        let employee = try await server.makeEmployee(organization, by: owner, account: owner)
        func path(_ operation: Operation) -> String {
            var path = operation.path.text
            let values = [
                "{alias}": "none", "{name}": "some", "{organization}": organization, "{employee}": employee,
                "{accountIdOrEmail}": owner.id, "{accountId}": owner.id, "{managerId}": employee,
            ]
            for (name, value) in values { path = path.replacing(name, with: value) }
            return path
        }
        let own: Set<String> = ["x-request-id", "date", "content-length", "transfer-encoding"]
        for operation in Operations.all where operation.method == .get {
            // The GET comes second: to read the trail moves the log, and a HEAD does not.
            let target = path(operation) + (operation.isStream ? "?until=2001-01-01T00:00:00Z" : "")
            let head = try await server.send("HEAD", target, as: owner)
            let get = try await server.get(target, as: owner)
            #expect(head.status == get.status, "\(operation.name)")
            #expect(head.body.isEmpty, "\(operation.name)")
            // A stream begins after the record of its own reading, which a HEAD does not leave.
            let mayDiffer = operation.isStream ? own.union(["directory-position"]) : own
            func shown(_ answer: Answer) -> [String] {
                answer.headers.filter { !mayDiffer.contains($0.name.lowercased()) }.map { "\($0.name): \($0.value)" }
                    .sorted()
            }
            #expect(shown(head) == shown(get), "\(operation.name)")
            let length = head.header("Content-Length")
            #expect(length == nil || length == get.header("Content-Length"), "\(operation.name)")
        }
        try await server.stop()
    }

    @Test func `A HEAD is read as one message, whatever its response`() async throws {
        let (organization, owner) = try await server.makeOrganization()
        let tag = try #require(try await server.get("/organization/\(organization)", as: owner).tag)
        let socket = try RawSocket(port: server.port)
        let paths = [
            "/api/v1/employee", "/api/v1/employee?limit=1", "/api/v1/organization/\(organization)", "/nowhere",
            "/api/v1/employee?limit=0", "/openapi.json",
        ]
        for path in paths {
            for condition in ["", "If-None-Match: \(tag)\r\n"] {
                let authorization = "Authorization: Bearer \(owner.token)\r\n"
                await socket.send(
                    "HEAD \(path) HTTP/1.1\r\nHost: x\r\n\(authorization)\(condition)\r\n"
                        + "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                let answer = RawAnswer(await socket.receive(until: #"{"status":"ok"}"#))
                #expect(answer.rest.hasPrefix("HTTP/1.1 200"), "\(path): \(answer.rest)")
            }
        }
    }
}
