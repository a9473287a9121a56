import EventLog
import EventSourcing
import Logging
import Migrations
import Postgres

/// Brings a database to where this binary can serve from it.
public enum DatabaseSetup {
    /// Migrates, makes or rebuilds the read models that are missing, and settles as which role the service runs. Nodes that start
    /// together wait for one another.
    /// - Parameters:
    ///   - connection: how to connect as the role that owns the database's objects.
    ///   - isRestoring: whether this is the restore itself; anybody else is refused until it has ended.
    /// - Returns: the role to give to `ConnectionConfiguration(role:)`; `nil` for none.
    /// - Throws: `UnfinishedRestore`, among others.
    public static func run<Payload: EventPayload>(
        connection: String, readModels: ReadModels<Payload>, isRestoring: Bool = false, logger: Logger
    ) async throws -> String? {
        let configuration = ConnectionConfiguration(url: connection, applicationName: "directory setup")
        return try await PostgresSession.use(configuration, logger: logger) { session in
            try await Migrations.apply(session, logger: logger)
            if !isRestoring { try await UnfinishedRestore.check(session) }
            return try await run(session, readModels, configuration, logger)
        }
    }

    private static func run<Payload: EventPayload>(
        _ session: PostgresSession, _ readModels: ReadModels<Payload>, _ configuration: ConnectionConfiguration,
        _ logger: Logger
    ) async throws -> String? {
        try await BuildLock.hold(session) {
            let missing = try await readModels.prepare(session)
            guard !missing.isEmpty else { return }
            logger.notice("building read models", metadata: ["projections": "\(missing.sorted())"])
            let rebuild = Rebuild(readModels: readModels, configuration: configuration, logger: logger)
            _ = try await rebuild.build(missing, rangeSize: Rebuild<Payload>.usualRangeSize, writer: session) { _ in }
        }
        return try await ServiceRole.establish(
            session, schemas: readModels.models.map(\.schema),
            sideTables: readModels.sideTables.flatMap { [$0.name] + $0.parts })
    }
}
