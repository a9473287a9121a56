import Testing

@testable import DirectoryAPI

/// A body whose framing is malformed, or whose client goes before its end.
@Suite struct IncompleteBodyTests {
    private static let body = #"{"name":"In Complete","email":"incomplete@example.org"}"#

    private static func head(_ owner: Person, _ framing: String) -> String {
        "POST /api/v1/employee HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(owner.token)\r\n"
            + "Content-Type: application/json\r\n\(framing)\r\n\r\n"
    }

    /// All that the service needs, in one chunk; what ends a chunked body is missing.
    private static func unfinished(_ owner: Person) -> String {
        head(owner, "Transfer-Encoding: chunked") + "\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n"
    }

    @Test func `A body with a malformed chunk, or cut off, is 400 and changes nothing`() async throws {
        let server = try await Server.shared
        let (_, owner) = try await server.makeOrganization()
        let bytes = Self.body.utf8.count
        let broken = [
            Self.unfinished(owner) + "zz\r\n", Self.unfinished(owner) + "-1\r\n\r\n",
            Self.unfinished(owner) + "ffffffffffffffffff\r\n", Self.unfinished(owner), Self.unfinished(owner) + "0\r\n",
            Self.head(owner, "Content-Length: \(bytes + 1)") + Self.body,
            Self.head(owner, "Content-Length: \(bytes)") + Self.body.dropLast(),
        ]
        for text in broken {
            let socket = try RawSocket(port: server.port)
            await socket.send(text)
            socket.finish()
            let answer = RawAnswer(try #require(await socket.receiveAll()))
            #expect(answer.status == 400 && answer.isLastProblem, "\(text): \(answer.status) \(answer.rest)")
        }
        #expect(try await server.get("/employee", as: owner).text == "[]")
    }

    @Test func `A body that nobody reads is refused no second time`() async throws {
        let server = try await Server.shared
        let socket = try RawSocket(port: server.port)
        await socket.send(
            "GET /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n")
        let first = RawAnswer(await socket.receive(until: "ok"))
        #expect(first.status == 200)
        await socket.send("zz\r\n")
        #expect(try #require(await socket.receiveAll()).isEmpty)
    }

    @Test(.timeLimit(.minutes(10))) func `A client that goes is no error in the log`() async throws {
        let recorder = LogRecorder()
        let server = try await Server.start(logger: recorder.logger)
        let (organization, owner) = try await server.makeOrganization()
        let requests = [
            Self.unfinished(owner), Self.unfinished(owner) + "zz\r\n",
            Self.head(owner, "Content-Length: 1000") + Self.body, Self.head(owner, "Transfer-Encoding: gzip"),
            "GET /api/v1/employee HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(owner.token)\r\n\r\n",
            "GET /api/v1/employee HTTP/1.1\r\nHo", Self.head(owner, "Content-Length: 1000\r\nExpect: 100-continue"),
        ]
        for text in requests {
            for isReset in [true, false] {
                let socket = try RawSocket(port: server.port)
                await socket.send(text)
                if isReset { socket.resetsAtEnd() }
            }
        }
        #expect(try await server.get("/employee", as: owner, in: organization).text == "[]")
        // It ends when every connection has.
        try await server.stop()
        #expect(recorder.lines == [])
    }
}
