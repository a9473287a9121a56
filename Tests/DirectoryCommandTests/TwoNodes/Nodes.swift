import AsyncHTTPClient
import CanonicalJSON
import Foundation
import NIOCore
import Testing

/// The nodes of a service, as a client sees them that tries another one where the first does not answer.
struct Nodes: Sendable {
    let ports: [Int]
    let token: String

    /// Fails at once where nobody listens, instead of trying the same node again.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration(timeout: .init(connect: .seconds(60), read: .seconds(120)))
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    struct Answer: Sendable {
        let status: Int
        let position: Int64?
        let body: [UInt8]

        var id: String? { (try? JSON(parsing: body, limits: .wide))?["id"]?.string }
        var isSuccess: Bool { status < 300 }
    }

    /// Makes a change, however often it takes until a node says what became of it. Each attempt has an id of its own, by which
    /// the log tells which one was made; all have one Idempotency-Key.
    func carryOut(_ change: Change, as id: String, startingAt first: Int) async throws -> Answer {
        for attempt in 0... {
            let port = ports[(first + attempt) % ports.count]
            var headers = ["X-Request-Id": "\(id).\(attempt)"]
            if change.method == "POST" { headers["Idempotency-Key"] = id }
            let answer = try? await send(
                port, change.method, change.path, in: change.organization, change.body, headers)
            if let answer, answer.status != 503 {
                let text = String(decoding: answer.body, as: UTF8.self)
                #expect([200, 201, 404, 409, 422].contains(answer.status), "\(change.path): \(text)")
                return answer
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        fatalError("unreachable")
    }

    /// Makes what must succeed at once, and returns its id.
    func make(_ path: String, in organization: String? = nil, _ body: String) async throws -> String {
        let answer = try await send(ports[0], "POST", path, in: organization, body, [:])
        return try #require(answer.id, "\(path): \(String(decoding: answer.body, as: UTF8.self))")
    }

    /// What the last node shows, once all its connections are there again.
    func get(_ path: String, in organization: String) async throws -> [UInt8] {
        var answer = try await send(ports[ports.count - 1], "GET", path, in: organization, nil, [:])
        while answer.status == 503 {
            try await Task.sleep(for: .milliseconds(100))
            answer = try await send(ports[ports.count - 1], "GET", path, in: organization, nil, [:])
        }
        try #require(answer.status == 200, "\(path): \(String(decoding: answer.body, as: UTF8.self))")
        return answer.body
    }

    private func send(
        _ port: Int, _ method: String, _ path: String, in organization: String?, _ body: String?,
        _ headers: [String: String]
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/api/v1\(path)")
        request.method = .RAW(value: method)
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        if let organization { request.headers.add(name: "X-Organization", value: organization) }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(Array(body.utf8))
        }
        let response = try await Self.client.execute(request, timeout: .seconds(120))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        return Answer(
            status: Int(response.status.code),
            position: response.headers.first(name: "Directory-Position").flatMap { Int64($0) },
            body: Array(bytes.readableBytesView))
    }
}
