import AsyncHTTPClient
import EmbeddedPostgres
import Foundation
import NIOCore
import Synchronization
import TestSupport
import Testing

/// A reader that follows the trail from node to node, as a browser does: nothing is lost, and nothing comes twice.
@Suite struct FeedGapTests {
    private static let last = "The last name of all"

    @Test(.timeLimit(.minutes(15)))
    func `Over kills, shutdowns and a rebuild every entry comes once and in order`() async throws {
        try await Scratch.use { scratch in
            let database = try await TestDatabase.make()
            let environment = [
                "DIRECTORY_DATABASE_URL": database.url, "DIRECTORY_KEYS": scratch.path("keys"),
                "DIRECTORY_BOOTSTRAP_ADMIN": "admin@example.com", "DIRECTORY_LOG_LEVEL": "error",
            ]
            // The first writes, the second is disturbed; the reader goes to whichever is there.
            var nodes = [
                try await Service.start([], in: scratch, environment: environment),
                try await Service.start([], in: scratch, environment: environment),
            ]
            let printed = try await Program.run(
                "token", "--account", "admin@example.com", in: scratch, environment: environment)
            let token = try #require(printed.lines.first, "\(printed.errors)")
            let made = try await nodes[0].send("POST", "/api/v1/organization", token: token, json: #"{"name":"First"}"#)
            let path = "/api/v1/organization/\(made.json["id"]?.string ?? "")"
            func rename(_ name: String, by node: Service) async throws {
                let changed = try await node.send("PATCH", path, token: token, json: #"{"name":"\#(name)"}"#)
                #expect(changed.status == 200, "\(changed.text)")
            }
            let reader = Reader(nodes.map(\.port), token)
            async let read = reader.read(until: Self.last)
            for (step, signal) in [SIGKILL, SIGTERM, nil, SIGKILL, SIGTERM].enumerated() {
                for number in 0..<20 { try await rename("Name \(step)-\(number)", by: nodes[0]) }
                guard let signal else {
                    let rebuilt = try await Program.run("rebuild", in: scratch, environment: environment)
                    #expect(rebuilt.status == 0, "\(rebuilt.errors)")
                    nodes.swapAt(0, 1)
                    continue
                }
                let disturbed = nodes[1]
                async let stopped = disturbed.stop(signal)
                for number in 20..<40 { try await rename("Name \(step)-\(number)", by: nodes[0]) }
                #expect(try await stopped.status == (signal == SIGKILL ? -SIGKILL : 0))
                nodes[1] = try await Service.start([], in: scratch, environment: environment)
                reader.move(to: nodes.map(\.port))
            }
            try await rename(Self.last, by: nodes[0])
            let (ids, streams) = try await read
            let head = try await database.number("select max(position) from log.events")
            #expect(ids == Array(1...head))
            #expect(streams > 2, "it has hardly been disturbed")
            for node in nodes { try await node.stop() }
        }
    }
}

/// Reads the trail from one node after the other, whenever a stream ends.
private final class Reader: Sendable {
    private let ports: Mutex<[Int]>
    private let token: String

    init(_ ports: [Int], _ token: String) {
        self.ports = Mutex(ports)
        self.token = token
    }

    func move(to ports: [Int]) { self.ports.withLock { $0 = ports } }

    /// - Returns: the ids of all events up to the one with that name in it, and how many streams it took.
    func read(until last: String) async throws -> (ids: [Int64], streams: Int) {
        var ids: [Int64] = []
        var streams = 0
        while true {
            streams += 1
            let ports = ports.withLock { $0 }
            do {
                if try await read(ports[streams % ports.count], &ids, until: last) { return (ids, streams) }
            } catch {
                // The node has gone, or is not there yet.
                try Task.checkCancellation()
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    private func read(_ port: Int, _ ids: inout [Int64], until last: String) async throws -> Bool {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/api/v1/audit/stream?after=0")
        request.headers.add(name: "Authorization", value: "Bearer \(token)")
        if let id = ids.last { request.headers.add(name: "Last-Event-ID", value: String(id)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .hours(1))
        var reader = ServerSentEventReader()
        for try await bytes in response.body {
            for event in reader.take(bytes.readableBytesView) {
                ids += [event.id].compactMap(\.self)
                if event.data.contains(last) { return true }
            }
        }
        return false
    }
}
