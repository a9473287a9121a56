import Logging

/// One cluster in one folder: how it is made, started, asked and stopped. Who may do so when is not decided here.
struct Cluster: Sendable {
    let folder: String
    let installation: PostgresInstallation
    let user: ServerUser?
    let settings: ServerSettings
    let logger: Logger

    static let logName = "server.log"

    /// Makes the cluster's files in a folder that is empty or missing.
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

    /// Starts the server or takes over the one that runs, and returns the folder of its socket.
    ///
    /// Where nobody else uses it, one that runs but is of no use is stopped and started anew.
    func start(isAlone: Bool = true) async throws(EmbeddedPostgresError) -> String {
        let begun = ContinuousClock.now
        var patience = Patience(logger: logger)
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
                if patience.isOver(after: .seconds(30), of: "ready") {
                    throw EmbeddedPostgresError(
                        .failed, "Postgres in \(folder) runs but does not answer:\n\(outcome.words)")
                }
            case "stopping":
                // Asked to by someone else, it may be waiting for clients to leave of themselves.
                if isAlone, patience.isOver(after: .seconds(60), of: "stopping") { try await stop(.fast) }
            default:
                patience.report("Postgres is recovering", after: .seconds(10))
            }
            try await pause(.milliseconds(50))
        }
    }

    /// Whether the server can be reached, and its socket is where no one else can have put it.
    private func hasSocket(_ running: Postmaster) -> Bool {
        SocketFolder.isSafe(running.socketFolder, user: user)
            && Files.exists("\(running.socketFolder)/.s.PGSQL.\(ConnectionInfo.port)")
    }

    /// Stops a server whose socket is gone, as when `/tmp` was cleaned under it.
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
        /// Ends what clients do, then writes everything out.
        case fast
        /// Ends at once, as in a crash: the next start recovers from the log.
        case immediate
    }

    func stop(_ mode: StopMode) async throws(EmbeddedPostgresError) {
        guard Postmaster.running(in: folder) != nil else { return }
        let outcome = try await program("pg_ctl", ["stop", "-s", "-w", "-t", "120", "-m", mode.rawValue]).run()
        guard outcome.succeeded || Postmaster.running(in: folder) == nil else {
            throw EmbeddedPostgresError(.failed, "Postgres in \(folder) does not stop:\n\(outcome.words)")
        }
    }

    /// Kills the server and all that it has forked, as a crash of the machine would, and waits until they are gone.
    ///
    /// Without the postmaster alone the others would go on until each notices, and answer meanwhile.
    func kill() async throws(EmbeddedPostgresError) {
        guard let running = Postmaster.running(in: folder) else {
            throw EmbeddedPostgresError(.failed, "There is no server in \(folder) to kill.")
        }
        // Stopped it forks no more.
        SystemCalls.stop(running.process)
        let processes = [running.process] + SystemCalls.children(of: running.process)
        for process in processes { SystemCalls.kill(process) }
        while processes.contains(where: SystemCalls.isAlive) { try? await Task.sleep(for: .milliseconds(5)) }
    }

    /// Runs one statement and returns its first column, a line a row.
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

    /// The last words of the server's log.
    func lastWords(_ count: Int = 6) -> String {
        let log = Files.read("\(folder)/\(Self.logName)", limit: 8192) ?? ""
        return log.split(whereSeparator: \.isNewline).suffix(count).joined(separator: "\n")
    }

    /// Whether it started; false where it is worth another try.
    private func launch(until deadline: ContinuousClock.Instant) async throws(EmbeddedPostgresError) -> Bool {
        try SocketFolder.prepare(settings.socketFolder, user: user)
        try Files.write(settings.text, to: "\(folder)/\(ServerSettings.fileName)", owner: user)
        try keepLogShort()
        logger.info("Starting Postgres \(installation.majorVersion)", metadata: place)
        // pg_ctl takes the server into a session of its own. Relative to that folder, the log's name needs no quoting.
        let outcome = try await program("pg_ctl", ["start", "-s", "-w", "-t", "10", "-l", Self.logName]).run()
        if outcome.succeeded { return true }
        // Still recovering, or someone else was faster.
        if Postmaster.running(in: folder) != nil { return false }
        // A server that was killed is not gone at once: its backends need a moment to notice, and init one to reap it.
        let lastWords = lastWords()
        let isLingering = ["shared memory block", "\"postmaster.pid\" already exists"].contains {
            lastWords.contains($0)
        }
        guard isLingering, ContinuousClock.now < deadline else {
            throw EmbeddedPostgresError(
                .failed, "Postgres in \(folder) does not start:\n\(outcome.words)\n\(lastWords)")
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

    /// The folder is handed over in the environment: pg_ctl passes arguments through a shell, with weak quotes.
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
