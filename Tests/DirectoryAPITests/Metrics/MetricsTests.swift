import EmbeddedPostgres
import Foundation
import TestSupport
import Testing

@testable import DirectoryAPI

/// What the metrics of a node say.
@Suite struct MetricsTests {
    private static let duration = "directory_http_request_duration_seconds"

    private func requests(_ page: MetricsPage, _ operation: String, _ status: String) -> Double? {
        page.value("\(Self.duration)_count", ["operation": operation, "status": status])
    }

    @Test func `Requests are counted under their operation and the class of their answer`() async throws {
        let server = try await Server.startMeasured()
        let (organization, owner) = try await server.makeOrganization()
        let employee = try await server.makeEmployee(organization, by: owner)
        let tag = try #require(try await server.get("/employee/\(employee)", as: owner).tag)
        for _ in 0..<3 { try await server.get("/employee/\(employee)", as: owner) }
        try await server.send("HEAD", "/employee/\(employee)", as: owner)
        try await server.get("/employee/\(employee)", as: owner, headers: ["If-None-Match": tag])
        try await server.get("/employee/none", as: owner)
        try await server.send("GET", "/employee/\(employee)", as: nil)
        try await server.send("GET", "/console", as: nil)
        for path in ["/nowhere", "/metrics"] {
            #expect(try await server.raw("GET \(path) HTTP/1.1") == 404, "\(path)")
        }
        #expect(try await server.send("PUT", "/healthz", as: nil).status == 405)
        #expect(try await server.raw(Array("GET / HTTP/1.1\r\n\r\n".utf8)) == 400)

        let page = try await server.scrape()
        #expect(requests(page, "getEmployee", "2xx") == 5)
        #expect(requests(page, "getEmployee", "3xx") == 1)
        #expect(requests(page, "getEmployee", "4xx") == 2)
        #expect(requests(page, "getEmployee", "5xx") == nil)
        #expect(requests(page, "createEmployee", "2xx") == 1)
        #expect(requests(page, "console", "2xx") == 1)
        #expect(requests(page, "none", "4xx") == 3)
        #expect(page.value("directory_http_malformed_requests_total") == 1)
        let labels = ["operation": "getEmployee", "status": "2xx"]
        #expect(try #require(page.value("\(Self.duration)_sum", labels)) > 0)
        try await server.stop()
    }

    @Test func `Events, batches, commits and looks into caches are counted`() async throws {
        let server = try await Server.startMeasured()
        let (organization, owner) = try await server.makeOrganization()
        let before = try await server.scrape()
        for _ in 0..<5 { _ = try await server.makeEmployee(organization, by: owner) }
        let head = Double(try await server.service.log.head())
        let page = try await server.scrape { $0.value("directory_log_position") == head }
        func growth(_ name: String, _ labels: [String: String] = [:]) throws -> Double {
            try #require(page.value(name, labels)) - (before.value(name, labels) ?? 0)
        }
        // This node has appended all there is.
        #expect(page.value("directory_events_appended_total") == head)
        #expect(try growth("directory_events_appended_total") >= 5)
        #expect(try growth("directory_batch_commands_sum") >= 5)
        #expect(try growth("directory_batch_commands_count") >= 5)
        #expect(try growth("directory_commit_duration_seconds_count") >= 5)
        #expect(try growth("directory_commit_duration_seconds_sum") > 0)
        #expect(try growth("directory_cache_lookups_total", ["cache": "tokens", "result": "hit"]) == 5)
        #expect(try growth("directory_cache_lookups_total", ["cache": "tokens", "result": "miss"]) == 0)
        let rows = try ["hit", "miss"].map {
            try growth("directory_cache_lookups_total", ["cache": "rows", "result": $0])
        }
        #expect(rows.reduce(0, +) == (try growth("directory_commit_duration_seconds_count")))
        #expect(page.value("directory_command_queue_length") == 0)
        #expect(page.value("directory_writing_stopped") == 0)
        try await server.stop()
    }

    @Test func `Streams are counted for as long as they are open`() async throws {
        let server = try await Server.startMeasured()
        let (organization, owner) = try await server.makeOrganization()
        #expect(try await server.scrape().value("directory_feed_streams") == 0)
        var follower: Follower? = try await Follower(server, "?after=0&organization=\(organization)", as: owner)
        #expect(try await follower?.next() != nil)
        #expect(try await server.scrape().value("directory_feed_streams") == 1)
        follower = nil
        _ = try await server.scrape { $0.value("directory_feed_streams") == 0 }
        try await server.stop()
    }

    @Test func `No label has a word of a client or an id`() async throws {
        let server = try await Server.startMeasured()
        let (organization, owner) = try await server.makeOrganization()
        let employee = try await server.makeEmployee(organization, by: owner, name: "Metricated Person")
        try await server.get("/employee/by-name/metricated", as: owner, headers: ["X-Request-Id": "metricated-request"])
        try await server.get("/employee/\(employee)", as: owner)
        let text = try await server.ask("GET", "/metrics").text
        for word in [organization, owner.id, owner.email, employee, "etricated"] {
            #expect(!text.contains(word), "\(word)")
        }
        let allowed: [String: Set<String>] = [
            "operation": Set(Operations.all.map(\.name)).union(["console", "none"]),
            "status": ["2xx", "3xx", "4xx", "5xx", "gone"], "result": ["hit", "miss"],
            "cache": ["rows", "tokens", "organization_keys", "list_keys", "feed_pages"],
            "pool": ["reads", "lists", "walks", "feed"],
        ]
        for sample in try MetricsPage(text).families.flatMap(\.samples) {
            for (name, value) in sample.labels where name != "le" {
                #expect(allowed[name]?.contains(value) == true, "\(name)=\(value)")
            }
        }
        try await server.stop()
    }

    @Test func `The table in the documentation is what is served`() async throws {
        let server = try await Server.startMeasured()
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/operating.md")
        let documented = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("| `directory_") }.map(String.init)
        let metrics = NodeMetrics.all(
            server.service, RequestMetrics(Operations.all), DatabaseProbe(server.service.reads))
        let declared = metrics.map { metric in
            let labels = metric.labels.map { "`\($0)`" }.joined(separator: ", ")
            return "| `\(metric.name)` | \(metric.kind.rawValue) | \(labels) | \(metric.help) |"
        }
        #expect(documented == declared, "it must be:\n\(declared.joined(separator: "\n"))")
        let families = try await server.scrape().families
        #expect(families.map(\.name) == metrics.map(\.name))
        #expect(families.map(\.kind) == metrics.map(\.kind.rawValue))
        #expect(families.map(\.help) == metrics.map(\.help))
        for (family, metric) in zip(families, metrics) {
            for sample in family.samples {
                #expect(Set(sample.labels.keys).subtracting(["le"]) == Set(metric.labels), "\(family.name)")
            }
            // Counters say so, and nothing else does; times are in seconds.
            #expect(metric.name.hasSuffix("_total") == (metric.kind == .counter), "\(metric.name)")
            #expect(!metric.name.contains("duration") || metric.name.hasSuffix("_seconds"), "\(metric.name)")
        }
        try await server.stop()
    }
}
