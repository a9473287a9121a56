import Logging

/// One cluster in one folder: how it is created, started, queried and stopped. `ClusterUse` decides when that is
/// allowed.
struct Cluster: Sendable {
    let folder: String
    let installation: PostgresInstallation
    let user: ServerUser?
    let settings: ServerSettings
    let logger: Logger

    static let logName = "server.log"

    /// Creates the cluster's files in a folder that is empty or missing.
    func initialise(durable: Bool) async throws(EmbeddedPostgresError) {
        _ = try Files.makeFolder(folder, mode: 0o700)
        if let user { try Files.give(folder, to: user) }
        var arguments = [
            "--pgdata", folder, "--username", ConnectionInfo.role, "--auth-local", "trust", "--auth-host", "reject",
            "--encoding", "UTF8", "--locale-provider", "libc", "--locale", "C", "--data-checksums", "--no-instructions",
        ]
        if !durable { arguments.append("--no-sync") }
        let outcome = try await program("initdb", arguments).run()
        guard outcome.succeeded else {
            throw EmbeddedPostgresError(.failed, "Postgres cannot make a database in \(folder):\n\(outcome.words)")
        }
        guard let main = Files.read("\(folder)/postgresql.conf") else {
            throw Files.failure("read", "\(folder)/postgresql.conf")
        }
        try Files.write(
            main + "\ninclude '\(ServerSettings.fileName)'\n", to: "\(folder)/postgresql.conf", owner: user)
    }

    /// Starts the server, or takes over a running one, and returns the folder of its socket.
    ///
    /// If no one else uses it, a server that runs but cannot be reached is restarted.
    func start(isAlone: Bool = true) async throws(EmbeddedPostgresError) -> String {
        let begun = ContinuousClock.now
        var wait = StatusWait(logger: logger)
        while true {
            guard let running = Postmaster.running(in: folder) else {
                if try await launch(until: begun + .seconds(30)) { logger.info("Postgres runs", metadata: place) }
                continue
            }
            switch running.status {
            case "ready":
                guard hasSocket(running) else {
                    try await replace(running, isAlone: isAlone)
                    continue
                }
                let outcome = try await psql("SELECT 1", at: running.socketFolder)
                if outcome.succeeded { return running.socketFolder }
                if wait.isOver(after: .seconds(30), in: "ready") {
                    throw EmbeddedPostgresError(
                        .failed, "Postgres in \(folder) runs but does not answer:\n\(outcome.words)")
                }
            case "stopping":
                // Stopped by someone else, it may be waiting for its clients to disconnect.
                if isAlone, wait.isOver(after: .seconds(60), in: "stopping") { try await stop(.fast) }
            default:
                wait.report("Postgres is recovering", after: .seconds(10))
            }
            try await pause(.milliseconds(50))
        }
    }

    /// Whether the server can be reached, through a socket that no one else can have put there.
    private func hasSocket(_ running: Postmaster) -> Bool {
        SocketFolder.isSafe(running.socketFolder, user: user)
            && Files.exists("\(running.socketFolder)/.s.PGSQL.\(ConnectionInfo.port)")
    }

    /// Stops a server whose socket is gone, for example because `/tmp` was cleaned.
    private func replace(_ running: Postmaster, isAlone: Bool) async throws(EmbeddedPostgresError) {
        guard isAlone else {
            throw EmbeddedPostgresError(
                .failed,
                "Postgres in \(folder) runs, but its socket in \(running.socketFolder) is gone: restart the service.")
        }
        logger.warning("Postgres runs but its socket is gone: restarting it", metadata: place)
        try await stop(.fast)
    }

    /// How a server is stopped.
    enum StopMode: String {
        /// Aborts what clients do, then writes everything to disk.
        case fast
        /// Ends at once, as in a crash: the next start recovers from the write-ahead log.
        case immediate
    }

    func stop(_ mode: StopMode) async throws(EmbeddedPostgresError) {
        guard Postmaster.running(in: folder) != nil else { return }
        let outcome = try await program("pg_ctl", ["stop", "-s", "-w", "-t", "120", "-m", mode.rawValue]).run()
        guard outcome.succeeded || Postmaster.running(in: folder) == nil else {
            throw EmbeddedPostgresError(.failed, "Postgres in \(folder) does not stop:\n\(outcome.words)")
        }
    }

    /// Kills the server and all processes that it has forked, as a crash of the machine would, and waits until they are
    /// gone.
    ///
    /// If only the postmaster were killed, the others would answer until they notice.
    func kill() async throws(EmbeddedPostgresError) {
        guard let running = Postmaster.running(in: folder) else {
            throw EmbeddedPostgresError(.failed, "There is no server in \(folder) to kill.")
        }
        // While it is stopped it cannot fork.
        SystemCalls.stop(running.process)
        let processes = [running.process] + SystemCalls.children(of: running.process)
        for process in processes { SystemCalls.kill(process) }
        while processes.contains(where: SystemCalls.isAlive) { try? await Task.sleep(for: .milliseconds(5)) }
    }

    /// Runs one statement and returns its first column, one line per row.
    func ask(_ statement: String, at socketFolder: String) async throws(EmbeddedPostgresError) -> String {
        let outcome = try await psql(statement, at: socketFolder)
        guard outcome.succeeded else {
            throw EmbeddedPostgresError(.failed, "Postgres refuses: \(statement)\n\(outcome.words)")
        }
        return outcome.output
    }

    func createDatabase(_ name: String, at socketFolder: String) async throws(EmbeddedPostgresError) {
        let quoted = name.map { $0 == "\"" ? "\"\"" : String($0) }.joined()
        _ = try await ask("CREATE DATABASE \"\(quoted)\" TEMPLATE template0", at: socketFolder)
    }

    /// The last lines of the server's log.
    func lastLogLines(_ count: Int = 6) -> String {
        let log = Files.read("\(folder)/\(Self.logName)", limit: 8192) ?? ""
        return log.split(whereSeparator: \.isNewline).suffix(count).joined(separator: "\n")
    }

    /// Whether it started; false if it should be tried again.
    private func launch(until deadline: ContinuousClock.Instant) async throws(EmbeddedPostgresError) -> Bool {
        try SocketFolder.prepare(settings.socketFolder, user: user)
        try Files.write(settings.text, to: "\(folder)/\(ServerSettings.fileName)", owner: user)
        try keepLogShort()
        logger.info("Starting Postgres \(installation.majorVersion)", metadata: place)
        // pg_ctl starts the server in a session of its own. The log's name is relative to that folder, so it needs no
        // quoting.
        let outcome = try await program("pg_ctl", ["start", "-s", "-w", "-t", "10", "-l", Self.logName]).run()
        if outcome.succeeded { return true }
        // Still recovering, or someone else was faster.
        if Postmaster.running(in: folder) != nil { return false }
        // A killed server is not gone at once: its backends take a moment to notice, and so does init to reap it.
        let lines = lastLogLines()
        let isLingering = ["shared memory block", "\"postmaster.pid\" already exists"].contains {
            lines.contains($0)
        }
        guard isLingering, ContinuousClock.now < deadline else {
            throw EmbeddedPostgresError(
                .failed, "Postgres in \(folder) does not start:\n\(outcome.words)\n\(lines)")
        }
        try await pause(.milliseconds(200))
        return false
    }

    private func keepLogShort() throws(EmbeddedPostgresError) {
        let log = "\(folder)/\(Self.logName)"
        guard let size = Files.size(log), size > 10_000_000 else { return }
        try Files.move(log, to: log + ".old")
    }

    private func psql(_ statement: String, at socketFolder: String) async throws(EmbeddedPostgresError)
        -> Program.Outcome
    {
        let connection = ConnectionInfo(socketFolder: socketFolder, database: "postgres").text
        return try await Program(
            path: installation.program("psql"), arguments: ["-XAtq", "-d", connection, "-c", statement],
            environment: ["PGCONNECT_TIMEOUT": "5"]
        ).run()
    }

    /// The folder is passed in the environment: pg_ctl passes arguments through a shell and quotes them badly.
    private func program(_ name: String, _ arguments: [String]) -> Program {
        Program(
            path: installation.program(name), arguments: arguments, user: user,
            environment: ["PGDATA": folder], folder: folder)
    }

    private func pause(_ time: Duration) async throws(EmbeddedPostgresError) {
        do { try await Task.sleep(for: time) } catch {
            throw EmbeddedPostgresError(.failed, "Cancelled while Postgres was starting.")
        }
    }

    private var place: Logger.Metadata { ["folder": "\(folder)"] }
}
