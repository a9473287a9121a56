import Directory
import EmbeddedPostgres
import EventLog
import EventSourcing
import FoundationEssentials
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import TransparencyLog

@testable import DirectoryAPI

/// A node that runs in this process on a free port, over a database of its own.
struct Server: Sendable {
    static let secret = Array("the secret of the tests' own tokens".utf8)

    /// The seed of the key that signs the log's checkpoints.
    static let signingKey = Array("the signing key of the tests: 32".utf8)

    static let masterKey = Array("the master key of the tests: 32 b".utf8)

    /// The node that most suites share: each works in organizations of its own.
    private static let common = Task { try await Server.start() }

    static var shared: Server { get async throws { try await common.value } }

    let database: String
    let port: Int
    /// The port of the metrics, where they are served.
    let metricsPort: Int?
    let service: DirectoryService
    let issuer: TokenIssuer
    /// The first SYSTEM_ADMIN, as a start makes it.
    let admin: Person
    private let group: ServiceGroup
    private let running: Task<Void, any Error>

    /// Starts a node.
    /// - Parameters:
    ///   - database: one that exists; a new one if not given.
    ///   - logger: where the node logs; nowhere if not given.
    static func start(
        on cluster: TestCluster? = nil, database: String? = nil, logger: Logger = quiet,
        _ change: (inout DirectoryNode.Configuration) -> Void = { _ in }
    ) async throws -> Server {
        let url = if let database { database } else { try await TestDatabase.make(on: cluster).url }
        var configuration = DirectoryNode.Configuration(
            database: url, secret: Server.secret, masterKey: Server.masterKey)
        configuration.host = "127.0.0.1"
        configuration.port = 0
        configuration.signingKeys = [1: Server.signingKey]
        change(&configuration)
        let (ports, found) = AsyncStream<Int>.makeStream()
        let (metricsPorts, foundMetrics) = AsyncStream<Int>.makeStream()
        let node = try await DirectoryNode(configuration, logger: logger) { port in
            found.yield(port)
            found.finish()
        } onServingMetrics: { port in
            foundMetrics.yield(port)
            foundMetrics.finish()
        }
        try await register(TestDatabase(url: url))
        let group = ServiceGroup(services: [node], logger: quiet)
        let running = Task {
            defer {
                found.finish()
                foundMetrics.finish()
            }
            try await group.run()
        }
        guard let port = await ports.first(where: { _ in true }) else { throw StartFailed() }
        let metricsPort = configuration.metrics == nil ? nil : await metricsPorts.first { _ in true }
        let issuer = await TokenIssuer(secret: Server.secret)
        let id = UUID.version7(at: Instant(microseconds: 1_700_000_000_000_000))
        let made = try await node.service.processor.submit(Bootstrap(email: "root@example.org", newAccount: id))
        let token = try await issuer.token(subject: (made ?? id).text, expires: .distantFuture)
        return Server(
            database: url, port: port, metricsPort: metricsPort, service: node.service, issuer: issuer,
            admin: Person(id: (made ?? id).text, email: "root@example.org", token: token), group: group,
            running: running)
    }

    /// Gives the log its name and its key, as a start of the program does.
    private static func register(_ database: TestDatabase) async throws {
        let session = try await database.session()
        let origin = try await LogSignature.fixOrigin(nil, session)
        if let signer = NoteSigner(name: origin, seed: signingKey) {
            try await LogSignature.add(
                CheckpointKey(number: 1, publicKey: signer.verifier.publicKey, fingerprint: []), session)
        }
        await session.close()
    }

    /// Shuts down gracefully, and returns when all has ended.
    func stop() async throws {
        await group.triggerGracefulShutdown()
        try await running.value
    }

    struct StartFailed: Error {}
}

/// A caller.
struct Person: Sendable {
    let id: String
    let email: String
    let token: String
}

extension Double {
    /// Later than any test runs, in seconds since 1970.
    static let distantFuture: Double = 4_102_444_800
}

private let counter = Atomic(0)

/// A word that no other test uses.
func unique(_ stem: String) -> String {
    stem + String(counter.add(1, ordering: .relaxed).newValue) + String(ProcessID.text)
}

enum ProcessID {
    /// Differs between runs, so that names are new in each.
    static let text = String(UUID().uuidString.prefix(6).lowercased())
}
