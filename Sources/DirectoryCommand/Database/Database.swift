import DirectoryAPI
import EmbeddedPostgres
import Logging
import Migrations
import Postgres
import ReadModels

/// A database that is running and accepts connections.
struct Database: Sendable {
    /// How libpq connects, as the role that owns the directory's objects. May hold a password.
    let connection: String
    let location: DatabaseLocation
    let settings: Settings
    let logger: Logger

    /// As the owner.
    func configuration(_ name: String) -> ConnectionConfiguration {
        ConnectionConfiguration(url: connection, applicationName: "directory \(name)")
    }

    /// Runs `body` with a session that is closed afterwards, whatever happens.
    func withSession<T>(_ name: String, _ body: (PostgresSession) async throws -> T) async throws -> T {
        try await PostgresSession.use(configuration(name), logger: logger, body)
    }

    /// Runs `body` with a pool for reads.
    func withPool<T: Sendable>(_ name: String, _ body: @Sendable (PostgresPool) async throws -> T) async throws -> T {
        let pool = PostgresPool(configuration(name), connections: 1, maximumConnections: 2, logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await pool.run() }
            let result: Result<T, any Error>
            do { result = .success(try await body(pool)) } catch { result = .failure(error) }
            group.cancelAll()
            return try result.get()
        }
    }

    /// Brings the database up to date for this binary.
    /// - Parameter isRestoring: whether this is a part of a restore; otherwise a database with an unfinished one is refused.
    /// - Returns: the role that the service runs as, if it has its own.
    func setUp(isRestoring: Bool = false) async throws -> String? {
        try await DatabaseSetup.run(
            connection: connection, readModels: DirectoryNode.readModels, isRestoring: isRestoring, logger: logger)
    }

    /// - Throws: `Failure` if the server is too old.
    func check() async throws {
        let oldest = PostgresInstallation.oldestMajorVersion
        try await withSession("start") { session in
            let version =
                try await session.selectOne(Selection { try $0.int("current_setting('server_version_num')::int") })
                / 10_000
            guard version >= Int64(oldest) else {
                throw Failure("The database runs on PostgreSQL \(version), but version \(oldest) or later is needed.")
            }
        }
    }
}

extension DatabaseLocation {
    /// Runs `body` with the database. For a folder this uses the running server of the service, or else starts one.
    /// - Parameter create: whether to create a database in a folder that has none.
    func withDatabase<T: Sendable>(
        create: Bool, _ settings: Settings, _ logger: Logger, _ body: @Sendable (Database) async throws -> T
    ) async throws -> T {
        func run(_ connection: String) async throws -> T {
            let database = Database(connection: connection, location: self, settings: settings, logger: logger)
            try await database.check()
            return try await body(database)
        }
        switch self {
        case .server(let url): return try await run(url)
        case .folder(let folder):
            let postgres = EmbeddedPostgres(dataDirectory: folder, installation: try await .find(), logger: logger)
            return try await postgres.withRunning(createIfMissing: create) { try await run($0) }
        }
    }
}
