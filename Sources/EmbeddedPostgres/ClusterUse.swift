import Logging

/// One user's hold on a running cluster. While it lasts no other user stops the server; the last one to release it does.
struct ClusterUse: Sendable {
    let cluster: Cluster
    let connectionString: String

    private let users: FileLock
    private let transition: FileLock
    private let logger: Logger

    /// Creates the cluster if it is missing, starts its server if it does not run, and holds it.
    static func begin(
        home: ClusterHome, installation: PostgresInstallation, options: EmbeddedPostgres.Options, logger: Logger
    ) async throws(EmbeddedPostgresError) -> ClusterUse {
        let transition = try FileLock(home.transitionLock)
        let users = try FileLock(home.usersLock)
        try await transition.exclusive()
        defer { transition.release() }
        let user = try ServerUser(forCluster: home.cluster)
        let cluster = Cluster(
            folder: home.cluster, installation: try await matching(home, installation), user: user,
            settings: ServerSettings(socketFolder: SocketFolder.path(for: home, user: user), options: options),
            logger: logger)
        if !home.hasCluster { try await make(cluster, in: home, durable: options.durable) }
        let isAlone = users.tryExclusive()
        // Never refused: only a holder of the transition lock takes it exclusively.
        guard users.tryShared() else { throw EmbeddedPostgresError(.inUse, "\(users.path) is locked.") }
        do throws(EmbeddedPostgresError) {
            let connection = try await open(cluster, isAlone: isAlone)
            return ClusterUse(
                cluster: cluster, connectionString: connection.text, users: users, transition: transition,
                logger: logger)
        } catch {
            // Otherwise no one would hold the server, and so no one would stop it.
            if isAlone { try? await cluster.stop(.fast) }
            throw error
        }
    }

    /// Starts the server if it does not run, and creates its database if it is missing.
    private static func open(
        _ cluster: Cluster, isAlone: Bool
    ) async throws(EmbeddedPostgresError) -> ConnectionInfo {
        let socketFolder = try await cluster.start(isAlone: isAlone)
        let names = try await cluster.ask("SELECT datname FROM pg_database", at: socketFolder)
        if !names.split(separator: "\n").contains(Substring(EmbeddedPostgres.database)) {
            try await cluster.createDatabase(EmbeddedPostgres.database, at: socketFolder)
        }
        return ConnectionInfo(socketFolder: socketFolder, database: EmbeddedPostgres.database)
    }

    /// Releases the server, and stops it if no one else holds it.
    func end() async throws(EmbeddedPostgresError) {
        try await transition.exclusive()
        defer { transition.release() }
        defer { users.release() }
        guard users.tryExclusive() else {
            logger.notice("Postgres keeps running: another command uses it and will stop it")
            return
        }
        logger.info("Stopping Postgres", metadata: ["folder": "\(cluster.folder)"])
        try await cluster.stop(.fast)
    }

    /// Created under another name and renamed when complete, so that one that was interrupted is never started.
    private static func make(
        _ cluster: Cluster, in home: ClusterHome, durable: Bool
    ) async throws(EmbeddedPostgresError) {
        cluster.logger.notice("Creating a database in \(home.cluster): this takes a few seconds")
        _ = try await Program(path: "/bin/rm", arguments: ["-rf", "--", home.draft]).run()
        let draft = Cluster(
            folder: home.draft, installation: cluster.installation, user: cluster.user, settings: cluster.settings,
            logger: cluster.logger)
        try await draft.initialise(durable: durable)
        try Files.move(home.draft, to: home.cluster)
        Files.synchronise(folder: home.folder)
        try home.writeNote()
    }

    /// The programs of the version that created the cluster, if they are installed alongside newer ones.
    private static func matching(
        _ home: ClusterHome, _ installation: PostgresInstallation
    ) async throws(EmbeddedPostgresError) -> PostgresInstallation {
        guard let text = Files.read("\(home.cluster)/PG_VERSION"),
            let version = Int(text.filter(\.isNumber)), version != installation.majorVersion
        else { return installation }
        if let other = await PostgresInstallation.find(majorVersion: version) { return other }
        let here = installation.majorVersion
        throw EmbeddedPostgresError(
            .versionMismatch,
            "The database in \(home.cluster) was created by Postgres \(version), but only Postgres \(here) is installed. "
                + "Install Postgres \(version), or upgrade the database with pg_upgrade.")
    }
}
