import EmbeddedPostgres
import Foundation
import TestSupport
import Testing

@testable import DirectoryAPI

/// Where metrics are served, and that they are served whatever happens.
@Suite struct MetricsServerTests {
    @Test func `Only GET and HEAD of one path are answered`() async throws {
        let server = try await Server.startMeasured()
        for target in ["/metrics", "/metrics?name=value"] {
            let page = try await server.ask("GET", target)
            #expect(page.status == 200)
            #expect(page.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
            #expect(page.header("Cache-Control") == "no-store")
            let head = try await server.ask("HEAD", target)
            #expect(head.status == 200 && head.body.isEmpty)
            #expect(head.header("Content-Type") == page.header("Content-Type"))
            #expect(head.header("Content-Length") != nil)
        }
        for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            let refused = try await server.ask(method, "/metrics", body: method == "POST" ? "a body" : nil)
            #expect(refused.status == 405, "\(method)")
            #expect(refused.header("Allow") == "GET, HEAD")
            refused.checkForm(of: method)
        }
        for target in ["/", "/metric", "/metrics/", "/METRICS", "/healthz", "/console", "/api/v1/organization"] {
            let refused = try await server.ask("GET", target)
            #expect(refused.status == 404, "\(target)")
            refused.checkForm(of: target)
        }
        let before = try await server.scrape()
        for line in ["GET /metrics HTTP/1.1\r\n\r\n", "nonsense\r\n\r\n", "GET /metrics#a HTTP/1.1\r\nHost: x\r\n\r\n"]
        {
            let socket = try RawSocket(port: try #require(server.metricsPort))
            await socket.send(line)
            #expect(RawAnswer(try #require(await socket.receiveAll())).status == 400, "\(line)")
        }
        let name = "directory_http_malformed_requests_total"
        #expect(try await server.scrape().value(name) == before.value(name), "only the API's are counted")
        try await server.stop()
    }

    @Test func `Metrics are served nowhere unless an address is given`() async throws {
        let server = try await Server.shared
        #expect(server.metricsPort == nil)
        #expect(try await server.raw("GET /metrics HTTP/1.1", as: server.admin) == 404)
        #expect(DirectoryNode.Configuration(database: "", secret: [], masterKey: []).metrics == nil)
    }

    @Test(.timeLimit(.minutes(10)))
    func `Without Postgres the metrics say so, and afterwards that it is back`() async throws {
        let cluster = try await TestCluster.start()
        let server = try await Server.startMeasured(on: cluster)
        let (organization, owner) = try await server.makeOrganization()
        let reads = ["pool": "reads"]
        // Another connection is opened where a statement takes long, as on a busy machine, and closed when it has been idle.
        let up = try await server.scrape {
            $0.value("directory_postgres_up") == 1 && $0.value("directory_pool_connections", reads) == 1
        }
        let position = try #require(up.value("directory_log_position"))
        #expect(up.value("directory_pool_connections_max", reads) == 8)
        #expect(up.value("directory_pool_reads_waiting", reads) == 0)

        try await cluster.kill()
        let down = try await server.scrape {
            $0.value("directory_postgres_up") == 0 && $0.value("directory_pool_connections", reads) == 0
        }
        #expect(try #require(down.value("directory_log_position")) >= position)
        #expect(try await server.get("/organization/\(organization)", as: owner).status == 503)
        let failed = ["operation": "getOrganization", "status": "5xx"]
        let count = "directory_http_request_duration_seconds_count"
        #expect(try #require(try await server.scrape().value(count, failed)) >= 1)

        try await cluster.restart()
        _ = try await server.scrape {
            $0.value("directory_postgres_up") == 1 && $0.value("directory_pool_connections", reads) == 1
        }
        try await server.stop()
        await cluster.stop()
    }

    @Test(.timeLimit(.minutes(10))) func `Metrics do not wait for a database that does not answer`() async throws {
        let server = try await Server.startMeasured { $0.listDeadline = .seconds(3600) }
        let (_, owner) = try await server.makeOrganization()
        #expect(try await server.get("/employee", as: owner).status == 200)
        let stopped = try await DeadlineTests.stop("lists", of: server)
        defer { for process in stopped { kill(process, SIGCONT) } }
        async let list = server.get("/employee", as: owner)
        // While there are metrics, the list has no answer.
        _ = try await server.scrape { $0.value("directory_pool_connections_busy", ["pool": "lists"]) ?? 0 >= 1 }
        for process in stopped { kill(process, SIGCONT) }
        #expect(try await list.status == 200)
        try await server.stop()
    }

    @Test(arguments: [
        ("127.0.0.1:9464", "127.0.0.1", 9464), ("localhost:0", "localhost", 0), ("[::1]:80", "::1", 80),
        ("0.0.0.0:65535", "0.0.0.0", 65535),
    ])
    func `An address is a host and a port`(_ text: String, _ host: String, _ port: Int) {
        #expect(ListeningAddress(text) == ListeningAddress(host: host, port: port))
        #expect(ListeningAddress(text)?.description == text)
    }

    @Test(arguments: [
        "", ":", "9464", ":9464", "localhost", "localhost:", "localhost:x", "localhost:65536", "localhost:-1", "::1:80",
        "http://localhost:80", "a b:80", "[]:80", "localhost:80/metrics",
    ])
    func `Other texts are no address`(_ text: String) { #expect(ListeningAddress(text) == nil) }
}
