import Logging
import Synchronization

/// A Postgres of our own, in a folder of ours: made at the first start, reached through a Unix socket only.
///
/// The process that serves calls ``start()`` and ``stop()``; there can be one of them. Any number of others may
/// use the same cluster for a while through ``withRunning(createIfMissing:_:)``, whether the service runs or not.
/// The last of all these to leave stops the server, so none takes it away from another.
public final class EmbeddedPostgres: Sendable {
    /// How the server is run.
    public struct Options: Sendable {
        /// Whether what is committed survives a power cut; false is for tests.
        public var durable: Bool
        /// Settings of `postgresql.conf` that replace or add to ours. They take effect when the server starts.
        public var settings: [String: String]

        /// Options for a server that keeps what it is given, unless told otherwise.
        public init(durable: Bool = true, settings: [String: String] = [:]) {
            self.durable = durable
            self.settings = settings
        }
    }

    /// The database that is made in every cluster.
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

    /// Names the folder and how to run it; nothing is touched yet.
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

    /// Starts the server as the one service of this data directory, making the cluster where it is missing. A server
    /// that an earlier process left behind is taken over. Does nothing if this object has started it already.
    ///
    /// A task that is cancelled meanwhile does not interrupt it: call ``stop()`` then.
    public func start() async throws(EmbeddedPostgresError) {
        guard serving.withLock({ $0 == nil }) else { return }
        let started = try await uncancelled { [self] () async throws(EmbeddedPostgresError) -> Serving in
            let home = try await home()
            let lock = try claim(home)
            return Serving(use: try await use(home), lock: lock)
        }
        serving.withLock { $0 = started }
    }

    /// Stops the server, unless others still use it: then the last of them does. Waits until it has stopped; a task
    /// that is cancelled does not interrupt it.
    public func stop() async throws(EmbeddedPostgresError) {
        guard let stopping = serving.withLock({ $0.take() }) else { return }
        try await uncancelled { () async throws(EmbeddedPostgresError) in
            defer { stopping.lock.release() }
            try await stopping.use.end()
        }
    }

    /// Kills the server as a crash would; for tests. ``stop()`` and ``start()`` bring it back.
    public func kill() async throws(EmbeddedPostgresError) {
        guard let cluster = serving.withLock({ $0?.use.cluster }) else { return }
        try await cluster.kill()
    }

    /// Whether a server runs for this data directory.
    public static func isRunning(dataDirectory: String) -> Bool {
        guard let home = ClusterHome.existing(dataDirectory: dataDirectory) else { return false }
        return Postmaster.running(in: home.cluster) != nil
    }

    /// Hands a connection string to `body` while the server runs: the service's if there is one, else one that is
    /// started for this purpose and stopped behind it.
    ///
    /// With `createIfMissing: false` a data directory that holds no cluster is an error, so that a misspelt name does
    /// not make an empty one.
    public nonisolated(nonsending) func withRunning<T>(
        createIfMissing: Bool = true, _ body: (String) async throws -> T
    ) async throws -> T {
        guard createIfMissing || ClusterHome.existing(dataDirectory: dataDirectory) != nil else {
            throw EmbeddedPostgresError(
                .unusableDirectory,
                "There is no database in \(dataDirectory): `directory serve --data-dir \(dataDirectory)` makes one.")
        }
        let held = try await uncancelled { [self] () async throws(EmbeddedPostgresError) -> ClusterUse in
            try await use(try await home())
        }
        let result: Result<T, any Error>
        do { result = .success(try await body(held.connectionString)) } catch { result = .failure(error) }
        do {
            try await uncancelled { () async throws(EmbeddedPostgresError) in try await held.end() }
        } catch {
            // What was to be done is done, or has an error of its own that matters more.
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

    /// The lock of the service, or whom it is held by.
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
