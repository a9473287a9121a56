import EmbeddedPostgres
import Foundation
import Postgres

extension TestCluster {
    /// The cluster that all suites share; a suite that stops its server starts one of its own.
    package static var shared: TestCluster { get async throws { try await started.value } }

    private static let started = Task { try await TestCluster.start(settings: ["max_connections": "400"]) }

    /// Creates a database whose name nothing else has and returns how libpq connects to it.
    package func database() async throws -> String {
        try await database(named: "test_\(UUID().uuidString.filter { $0 != "-" }.lowercased())")
    }
}

/// A database of one test.
package struct TestDatabase: QueryableDatabase {
    /// What the connections of tests are called.
    package static let applicationName = "test"

    package let url: String

    package init(url: String) { self.url = url }

    /// Creates an empty one.
    /// - Parameter cluster: the shared one if not given.
    package static func make(on cluster: TestCluster? = nil) async throws -> TestDatabase {
        let cluster = if let cluster { cluster } else { try await TestCluster.shared }
        return TestDatabase(url: try await cluster.database())
    }
}

/// A database that a test can query as its owner.
package protocol QueryableDatabase: Sendable {
    var url: String { get }
}

extension QueryableDatabase {
    package func session() async throws -> PostgresSession {
        try await PostgresSession.connect(
            ConnectionConfiguration(url: url, applicationName: TestDatabase.applicationName), logger: quiet)
    }

    /// Runs one statement in a session of its own.
    @discardableResult
    package func query(_ sql: String, _ parameters: [Parameter] = []) async throws -> Rows {
        let session = try await session()
        let rows = try await session.query(Statement(sql), parameters)
        await session.close()
        return rows
    }

    /// The integer that a query returns.
    package func number(_ sql: String) async throws -> Int64 { try await query(sql)[0].int(0) }

    /// All rows of a query, as text.
    package func texts(_ sql: String) async throws -> [String] {
        let rows = try await query("select r::text from (\(sql)) r")
        return try rows.indices.map { try rows[$0].text(0) }
    }
}
