import Testing

@testable import DirectoryAPI

/// What RFC 9112 forbids is refused with a problem, whoever notices it: the decoder or the service.
@Suite struct MalformedRequestTests {
    let server: Server

    init() async throws { server = try await Server.shared }

    private static let start = "GET /healthz HTTP/1.1\r\n"
    private static let host = "Host: x\r\n"
    private static let post = "POST /api/v1/employee HTTP/1.1\r\nHost: x\r\n"

    /// What is wrong, and the bytes.
    static let malformed: [(String, String)] = [
        ("a header field over the limit", "\(start)\(host)A: \(String(repeating: "a", count: 90_000))\r\n\r\n"),
        ("too many header fields", "\(start)\(host)\(String(repeating: "A: b\r\n", count: 1_100))\r\n"),
        ("a target over the limit", "GET /\(String(repeating: "a", count: 90_000)) HTTP/1.1\r\n\(host)\r\n"),
        ("an unknown method", "FROB /healthz HTTP/1.1\r\n\(host)\r\n"),
        ("a method in lower case", "get /healthz HTTP/1.1\r\n\(host)\r\n"),
        ("raw bytes in the target", "GET /api/v1/employee/by-name/é HTTP/1.1\r\n\(host)\r\n"),
        ("a control character in the target", "GET /healthz\u{7F} HTTP/1.1\r\n\(host)\r\n"),
        ("a fragment", "GET /healthz#a HTTP/1.1\r\n\(host)\r\n"),
        ("a fragment in the query", "GET /healthz?a=b#c HTTP/1.1\r\n\(host)\r\n"),
        ("no target", "GET HTTP/1.1\r\n\(host)\r\n"),
        ("another version", "GET /healthz HTTP/2.0\r\n\(host)\r\n"),
        ("no version that exists", "GET /healthz HTTP/9.9\r\n\(host)\r\n"),
        ("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ("another protocol", "\u{16}\u{3}\u{1}\0\u{5}hello"),
        ("no Host", "\(start)\r\n"), ("two Hosts", "\(start)\(host)\(host)\r\n"),
        ("a Host that is none", "\(start)Host: a/b\r\n\r\n"), ("a Host with a blank", "\(start)Host: a b\r\n\r\n"),
        ("a field without a colon", "\(start)\(host)nonsense\r\n\r\n"),
        ("a blank before the colon", "\(start)\(host)A : b\r\n\r\n"),
        ("Content-Length and chunked", "\(post)Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("chunked and Content-Length", "\(post)Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n"),
        ("two Content-Lengths", "\(post)Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
        ("a list of Content-Lengths", "\(post)Content-Length: 2, 2\r\n\r\n{}"),
        ("a negative Content-Length", "\(post)Content-Length: -1\r\n\r\n"),
        ("an empty Transfer-Encoding", "\(post)Transfer-Encoding:\r\n\r\n"),
        ("Transfer-Encoding: gzip", "\(post)Transfer-Encoding: gzip\r\n\r\n"),
        ("chunked not last", "\(post)Transfer-Encoding: chunked, gzip\r\n\r\n"),
        ("a coding before chunked", "\(post)Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        ("chunked twice", "\(post)Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        (
            "chunked in HTTP/1.0",
            "POST /api/v1/employee HTTP/1.0\r\n\(host)Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
    ]

    @Test(arguments: malformed)
    func `A malformed request is 400 with a problem, and ends its connection`(_ what: String, _ bytes: String)
        async throws
    {
        let socket = try RawSocket(port: server.port)
        await socket.send(bytes)
        let text = try #require(await socket.receiveAll(), "\(what): the connection stays open")
        let answer = RawAnswer(text)
        #expect(answer.status == 400, "\(what): \(text)")
        #expect(answer.isLastProblem, "\(what): \(text)")
    }

    @Test func `A request that ends too early is 400 where its client still reads`() async throws {
        for text in ["GET /healthz HT", "GET /healthz HTTP/1.1\r\nHost: x\r\nA"] {
            let socket = try RawSocket(port: server.port)
            await socket.send(text)
            socket.finish()
            let answer = RawAnswer(try #require(await socket.receiveAll()))
            #expect(answer.status == 400 && answer.isLastProblem, "\(answer.rest)")
        }
    }

    @Test func `A malformed request keeps the id that its client gave it, where the head can be read`() async throws {
        let socket = try RawSocket(port: server.port)
        await socket.send("\(Self.start)X-Request-Id: my-own\r\n\r\n")
        #expect(RawAnswer(try #require(await socket.receiveAll())).header("X-Request-Id") == "my-own")
    }

    @Test func `A malformed request is refused after the requests before it are answered`() async throws {
        for bad in ["FROB / HTTP/1.1\r\n\r\n", "\(Self.start)\r\n"] {
            let socket = try RawSocket(port: server.port)
            let good = "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n"
            await socket.send(good + good + bad + good)
            let first = RawAnswer(try #require(await socket.receiveAll()))
            #expect(first.status == 200 && first.header("Connection") == nil)
            #expect(first.next.status == 200)
            #expect(first.next.next.status == 400 && first.next.next.isLastProblem, "\(first.next.next.rest)")
        }
    }

    @Test func `Other forms of what RFC 9112 allows are understood`() async throws {
        let fine = [
            "\r\n\(Self.start)\(Self.host)\r\n", "\(Self.start)HOST:x:80\r\n\r\n",
            "\(Self.start)Host: [::1]:80\r\n\r\n",
            "\(Self.start)Host:\r\n\r\n", "GET http://x/healthz HTTP/1.1\r\n\(Self.host)\r\n",
            "\(Self.start)\(Self.host)Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n", "GET /healthz HTTP/1.0\r\n\r\n",
        ]
        for text in fine {
            #expect(try await server.raw(Array(text.utf8)) == 200, "\(text.debugDescription)")
        }
    }
}
