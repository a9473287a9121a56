import DirectoryAPI
import EmbeddedPostgres
import EventLog
import Logging
import Migrations
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The service, from starting its database to stopping it. Graceful shutdown goes in reverse: the server drains, then the
/// processor and the pools stop, then Postgres.
struct Serving: Service {
    let location: DatabaseLocation
    let host: String
    let port: Int
    /// The e-mail address of the account that becomes SYSTEM_ADMIN if there is none.
    let bootstrapAdmin: String?
    /// Whether an empty directory gets a demo organization.
    let isDemonstration: Bool
    let settings: Settings
    let logger: Logger

    /// Checks early that it is possible to listen on the addresses, before the wait for a database.
    /// - Throws: `Failure`, or what kept the service from listening.
    func checkAddresses() async throws {
        let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        func listen(on host: String, _ port: Int, _ choice: Failure.AddressChoice) async throws -> any Channel {
            do {
                return try await bootstrap.bind(host: host, port: port).get()
            } catch {
                throw Failure(listening: error, on: host, port, choice) ?? error
            }
        }
        if let address = settings.metricsAddress, address == ListeningAddress(host: host, port: port), port != 0 {
            throw Failure("\(Variable.metricsAddress.rawValue) is the address of the API: choose another.")
        }
        let api = try await listen(on: host, port, .options)
        let metrics: Result<Void, any Error>
        do {
            // With the API's open, so that they cannot be the same.
            if let address = settings.metricsAddress {
                try await listen(on: address.host, address.port, .metrics).close().get()
            }
            metrics = .success(())
        } catch {
            metrics = .failure(error)
        }
        try await api.close().get()
        try metrics.get()
    }

    func run() async throws {
        switch location {
        case .server(let url): try await serve(url)
        case .folder(let folder):
            let postgres = EmbeddedPostgres(dataDirectory: folder, installation: try await .find(), logger: logger)
            try await postgres.start()
            let result: Result<Void, any Error>
            do { result = .success(try await serve(postgres.connectionString)) } catch { result = .failure(error) }
            try await postgres.stop()
            try result.get()
        }
    }

    private func serve(_ connection: String) async throws {
        let database = Database(connection: connection, location: location, settings: settings, logger: logger)
        let node = try await cancelWhenGracefulShutdown { try await prepare(database) }
        try await withGracefulShutdownHandler {
            try await node.run()
        } onGracefulShutdown: {
            logger.info("stopping; requests in progress are answered first")
        }
    }

    /// Does everything that must happen before the first request.
    private func prepare(_ database: Database) async throws -> DirectoryNode {
        try await database.check()
        let keys = try await keys(database)
        try Task.checkCancellation()
        var welcome = Welcome(host: host, location: location, administrator: bootstrapAdmin)
        if let bootstrapAdmin {
            let start = FirstStart(administrator: bootstrapAdmin, isDemonstration: isDemonstration)
            let administrator = try await start.run(database)
            if isDemonstration, let administrator {
                welcome.token = try await Welcome.token(administrator, keys, settings)
                welcome.organization = try await FirstStart.organization(of: administrator, database)
            }
        }
        try Task.checkCancellation()
        var configuration = DirectoryNode.Configuration(
            database: database.connection, secret: keys.jwtSecret, masterKey: keys.master)
        configuration.host = host
        configuration.port = port
        configuration.metrics = settings.metricsAddress
        configuration.readDeadline = settings.readDeadline ?? configuration.readDeadline
        configuration.listDeadline = settings.listDeadline ?? configuration.listDeadline
        configuration.signingKeys = keys.logSigning
        configuration.requirements = TokenVerifier.Requirements(
            issuer: settings.jwtIssuer, audience: settings.jwtAudience)
        configuration.identityProvider = settings.identityProvider
        configuration.webhooks.hosts = settings.webhookHosts ?? configuration.webhooks.hosts
        return try await DirectoryNode(configuration, logger: logger) { [welcome] port in welcome.show(port: port) }
    }

    /// Refuses to serve with keys that are not the log's.
    private func keys(_ database: Database) async throws -> NodeKeys {
        try await database.withSession("start") { session in
            try await Migrations.apply(session, logger: logger)
            let log = try await LogIdentity.read(session)
            let keys = try await KeyFolder(for: database, log: log).keys(of: log, session, settings)
            let origin = try await LogSignature.fixOrigin(settings.logOrigin, session)
            if let wanted = settings.logOrigin, !wanted.utf8.elementsEqual(origin.utf8) {
                logger.warning(
                    "DIRECTORY_LOG_ORIGIN is ignored: the log's name was fixed at its first start",
                    metadata: ["origin": "\(origin)"])
            }
            if let newest = try await LogSignature.keys(session).first, keys.logSigning[newest.number] == nil {
                logger.warning(
                    "the log's newest signing key is missing, so this node signs no checkpoints",
                    metadata: ["file": "\(KeyFolder.fileName(ofSigningKey: newest.number))"])
            }
            return keys
        }
    }
}
