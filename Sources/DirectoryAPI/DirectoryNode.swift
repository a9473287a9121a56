import CommandProcessor
import Directory
import DirectoryEvents
import EventLog
import Instruments
import Logging
import Postgres
import ReadModels
import ServiceLifecycle

/// One node of the directory: everything that runs between a database and an HTTP port.
public struct DirectoryNode: Service {
    /// The configuration of a node.
    public struct Configuration: Sendable {
        /// How to reach the database (libpq conninfo or URI), as the role that owns its objects.
        public var database: String
        /// The address to listen on.
        public var host = "127.0.0.1"
        /// The port to listen on; 0 picks a free one.
        public var port = 8080
        /// Where the metrics are served; nowhere if `nil`.
        public var metrics: ListeningAddress?
        /// The HS256 secret of the server's own tokens.
        public var secret: [UInt8]
        /// The master key of the nodes of a log, 32 bytes, under which secrets are kept.
        public var masterKey: [UInt8]
        /// The keys that sign checkpoints of the log, as far as this node has them: Ed25519 seeds by the numbers that the
        /// database has of them. Without the newest it signs none.
        public var signingKeys: [Int: [UInt8]] = [:]
        /// What tokens must satisfy besides having a valid signature.
        public var requirements = TokenVerifier.Requirements()
        /// The identity provider whose tokens are accepted next to the server's own. Issuer and audience must be required
        /// then: a provider signs tokens for others, too.
        public var identityProvider: IdentityProvider.Configuration?
        /// How long a read of one entity waits for the database.
        public var readDeadline = Duration.seconds(5)
        /// How long a list, or a page of the audit trail, waits for its next rows; it has no deadline as a whole.
        public var listDeadline = Duration.seconds(30)
        /// How deliveries to webhooks are made.
        public var webhooks = WebhookOptions()
        /// How the command processor works.
        public var processor = CommandProcessor<DirectoryEvent>.Options()

        public init(database: String, secret: [UInt8], masterKey: [UInt8]) {
            self.database = database
            self.secret = secret
            self.masterKey = masterKey
        }
    }

    /// All read models of the directory, and its side tables.
    public static let readModels = ReadModels<DirectoryEvent>(Directory.projections, sideTables: Directory.sideTables)

    /// What the operations work with.
    public let service: DirectoryService
    private let server: DirectoryServer
    /// Serve the metrics, if they are to be served.
    private let monitoring: [any Service]
    private let expiry: ReceiptExpiry
    private let followUp: ErasureFollowUp
    private let delivery: WebhookDelivery
    private let logger: Logger

    /// Migrates the database, builds its read models if they are missing, and assembles a node.
    /// - Parameters:
    ///   - onListening: called with the port once it is bound.
    ///   - onServingMetrics: called with the port of the metrics once it is bound.
    public init(
        _ configuration: Configuration, logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in },
        onServingMetrics: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws {
        let role = try await DatabaseSetup.run(
            connection: configuration.database, readModels: DirectoryNode.readModels, logger: logger)
        func connection(_ name: String, _ settings: [String: String]) -> ConnectionConfiguration {
            ConnectionConfiguration(
                url: configuration.database, applicationName: "directory \(name)", role: role, settings: settings)
        }
        // Generic plans made while tables are empty would otherwise scan them forever. No read takes more than one process.
        let reading = [
            "enable_seqscan": "off", "plan_cache_mode": "force_generic_plan", "jit": "off",
            "max_parallel_workers_per_gather": "0",
        ]
        // Pages are probes of an index, one key after the other, whatever the planner expects of their number.
        let listing = ["enable_hashjoin": "off", "enable_mergejoin": "off", "enable_bitmapscan": "off"]
        let provider = configuration.identityProvider.map { IdentityProvider($0, logger: logger) }
        if provider != nil {
            guard configuration.requirements.issuer != nil, configuration.requirements.audience != nil else {
                throw UnboundedTrust()
            }
        }
        await provider?.start()
        let secrets = SecretKeys(master: configuration.masterKey)
        let reads = PostgresPool(
            connection("reads", reading), connections: 1, deadline: configuration.readDeadline, logger: logger)
        let listening = EventLoop()
        let feed = Feed(
            PostgresPool(
                connection("feed", reading), connections: 1, maximumConnections: 2,
                deadline: configuration.listDeadline, eventLoop: listening, logger: logger),
            listening: connection("listen", [:]), listening, logger: logger)
        service = DirectoryService(
            processor: CommandProcessor(
                connection("processor", CommandProcessor<DirectoryEvent>.sessionSettings),
                readModels: DirectoryNode.readModels, options: configuration.processor, logger: logger),
            reads: reads,
            lists: PostgresPool(
                connection("lists", reading.merging(listing) { $1 }), connections: 1, maximumConnections: 2,
                deadline: configuration.listDeadline, logger: logger),
            walks: PostgresPool(
                connection("walks", reading), connections: 1, maximumConnections: 4,
                deadline: configuration.listDeadline, logger: logger),
            tokens: await TokenVerifier(
                secret: configuration.secret, requirements: configuration.requirements,
                organizationKeys: OrganizationKeyRing(reads, secrets, logger: logger), provider: provider),
            secret: configuration.secret, secrets: secrets,
            checkpoints: CheckpointSigner(keys: configuration.signingKeys), feed: feed,
            webhooks: configuration.webhooks, logger: logger)
        server = DirectoryServer(
            service, host: configuration.host, port: configuration.port, logger: logger, onListening: onListening)
        if let address = configuration.metrics {
            let probe = DatabaseProbe(reads)
            let metrics = NodeMetrics.all(service, server.requests, probe)
            let served = MetricsServer(metrics, at: address, logger: logger, onListening: onServingMetrics)
            monitoring = [served, probe]
        } else {
            monitoring = []
        }
        expiry = ReceiptExpiry(configuration: connection("housekeeping", [:]), interval: .seconds(3600), logger: logger)
        followUp = ErasureFollowUp(
            service: service, configuration: connection("erasure", [:]), interval: .seconds(1))
        delivery = WebhookDelivery(
            service: service, configuration: connection("webhooks", WebhookDelivery.settings))
        self.logger = logger
    }

    /// An identity provider's tokens would be accepted whoever they are for.
    public struct UnboundedTrust: Error, CustomStringConvertible {
        public var description: String { "an identity provider's keys need a required issuer and audience" }
    }

    /// Runs until graceful shutdown: first the streams end, then the server drains, then the services they depend on stop.
    public func run() async throws {
        let services: [any Service] = [
            service.reads, service.lists, service.walks, service.feed.pool, service.processor, expiry, followUp,
            delivery,
            server, service.feed,
        ]
        // The metrics are served until all else has ended.
        try await ServiceGroup(services: monitoring + services, logger: logger.withoutDetails).run()
    }
}
