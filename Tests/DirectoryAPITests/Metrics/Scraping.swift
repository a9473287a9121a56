import AsyncHTTPClient
import EmbeddedPostgres
import NIOCore
import TestSupport
import Testing

@testable import DirectoryAPI

extension Server {
    /// A node that serves its metrics.
    static func startMeasured(
        on cluster: TestCluster? = nil, _ change: (inout DirectoryNode.Configuration) -> Void = { _ in }
    ) async throws -> Server {
        try await start(on: cluster) {
            $0.metrics = ListeningAddress(host: "127.0.0.1", port: 0)
            change(&$0)
        }
    }

    /// Sends a request to the address of the metrics.
    func ask(
        _ method: String, _ target: String, headers: [String: String] = [:], body: String? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(try #require(metricsPort))\(target)")
        request.method = .RAW(value: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(Array(body.utf8)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        return Answer(
            status: Int(response.status.code), headers: response.headers.map { ($0.name, $0.value) },
            body: Array(try await response.body.collect(upTo: 64 << 20).readableBytesView))
    }

    /// Reads the metrics.
    func scrape() async throws -> MetricsPage {
        let answer = try await ask("GET", "/metrics")
        try #require(answer.status == 200, "\(answer.text)")
        return try MetricsPage(answer.text)
    }

    /// Reads the metrics until they are as they should be.
    func scrape(until isDue: (MetricsPage) -> Bool) async throws -> MetricsPage {
        while true {
            let page = try await scrape()
            if isDue(page) { return page }
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}
