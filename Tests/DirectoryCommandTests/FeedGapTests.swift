import AsyncHTTPClient
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
        try await Deployment.use { deployment, started in
            // The first writes, the second is disturbed; the reader goes to whichever is there.
            var nodes = started
            let path = try await deployment.makeOrganization(by: nodes[0])
            let reader = Reader(nodes.map(\.port), deployment.token)
            async let read = reader.read(until: Self.last)
            for (step, signal) in [SIGKILL, SIGTERM, nil, SIGKILL, SIGTERM].enumerated() {
                for number in 0..<20 {
                    try await deployment.rename(path, to: "Name \(step)-\(number)", by: nodes[0])
                }
                guard let signal else {
                    try await deployment.rebuild()
                    nodes.swapAt(0, 1)
                    continue
                }
                try await deployment.end(nodes[1], by: signal) {
                    for number in 20..<40 {
                        try await deployment.rename(path, to: "Name \(step)-\(number)", by: nodes[0])
                    }
                }
                nodes[1] = try await deployment.start()
                reader.move(to: nodes.map(\.port))
            }
            try await deployment.rename(path, to: Self.last, by: nodes[0])
            let (ids, streams) = try await read
            let head = try await deployment.database.number("select max(position) from log.events")
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
