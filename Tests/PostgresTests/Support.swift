@testable import Postgres
import TestSupport

/// The database of all suites of this target; a suite that stops the server starts one of its own.
private let database = Task { try await TestDatabase.make() }

/// How to connect to the shared database.
func configuration(role: String? = nil, settings: [String: String] = [:]) async throws -> ConnectionConfiguration {
    ConnectionConfiguration(
        url: try await database.value.url, applicationName: "tests", role: role, settings: settings)
}

/// Runs a pool for the duration of the body.
func withPool<T: Sendable>(
    _ configuration: ConnectionConfiguration, connections: Int = 2, maximum: Int = 8,
    _ body: @Sendable (PostgresPool) async throws -> T
) async throws -> T {
    try await running(
        PostgresPool(configuration, connections: connections, maximumConnections: maximum, logger: quiet), body)
}

/// Connects a session for the duration of the body.
func withSession<T: Sendable>(
    _ configuration: ConnectionConfiguration, _ body: (PostgresSession) async throws -> T
) async throws -> T {
    let session = try await PostgresSession.connect(configuration, logger: quiet)
    let result = try await body(session)
    await session.close()
    return result
}

extension Statement {
    /// A point read with parameters `$1`, `$2`, … of these types.
    init(pointRead sql: String, parameters: [ElementType]) {
        let correlated = sql.replacing(/\$([0-9]+)/) { "points.p\($0.1)" }
        self.init(sql, many: ManyPoints(correlated, parameters))
    }
}
