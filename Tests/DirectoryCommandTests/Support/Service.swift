import AsyncHTTPClient
import CanonicalJSON
import Foundation
import NIOCore
import Testing

/// A service that runs, as `directory serve` starts it.
struct Service: Sendable {
    let running: Running
    let port: Int

    /// Starts one on a free port and waits until it is ready.
    static func start(_ arguments: [String], in scratch: Scratch, environment: [String: String] = [:]) async throws
        -> Service
    {
        let running = try Running(Program.path, ["serve", "--port", "0"] + arguments, scratch, environment)
        for _ in 0..<6_000 where running.isRunning && !running.output.contains("Ctrl-C") {
            try await Task.sleep(for: .milliseconds(10))
        }
        let address = running.output.split(separator: "\n").first { $0.contains("  address ") }
        guard let port = address?.split(separator: ":").last.flatMap({ Int($0) }) else {
            running.send(SIGKILL)
            throw NotReady(errors: running.errors)
        }
        return Service(running: running, port: port)
    }

    struct NotReady: Error {
        let errors: String
    }

    /// Runs `body` with a service that is stopped afterwards.
    static func use<T>(
        _ arguments: [String], in scratch: Scratch, environment: [String: String] = [:],
        _ body: (Service) async throws -> T
    ) async throws -> T {
        let service = try await start(arguments, in: scratch, environment: environment)
        let result: Result<T, any Error>
        do { result = .success(try await body(service)) } catch { result = .failure(error) }
        let outcome = try await service.stop()
        #expect(outcome.status == 0, "\(outcome.errors)")
        return try result.get()
    }

    @discardableResult
    func stop(_ signal: Int32 = SIGTERM) async throws -> Outcome {
        running.send(signal)
        return try await running.outcome()
    }

    /// The token that it prints.
    var token: String? {
        running.output.split(separator: "\n").first { $0.contains("  token ") }?.split(separator: " ").last.map(
            String.init)
    }

    /// The lines of its log so far.
    var logLines: [JSON] {
        running.errors.split(separator: "\n").compactMap { try? JSON(parsing: Array($0.utf8), limits: .wide) }
    }

    struct Answer {
        let status: Int
        let body: [UInt8]

        var json: JSON { (try? JSON(parsing: body, limits: .wide)) ?? nil }
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    func get(_ path: String, token: String? = nil, organization: String? = nil) async throws -> Answer {
        try await send("GET", path, token: token, organization: organization)
    }

    func send(
        _ method: String, _ path: String, token: String? = nil, organization: String? = nil, json: String? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = .RAW(value: method)
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let organization { request.headers.add(name: "X-Organization", value: organization) }
        if let json {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(Array(json.utf8))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let body = try await response.body.collect(upTo: 64 << 20)
        return Answer(status: Int(response.status.code), body: Array(body.readableBytesView))
    }
}

extension Limits {
    /// For whole lists.
    static let wide = Limits(maximumDepth: 64, maximumArrayCount: 1_000_000)
}
