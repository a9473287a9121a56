import EmbeddedPostgres
import Foundation
import TestSupport
import Testing

/// Nodes on one database, as they would run, and a token of their administrator.
struct Deployment: Sendable {
    let database: TestDatabase
    let token: String
    private let scratch: Scratch
    private let environment: [String: String]

    /// Runs `body` with two nodes, in the order in which they were started. It is to stop those that then run.
    /// - Parameter settings: variables of the environment, besides those that every node needs.
    static func use<T>(
        on cluster: TestCluster? = nil, _ settings: [String: String] = [:],
        _ body: (Deployment, [Service]) async throws -> T
    ) async throws -> T {
        try await Scratch.use { scratch in
            let database = try await TestDatabase.make(on: cluster)
            let environment = [
                "DIRECTORY_DATABASE_URL": database.url, "DIRECTORY_KEYS": scratch.path("keys"),
                "DIRECTORY_BOOTSTRAP_ADMIN": "admin@example.com", "DIRECTORY_LOG_LEVEL": "error",
            ].merging(settings) { $1 }
            var nodes: [Service] = []
            for _ in 0..<2 { nodes.append(try await Service.start([], in: scratch, environment: environment)) }
            let printed = try await Program.run(
                "token", "--account", "admin@example.com", in: scratch, environment: environment)
            let token = try #require(printed.lines.first, "\(printed.errors)")
            let deployment = Deployment(database: database, token: token, scratch: scratch, environment: environment)
            return try await body(deployment, nodes)
        }
    }

    /// Starts another node.
    func start() async throws -> Service { try await Service.start([], in: scratch, environment: environment) }

    /// Ends a node by a signal, while something happens.
    func end(_ node: Service, by signal: Int32, while body: () async throws -> Void) async throws {
        async let stopped = node.stop(signal)
        try await body()
        #expect(try await stopped.status == (signal == SIGKILL ? -SIGKILL : 0))
    }

    func rebuild() async throws {
        let rebuilt = try await Program.run("rebuild", in: scratch, environment: environment)
        #expect(rebuilt.status == 0, "\(rebuilt.errors) \(rebuilt.output)")
    }

    /// Makes an organization.
    /// - Returns: its path.
    func makeOrganization(by node: Service) async throws -> String {
        let made = try await node.send("POST", "/api/v1/organization", token: token, json: #"{"name":"First"}"#)
        return "/api/v1/organization/\(try #require(made.json["id"]?.string, "\(made.text)"))"
    }

    func rename(_ organization: String, to name: String, by node: Service) async throws {
        let changed = try await node.send("PATCH", organization, token: token, json: #"{"name":"\#(name)"}"#)
        #expect(changed.status == 200, "\(changed.text)")
    }
}
