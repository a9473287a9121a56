import AsyncHTTPClient
import CanonicalJSON
import Foundation
import NIOCore
import TestSupport
import Testing

/// The metrics of a service that runs, as a monitoring system finds them.
@Suite struct MetricsTests {
    private static let reader = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Metrics/read_metrics.py").path

    private func page(of service: Service) async throws -> [UInt8] {
        let line = try #require(service.logLines.first { $0["message"] == "metrics are served" })
        let address = try #require(line["metadata"]?["address"]?.string)
        let response = try await HTTPClient.shared.execute(
            HTTPClientRequest(url: "http://\(address)/metrics"), timeout: .seconds(60))
        return Array(try await response.body.collect(upTo: 1 << 24).readableBytesView)
    }

    @Test(.enabled(if: python != nil, "there is no Python with the packages of Tests/requirements.txt"))
    func `Prometheus's own parser reads them`() async throws {
        try await Scratch.use { scratch in
            let environment = [
                "DIRECTORY_DATABASE_URL": try await TestDatabase.make().url,
                "DIRECTORY_METRICS_ADDRESS": "127.0.0.1:0",
            ]
            try await Service.use([], in: scratch, environment: environment) { service in
                #expect(try await service.get("/healthz").status == 200)
                #expect(try await service.get("/metrics").status == 404)
                let page = try await page(of: service)
                let path = try scratch.write(page, to: "page")
                let read = try await Program.shell(#""\#(python ?? "")" "\#(Self.reader)" < "\#(path)""#, in: scratch)
                #expect(read.status == 0, "\(read.errors)")
                let labels = #"{"operation":"getHealth","status":"2xx"}"#
                #expect(
                    read.lines.contains("histogram directory_http_request_duration_seconds_count \(labels) 1.0"),
                    "\(read.output)")
                #expect(read.lines.contains { $0.hasPrefix("counter directory_events_appended_total {} ") })
                #expect(read.lines.contains { $0.hasPrefix("gauge directory_postgres_up {} ") })
                let samples = try MetricsPage(String(decoding: page, as: UTF8.self)).families.flatMap(\.samples)
                #expect(read.lines.count == samples.count)
            }
        }
    }

    @Test func `They cannot have the address of the API, or one that is in use`() async throws {
        try await Scratch.use { scratch in
            let environment = ["DIRECTORY_DATABASE_URL": try await TestDatabase.make().url]
            try await Service.use([], in: scratch, environment: environment) { service in
                let address = "127.0.0.1:\(service.port)"
                let taken = try await Program.run(
                    "serve", "--port", "0", in: scratch,
                    environment: environment.merging(["DIRECTORY_METRICS_ADDRESS": address]) { $1 })
                #expect(taken.status == 1)
                #expect(taken.errors.contains("is in use by another program. Choose another with DIRECTORY_METRICS_"))
                let same = try await Program.run(
                    "serve", "--port", "\(service.port)", in: scratch,
                    environment: environment.merging(["DIRECTORY_METRICS_ADDRESS": address]) { $1 })
                #expect(same.status == 1)
                #expect(same.errors.contains("DIRECTORY_METRICS_ADDRESS is the address of the API"))
            }
        }
    }
}
