import DirectoryAPI
import EmbeddedPostgres
import Logging
import Migrations
import Postgres
import ReadModels

/// A database that can be connected to, while it runs.
struct Database: Sendable {
    /// How libpq connects, as the role that owns the directory's objects. May hold a password.
    let connection: String
    let location: DatabaseLocation
    let settings: Settings
    let logger: Logger

    /// A session of the owner's.
    func session(_ name: String) async throws -> PostgresSession {
        try await PostgresSession.connect(configuration(name), logger: logger)
    }

    /// How to connect as the owner.
    func configuration(_ name: String) -> ConnectionConfiguration {
        ConnectionConfiguration(url: connection, applicationName: "directory \(name)")
    }

    /// Runs `body` with a session that is closed behind it, whatever happens.
    func withSession<T>(_ name: String, _ body: (PostgresSession) async throws -> T) async throws -> T {
        let session = try await session(name)
        do {
            let result = try await body(session)
            await session.close()
            return result
        } catch {
            await session.close()
            throw error
        }
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

    /// Brings the database to where this binary can serve from it.
    /// - Returns: the role that the service runs as, if it has one of its own.
    func setUp() async throws -> String? {
        try await DatabaseSetup.run(connection: connection, readModels: DirectoryNode.readModels, logger: logger)
    }

    /// Refuses a server that is too old.
    func check() async throws {
        let oldest = PostgresInstallation.oldestMajorVersion
        try await withSession("start") { session in
            let version =
                try await session.query("select current_setting('server_version_num')::int")[0].int(0) / 10_000
            guard version >= Int64(oldest) else {
                throw Failure("The database is of PostgreSQL \(version), but this needs \(oldest) or later.")
            }
        }
    }
}

extension DatabaseLocation {
    /// Runs `body` with the database: the service's if it runs, else, in a folder, with a server that is started for it.
    /// - Parameter create: whether a folder that holds no database gets one.
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
