import Logging
import Synchronization

/// A temporary cluster for tests and benchmarks, in a new folder under `/tmp`. Folder and server are removed when
/// ``stop()`` is called, when the last reference goes, or when this process ends, however it ends.
public final class TestCluster: Sendable {
    /// How libpq connects to the database `postgres` of this cluster. It stays the same after ``restart()``.
    public let connectionString: String

    private let cluster: Cluster
    private let folder: String
    private let supervisor: Supervisor

    private init(cluster: Cluster, folder: String, supervisor: Supervisor) {
        self.cluster = cluster
        self.folder = folder
        self.supervisor = supervisor
        connectionString = ConnectionInfo(socketFolder: folder, database: "postgres").text
    }

    /// Creates a cluster and starts its server. Unless it is durable, nothing waits for the disk, which is right for
    /// tests and wrong for measurements.
    public static func start(durable: Bool = false, settings: [String: String] = [:]) async throws -> TestCluster {
        let installation = try await PostgresInstallation.find()
        let folder = try Files.makeUniqueFolder(prefix: "/tmp/directory-test-")
        let user = try ServerUser(forCluster: "\(folder)/data")
        // The server's user owns the folder: its sockets are safe in there, and the supervisor may remove it.
        if let user { try Files.give(folder, to: user) }
        let supervisor = try await Supervisor.start(
            folder: folder, pgCtl: installation.program("pg_ctl"), user: user)
        var all = ["max_connections": "100"]
        all.merge(settings) { $1 }
        let cluster = Cluster(
            folder: "\(folder)/data", installation: installation, user: user,
            settings: ServerSettings(
                socketFolder: folder, options: EmbeddedPostgres.Options(durable: durable, settings: all)),
            logger: Logger(label: "test cluster", factory: { _ in SwiftLogNoOpLogHandler() }))
        let started = TestCluster(cluster: cluster, folder: folder, supervisor: supervisor)
        try await cluster.initialise(durable: durable)
        _ = try await cluster.start()
        return started
    }

    /// Creates a database and returns how libpq connects to it.
    public func database(named name: String) async throws -> String {
        try await cluster.createDatabase(name, at: folder)
        return ConnectionInfo(socketFolder: folder, database: name).text
    }

    /// Stops the server at once and removes everything. The cluster cannot be used afterwards.
    public func stop() async {
        supervisor.end()
        for _ in 0..<1_000 where Files.exists(folder) { try? await Task.sleep(for: .milliseconds(10)) }
    }

    /// Kills the server as a crash would; ``restart()`` starts it again.
    public func kill() async throws(EmbeddedPostgresError) { try await cluster.kill() }

    /// Stops the server cleanly, if it runs, and starts it again.
    public func restart() async throws {
        try await cluster.stop(.fast)
        _ = try await cluster.start()
    }
}
