import CanonicalJSON
import Testing

@testable import DirectoryAPI

/// Nothing that a client can send causes a 500 or leaves anything half-written.
@Suite struct HostileInputTests {
    let server: Server

    init() async throws { server = try await Server.shared }

    @Test func `A malformed body is 400 and changes nothing`() async throws {
        let (organization, owner) = try await server.makeOrganization()
        func text(_ value: String) -> [UInt8] { Array(#"{"name":\#(value),"email":"h@example.org"}"#.utf8) }
        let depth = 10_000
        let bodies: [(String, [UInt8])] = [
            ("NUL escaped", text(#""a\u0000b""#)), ("NUL raw", text("\"a\0b\"")),
            ("high surrogate", text(#""\ud800""#)), ("low surrogate", text(#""\udc00x""#)),
            ("surrogates reversed", text(#""\udc00\ud800""#)),
            ("invalid UTF-8", Array(#"{"name":""#.utf8) + [0xFF, 0xFE] + Array(#"","email":"h@example.org"}"#.utf8)),
            ("overlong UTF-8", Array(#"{"name":""#.utf8) + [0xC0, 0x80] + Array(#"","email":"h@example.org"}"#.utf8)),
            (
                "encoded surrogate",
                Array(#"{"name":""#.utf8) + [0xED, 0xA0, 0x80] + Array(#"","email":"h@example.org"}"#.utf8)
            ),
            ("control character", text("\"a\u{1}b\"")), ("number", text("1")), ("huge number", text("1e999")),
            ("inexact number", text("9007199254740993")), ("long number", text(String(repeating: "9", count: 10_000))),
            ("NaN", text("NaN")), ("true", text("true")), ("array", text("[]")), ("object", text("{}")),
            ("duplicate keys", Array(#"{"name":"a","name":"b","email":"h@example.org"}"#.utf8)),
            ("duplicate keys, escaped", Array(#"{"name":"a","\u006eame":"b","email":"h@example.org"}"#.utf8)),
            ("deep array", Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)),
            (
                "deep array in a field",
                text(String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
            ),
            (
                "deep object",
                Array((String(repeating: #"{"a":"#, count: depth) + "1" + String(repeating: "}", count: depth)).utf8)
            ),
            ("unclosed", Array(String(repeating: "[", count: depth).utf8)), ("empty", []),
            ("white space", Array("  \n".utf8)),
            ("nothing", Array("null".utf8)), ("string", Array("\"\"".utf8)),
            ("trailing", text("\"a\"") + Array("x".utf8)),
            ("comment", Array("/**/{}".utf8)), ("BOM", [0xEF, 0xBB, 0xBF] + text("\"a\"")),
            ("UTF-16", [0xFF, 0xFE, 0x7B, 0, 0x7D, 0]),
            ("long name", text("\"" + String(repeating: "n", count: 257) + "\"")),
            ("many members", Array(("{" + (0..<20_000).map { "\"k\($0)\":1" }.joined(separator: ",") + "}").utf8)),
            ("many elements", Array(("[" + String(repeating: "1,", count: 20_000) + "1]").utf8)),
        ]
        for (name, body) in bodies {
            for (method, path) in [
                ("POST", "/employee"), ("PATCH", "/organization/\(organization)"), ("POST", "/account"),
            ] {
                let answer = try await server.send(method, path, token: owner.token, body: body)
                #expect(answer.status == 400, "\(name) to \(method) \(path): \(answer.status) \(answer.text)")
            }
        }
        #expect(try await server.get("/employee", as: owner).text == "[]", "nothing half-written")
    }

    @Test func `A body over 1 MiB is 413, however it is sent`() async throws {
        let (_, owner) = try await server.makeOrganization()
        let head =
            "POST /api/v1/employee HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(owner.token)\r\nContent-Type: application/json\r\n"
        #expect(
            try await server.raw(Array("\(head)Content-Length: 10485760\r\n\r\n".utf8)) == 413, "without reading it")
        let chunk = "10000\r\n" + String(repeating: " ", count: 0x10000) + "\r\n"
        let chunks = String(repeating: chunk, count: 20) + "0\r\n\r\n"
        #expect(
            try await server.raw(Array("\(head)Transfer-Encoding: chunked\r\n\r\n\(chunks)".utf8)) == 413, "in chunks")
        let big = [UInt8](repeating: UInt8(ascii: " "), count: 10 << 20)
        let status = try await server.raw(Array("\(head)Content-Length: \(big.count)\r\n\r\n".utf8) + big)
        #expect(status == 413 || status == 0, "all of it sent: answered, or closed while it was sent")
    }

    @Test func `A body of another media type than JSON is 415`() async throws {
        let (_, owner) = try await server.makeOrganization()
        for type in [
            "text/plain", "application/xml", "", "application/json2", "json", "multipart/form-data; boundary=x",
        ] {
            let answer = try await server.send(
                "POST", "/employee", token: owner.token, body: Array("{}".utf8), headers: ["Content-Type": type])
            #expect(answer.status == 415, "\(type)")
        }
        for type in ["application/json; charset=utf-8", "APPLICATION/JSON", " application/json ;x=y"] {
            let answer = try await server.send(
                "POST", "/employee", token: owner.token, body: Array("{}".utf8), headers: ["Content-Type": type])
            #expect(answer.status == 400, "\(type)")
        }
    }

    @Test func `A body with a Content-Encoding other than identity is 415, where one is read`() async throws {
        let (organization, owner) = try await server.makeOrganization()
        func post(_ path: String, _ coding: String, body: String) async throws -> Answer {
            try await server.post(path, as: owner, body, headers: ["Content-Encoding": coding])
        }
        for coding in ["gzip", "br", "deflate, identity", "Identity, GZIP", "x"] {
            for (path, body) in [("/employee", "{}"), ("/organization/\(organization)/activate", "")] {
                let answer = try await post(path, coding, body: body)
                #expect(answer.status == 415, "\(coding): \(answer.text)")
                #expect(answer.header("Accept-Encoding") == "identity")
            }
        }
        for coding in ["identity", "IDENTITY", "identity, identity", ""] {
            #expect(try await post("/employee", coding, body: "{}").status == 400, "\(coding)")
        }
    }

    @Test func `The body of a GET is ignored`() async throws {
        let (_, owner) = try await server.makeOrganization()
        let body = try await server.send("GET", "/employee", token: owner.token, body: Array("{".utf8))
        #expect(body.status == 200)
    }

    @Test func `A hostile path is 404, a hostile query 400`() async throws {
        let (organization, owner) = try await server.makeOrganization()
        let employee = try await server.makeEmployee(organization, by: owner)
        let hostile = [
            "%", "%0", "%zz", "%00", "%ff", "%c0%80", "%ed%a0%80", "..%2f..", "'%20or%201=1--",
            "%27%3Bdrop%20table%20x",
            String(repeating: "a", count: 4000), "%F0%9F%92%A9", "{id}", "null", "-1", "0x0", "%0d%0aX-Evil:%201",
            "\(employee)%00", "%20\(employee)", "urn:uuid:\(employee)", "{\(employee)}",
            employee.replacing("-", with: ""),
        ]
        for text in hostile {
            for path in ["employee", "organization", "organization/alias", "account", "employee/by-manager"] {
                let status = try await server.raw("GET /api/v1/\(path)/\(text) HTTP/1.1", as: owner)
                #expect(status == 404, "\(path)/\(text.prefix(40))")
            }
            let byName = try await server.raw("GET /api/v1/employee/by-name/\(text) HTTP/1.1", as: owner)
            // A name may be any text; bytes that are not text are a malformed request.
            let isText = PercentDecoding.decode(text[...]) != nil
            #expect(byName == (isText ? 200 : 400), "by-name/\(text.prefix(40))")
            let query = try await server.raw("GET /api/v1/employee?status=\(text) HTTP/1.1", as: owner)
            #expect(
                query == 400 || text == "null" || text == "-1" || text == "0x0" || text.count == 32,
                "status=\(text.prefix(40))")
            let unknown = try await server.raw("GET /api/v1/employee?\(text)=1 HTTP/1.1", as: owner)
            #expect(unknown == 400)
        }
    }

    @Test func `A cursor that the service did not make is 400`() async throws {
        let (_, owner) = try await server.makeOrganization()
        for cursor in [
            "AAAA", "%2B", String(repeating: "A", count: 32), String(repeating: "/", count: 32),
            String(repeating: "A", count: 5000),
        ] {
            #expect(
                try await server.raw("GET /api/v1/employee?limit=1&cursor=\(cursor) HTTP/1.1", as: owner) == 400,
                "\(cursor.prefix(40))")
        }
    }

    @Test func `A cursor that is spelt otherwise than it was given is 400`() async throws {
        let team = try await Team.make(2)
        let first = try await team.server.get("/employee?limit=1", as: team.owner)
        let next = try #require(first.nextPath)
        for more in ["", "%3D", "=", "%3D%3D", "%20", "%0A", "."] {
            #expect(
                try await team.server.get(next + more, as: team.owner).status == (more.isEmpty ? 200 : 400), "\(more)")
        }
    }

    @Test func `An empty query or parameter is none`() async throws {
        let (_, owner) = try await server.makeOrganization()
        for query in ["?", "?&", "?&&status=", "?status", "?limit="] {
            #expect(try await server.raw("GET /api/v1/employee\(query) HTTP/1.1", as: owner) == 200, "\(query)")
        }
    }

    @Test func `Dots, another host and an asterisk lead to no other path`() async throws {
        let (_, owner) = try await server.makeOrganization()
        #expect(try await server.raw("GET /api/v1/employee/../employee HTTP/1.1", as: owner) == 404)
        // A server must accept the absolute form (RFC 9112, section 3.2.2), and may know no other host.
        let absolute = try await server.raw("GET http://evil/api/v1/employee HTTP/1.1", as: owner)
        #expect([200, 404].contains(absolute), "\(absolute)")
        #expect(try await server.raw("GET * HTTP/1.1", as: owner) == 404)
    }

    @Test func `Bytes that are not HTTP do not stop the server`() async throws {
        for text in [
            "\0\0\0\0", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{16}\u{3}\u{1}",
            "GET / HTTP/1.1\r\nbad header\r\n\r\n",
            "POST /api/v1/account HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            "POST /api/v1/account HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ] {
            let status = try await server.raw(Array(text.utf8))
            #expect([0, 400, 401, 404, 505].contains(status), "\(text.debugDescription): \(status)")
        }
        #expect(try await server.send("GET", "/healthz", as: nil).status == 200)
    }

    @Test func `Hostile values of headers are taken as text`() async throws {
        let (organization, owner) = try await server.makeOrganization()
        for value in [
            "'; drop table log.events; --", String(repeating: "x", count: 7000), "${jndi:ldap://x}", "%0d%0a",
        ] {
            for name in ["User-Agent", "X-Request-Id", "Accept", "If-None-Match", "X-Forwarded-For"] {
                let answer = try await server.send(
                    "GET", "/organization/\(organization)", as: owner, headers: [name: value])
                #expect(answer.status == 200, "\(name): \(value.prefix(30))")
            }
            let made = try await server.send(
                "PATCH", "/organization/\(organization)", token: owner.token,
                body: Array(#"{"name":"\#(unique("H"))"}"#.utf8), headers: ["User-Agent": value])
            #expect(made.status == 200)
            let named = try await server.send("GET", "/employee", as: owner, headers: ["X-Organization": value])
            #expect(named.status == 400)
            let matched = try await server.send(
                "PATCH", "/organization/\(organization)", token: owner.token, body: Array(#"{"name":"x"}"#.utf8),
                headers: ["If-Match": value])
            #expect(matched.status == 412)
        }
    }

    @Test func `Control characters in a header do not stop the server`() async throws {
        let (_, owner) = try await server.makeOrganization()
        for value in ["\u{1B}[31mred", "a\0b", "\u{7F}"] {
            let status = try await server.raw(
                "GET /api/v1/employee HTTP/1.1", headers: ["User-Agent: \(value)"], as: owner)
            #expect([200, 400].contains(status))
        }
    }

    @Test func `A header that is not UTF-8 is recorded, and its change is made`() async throws {
        let (organization, owner) = try await server.makeOrganization()
        let body = #"{"name":"\#(unique("raw"))"}"#
        let head =
            "PATCH /api/v1/organization/\(organization) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            + "Authorization: Bearer \(owner.token)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
        let agent = Array("User-Agent: a".utf8) + [0xFF, 0xC0, 0x80, 0x9B] + Array("\u{301}\u{301}b\r\n\r\n".utf8)
        #expect(try await server.raw(Array(head.utf8) + agent + Array(body.utf8)) == 200, "bytes that are no UTF-8")
        let stillThere = try await server.get("/organization/\(organization)", as: owner)
        #expect(stillThere.status == 200)
    }
}
