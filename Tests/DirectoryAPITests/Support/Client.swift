import AsyncHTTPClient
import CanonicalJSON
import NIOCore
import Synchronization
import Testing

@testable import DirectoryAPI

/// The answer of a server.
struct Answer: Sendable {
    let status: Int
    let headers: [(name: String, value: String)]
    let body: [UInt8]
    private let parsed: ParsedOnce

    init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        (self.status, self.headers, self.body) = (status, headers, body)
        parsed = ParsedOnce(body)
    }

    /// The first value of a header.
    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }

    var tag: String? { header("ETag") }
    var position: Int { header("Directory-Position").flatMap { Int($0) } ?? -1 }
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON; `null` if it is not JSON.
    var json: JSON { parsed.json }

    /// A string of the body's object.
    subscript(_ name: String) -> String? { json[name]?.string }

    var id: String { self["id"] ?? "" }

    /// The elements of a list. A problem must not be mistaken for an empty list: it fails the test.
    var elements: [JSON] {
        let elements = json.array
        if status != 200 || elements == nil { Issue.record("no list, but \(status): \(text)") }
        return elements ?? []
    }

    /// The ids of a list's elements, in order.
    var ids: [String] { elements.map { $0["id"]?.string ?? "" } }

    /// The path of the next page, from `Link`.
    var nextPath: String? {
        guard let link = header("Link"), link.hasSuffix(">; rel=\"next\""), link.hasPrefix("<") else { return nil }
        return String(link.dropFirst().prefix { $0 != ">" })
    }

    /// The pointers of a problem, sorted.
    var pointers: [String] { (json["errors"]?.array ?? []).map { $0["pointer"]?.string ?? "" }.sorted() }

    /// The names of the body's members, in order.
    var names: [String] { (json.members ?? []).map(\.name) }
}

/// A text's JSON, which is read when it is first asked for, and only then.
private final class ParsedOnce: Sendable {
    private let text: [UInt8]
    private let found = Mutex<JSON?>(nil)

    init(_ text: [UInt8]) { self.text = text }

    /// `null` if it is not JSON.
    var json: JSON {
        found.withLock { found in
            if let found { return found }
            let json = (try? JSON(parsing: text, limits: Limits(maximumDepth: 64, maximumArrayCount: 100_000))) ?? .null
            found = json
            return json
        }
    }
}

/// One pool of connections for all tests.
private let client: HTTPClient = {
    var configuration = HTTPClient.Configuration(
        redirectConfiguration: .disallow, timeout: .init(connect: .seconds(60), read: .seconds(120)))
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
}()

extension Server {
    /// Sends a request and reads the whole answer.
    /// - Parameters:
    ///   - organization: the header `X-Organization`.
    ///   - json: a body of JSON text.
    @discardableResult
    func send(
        _ method: String, _ path: String, as caller: Person?, in organization: String? = nil, _ json: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> Answer {
        try await send(
            method, path, token: caller?.token, in: organization, body: json.map { Array($0.utf8) }, headers: headers)
    }

    /// Sends a request with any token and any bytes.
    func send(
        _ method: String, _ path: String, token: String?, in organization: String? = nil, body: [UInt8]? = nil,
        headers: [String: String] = [:]
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)" + Server.full(path))
        request.method = .RAW(value: method)
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let organization { request.headers.add(name: "X-Organization", value: organization) }
        if let body {
            request.body = .bytes(body)
            if headers["Content-Type"] == nil { request.headers.add(name: "Content-Type", value: "application/json") }
        }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        let response = try await client.execute(request, timeout: .seconds(60))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        let answer = Answer(
            status: Int(response.status.code), headers: response.headers.map { ($0.name, $0.value) },
            body: Array(bytes.readableBytesView))
        answer.checkForm(of: "\(method) \(path)")
        answer.checkDescription(method, Server.full(path))
        return answer
    }

    /// A path with the prefix that it may leave out.
    private static func full(_ path: String) -> String {
        let own = ["/api/", "/healthz", "/readyz", "/openapi.json", "/docs", "/console"]
        return own.contains { path.hasPrefix($0) } ? path : "/api/v1" + path
    }

    @discardableResult
    func get(_ path: String, as caller: Person, in organization: String? = nil, headers: [String: String] = [:])
        async throws -> Answer
    { try await send("GET", path, as: caller, in: organization, headers: headers) }

    @discardableResult
    func post(
        _ path: String, as caller: Person, in organization: String? = nil, _ json: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> Answer { try await send("POST", path, as: caller, in: organization, json, headers: headers) }

    @discardableResult
    func patch(
        _ path: String, as caller: Person, in organization: String? = nil, _ json: String,
        headers: [String: String] = [:]
    ) async throws -> Answer { try await send("PATCH", path, as: caller, in: organization, json, headers: headers) }

    @discardableResult
    func put(
        _ path: String, as caller: Person, in organization: String? = nil, _ json: String,
        headers: [String: String] = [:]
    ) async throws -> Answer { try await send("PUT", path, as: caller, in: organization, json, headers: headers) }

    @discardableResult
    func delete(_ path: String, as caller: Person, in organization: String? = nil, headers: [String: String] = [:])
        async throws -> Answer
    { try await send("DELETE", path, as: caller, in: organization, headers: headers) }
}

extension Answer {
    /// What holds for every answer, whatever was asked.
    func checkForm(of request: String) {
        #expect(status != 500, "\(request): \(text)")
        #expect(header("X-Request-Id") != nil, "\(request) has no X-Request-Id")
        guard status >= 400, !request.hasPrefix("HEAD") else { return }
        #expect(header("Content-Type") == "application/problem+json", "\(request): \(text)")
        #expect(json["status"]?.integer == Int64(status), "\(request): \(text)")
        for name in ["type", "title", "detail", "instance"] { #expect(self[name] != nil, "\(request) lacks \(name)") }
        if status == 401 { #expect(header("WWW-Authenticate") == "Bearer", "\(request)") }
        if status == 503 { #expect(header("Retry-After") != nil, "\(request)") }
    }
}

/// Finds the operation that a request is for.
private let routes = RouteTable(Operations.all)

/// The answers that were found to be as described: from the same one nothing more is learnt.
private let described = Mutex<Set<Int>>([])

extension Answer {
    /// Whether an answer is one that the description of its operation allows. What is too long to be read again for each test
    /// is left to those that read it.
    func checkDescription(_ method: String, _ target: String) {
        guard body.count < 1 << 14,
            case .route(let route, _) = routes.match(method, String(target.prefix { $0 != "?" }))
        else { return }
        let found = route.operation
        let known = identity(in: "\(method) \(found.name)")
        guard !described.withLock({ $0.contains(known) }), let operation = Description.own[found.name] else { return }
        let faults = Description.own.faults(of: self, to: operation, isHead: method == "HEAD")
        #expect(faults == [], "\(method) \(target): \(text)")
        if faults.isEmpty { described.withLock { _ = $0.insert(known) } }
    }

    /// Stands for all of the answer to an operation that the description speaks of.
    private func identity(in operation: String) -> Int {
        var hasher = Hasher()
        hasher.combine(operation)
        hasher.combine(status)
        for header in headers {
            hasher.combine(header.name)
            if header.name == "Content-Type" { hasher.combine(header.value) }
        }
        body.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}
