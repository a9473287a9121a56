import Logging
import Synchronization

/// A Postgres of our own, in a folder of ours: created at the first start, reached through a Unix socket only.
///
/// The service calls ``start()`` and ``stop()``; there can be only one. Any number of other processes may use the same
/// cluster for a while through ``withRunning(createIfMissing:_:)``, whether the service runs or not. The last of them
/// all stops the server, so none takes it away from another.
public final class EmbeddedPostgres: Sendable {
    /// How the server is run.
    public struct Options: Sendable {
        /// Whether committed transactions survive a power failure; false is for tests.
        public var durable: Bool
        /// Settings of `postgresql.conf`, which override ours. They take effect when the server starts.
        public var settings: [String: String]

        /// Options, by default those of a durable server.
        public init(durable: Bool = true, settings: [String: String] = [:]) {
            self.durable = durable
            self.settings = settings
        }
    }

    /// The database that is created in every cluster.
    public static let database = "directory"

    private let dataDirectory: String
    private let installation: PostgresInstallation
    private let options: Options
    private let logger: Logger
    private let serving = Mutex<Serving?>(nil)

    /// What the serving process holds.
    private struct Serving {
        let use: ClusterUse
        let lock: FileLock
    }

    /// Touches nothing before ``start()`` or ``withRunning(createIfMissing:_:)``.
    public init(
        dataDirectory: String, installation: PostgresInstallation, options: Options = Options(), logger: Logger
    ) {
        self.dataDirectory = dataDirectory
        self.installation = installation
        self.options = options
        self.logger = logger
    }

    /// How libpq connects (`host=… port=… dbname=directory user=directory`); empty before ``start()``.
    public var connectionString: String { serving.withLock { $0?.use.connectionString ?? "" } }

    /// Starts the server as the only service of this data directory, creating the cluster if it is missing. A server
    /// that an earlier process left running is taken over. Does nothing if this object has started it already.
    ///
    /// Cancelling the task does not interrupt it: call ``stop()`` afterwards.
    public func start() async throws(EmbeddedPostgresError) {
        guard serving.withLock({ $0 == nil }) else { return }
        let started = try await uncancelled { [self] () async throws(EmbeddedPostgresError) -> Serving in
            let home = try await home()
            let lock = try claim(home)
            return Serving(use: try await use(home), lock: lock)
        }
        serving.withLock { $0 = started }
    }

    /// Stops the server and waits until it has stopped, unless others still use it: then the last of them stops it.
    /// Cancelling the task does not interrupt it.
    public func stop() async throws(EmbeddedPostgresError) {
        guard let stopping = serving.withLock({ $0.take() }) else { return }
        try await uncancelled { () async throws(EmbeddedPostgresError) in
            defer { stopping.lock.release() }
            try await stopping.use.end()
        }
    }

    /// Kills the server as a crash would; for tests. ``stop()`` followed by ``start()`` restarts it.
    public func kill() async throws(EmbeddedPostgresError) {
        guard let cluster = serving.withLock({ $0?.use.cluster }) else { return }
        try await cluster.kill()
    }

    /// Whether a server runs for this data directory.
    public static func isRunning(dataDirectory: String) -> Bool {
        guard let home = ClusterHome.existing(dataDirectory: dataDirectory) else { return false }
        return Postmaster.running(in: home.cluster) != nil
    }

    /// Runs `body` with a connection string of the running server: the service's if there is one, otherwise one that is
    /// started for this purpose and stopped afterwards.
    ///
    /// With `createIfMissing: false` a data directory without a cluster is an error, so that a misspelt name does not
    /// create an empty one.
    public nonisolated(nonsending) func withRunning<T>(
        createIfMissing: Bool = true, _ body: (String) async throws -> T
    ) async throws -> T {
        guard createIfMissing || ClusterHome.existing(dataDirectory: dataDirectory) != nil else {
            throw EmbeddedPostgresError(
                .unusableDirectory,
                "There is no database in \(dataDirectory): `directory serve --data-dir \(dataDirectory)` creates one.")
        }
        let held = try await uncancelled { [self] () async throws(EmbeddedPostgresError) -> ClusterUse in
            try await use(try await home())
        }
        let result: Result<T, any Error>
        do { result = .success(try await body(held.connectionString)) } catch { result = .failure(error) }
        do {
            try await uncancelled { () async throws(EmbeddedPostgresError) in try await held.end() }
        } catch {
            // The body has succeeded, or has an error of its own that matters more.
            logger.warning("\(error)")
        }
        return try result.get()
    }

    private func home() async throws(EmbeddedPostgresError) -> ClusterHome {
        let home = try await ClusterHome.make(dataDirectory: dataDirectory) {
            path, user async throws(EmbeddedPostgresError) in
            try await Program(path: "/bin/sh", arguments: ["-c", "cd -- \"$1\"", "sh", path], user: user).run()
                .succeeded
        }
        if home.isElsewhere {
            try Files.makeFolders(home.folder, mode: 0o711)
            logger.notice("Postgres cannot enter \(home.dataDirectory): its files are in \(home.folder)")
        }
        return home
    }

    /// The lock of the service; an error that names its holder if it is taken.
    private func claim(_ home: ClusterHome) throws(EmbeddedPostgresError) -> FileLock {
        let lock = try FileLock(home.serveLock)
        guard lock.tryExclusive() else {
            let holder = Files.read(home.serveLock).map { " (process \($0))" } ?? ""
            throw EmbeddedPostgresError(
                .inUse,
                "Another service\(holder) already runs on \(home.dataDirectory). "
                    + "Stop it first, or choose another data directory."
            )
        }
        lock.note("\(SystemCalls.currentProcess)")
        return lock
    }

    private func use(_ home: ClusterHome) async throws(EmbeddedPostgresError) -> ClusterUse {
        try await ClusterUse.begin(home: home, installation: installation, options: options, logger: logger)
    }
}

/// Runs something to its end even if the task that waits for it is cancelled, so that no server is left half started or
/// half stopped.
private nonisolated(nonsending) func uncancelled<T: Sendable>(
    _ operation: @escaping @Sendable () async throws(EmbeddedPostgresError) -> T
) async throws(EmbeddedPostgresError) -> T {
    let task = Task { () -> Result<T, EmbeddedPostgresError> in
        do throws(EmbeddedPostgresError) { return .success(try await operation()) } catch { return .failure(error) }
    }
    return try await task.value.get()
}
