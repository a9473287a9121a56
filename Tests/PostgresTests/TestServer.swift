import Foundation
import Logging
@testable import Postgres

/// A Postgres of the tests' own: a cluster in a short folder of /tmp, reached by its socket, not durable, removed in
/// the end. One is shared by all suites; those that stop it start their own.
final class TestServer: Sendable {
    static let shared = try? TestServer()

    private let folder: String
    private let binaries: String

    init() throws {
        binaries = try Self.findBinaries()
        folder = "/tmp/pgt-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        if getuid() == 0 { try Self.run("/bin/chown", ["postgres", folder]) }
        try postgres(
            "initdb", ["-D", "\(folder)/data", "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--no-locale"])
        try start()
        let path = folder
        TestServers.atExit { [binaries] in
            try? Self.run(as: "postgres", "\(binaries)/pg_ctl", ["-D", "\(path)/data", "-m", "immediate", "stop"])
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    /// How to connect as a superuser.
    var url: String { "host=\(folder) user=postgres dbname=postgres" }

    func start() throws {
        let options = "-k \(folder) -h '' -c fsync=off -c max_connections=200"
        try postgres("pg_ctl", ["-D", "\(folder)/data", "-o", options, "-l", "\(folder)/log", "-w", "start"])
    }

    func stop() throws {
        try postgres("pg_ctl", ["-D", "\(folder)/data", "-m", "fast", "-w", "stop"])
    }

    func configuration(role: String? = nil, settings: [String: String] = [:]) -> ConnectionConfiguration {
        ConnectionConfiguration(url: url, applicationName: "tests", role: role, settings: settings)
    }

    private func postgres(_ tool: String, _ arguments: [String]) throws {
        try Self.run(as: "postgres", "\(binaries)/\(tool)", arguments)
    }

    private static func run(as user: String, _ path: String, _ arguments: [String]) throws {
        if getuid() == 0 {
            try run("/usr/sbin/runuser", ["-u", user, "--", path] + arguments)
        } else {
            try run(path, arguments)
        }
    }

    private static func run(_ path: String, _ arguments: [String]) throws {
        // Not `Process`: it waits for all who inherited its descriptors, so for the server that pg_ctl leaves behind.
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor: Int32 in 0...2 {
            posix_spawn_file_actions_addopen(
                &actions, descriptor, "/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY, 0)
        }
        let words = ([path] + arguments).map { strdup($0) }
        defer { words.forEach { free($0) } }
        var child = pid_t()
        guard posix_spawn(&child, path, &actions, nil, words + [nil], environ) == 0 else {
            throw Failure(what: "\(path) could not be started")
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        if status != 0 { throw Failure(what: "\(path) \(arguments) ended with \(status)") }
    }

    private static func findBinaries() throws -> String {
        let folders =
            (18...30).reversed().map { "/usr/lib/postgresql/\($0)/bin" }
            + (15...17).reversed().map { "/usr/lib/postgresql/\($0)/bin" }
            + ["/opt/homebrew/opt/postgresql@17/bin", "/opt/homebrew/bin", "/usr/local/bin", "/usr/bin"]
        for folder in folders where FileManager.default.isExecutableFile(atPath: "\(folder)/initdb") { return folder }
        throw Failure(what: "no initdb found")
    }

    struct Failure: Error { let what: String }
}

/// Ends the servers when the process ends.
private enum TestServers {
    static func atExit(_ action: @escaping @Sendable () -> Void) {
        lock.withLock { $0.append(action) }
        _ = registered
    }

    private static let lock = Locked<[@Sendable () -> Void]>([])
    private static let registered: Void = {
        atexit { TestServers.lock.withLock { $0 }.forEach { $0() } }
    }()
}

/// A value behind a lock.
final class Locked<Value: Sendable>: @unchecked Sendable {
    private var value: Value
    private let lock = NSLock()
    init(_ value: Value) { self.value = value }
    func withLock<T>(_ body: (inout Value) throws -> T) rethrows -> T { try lock.withLock { try body(&value) } }
}

/// The shared server's configuration, or a test failure that says why there is none.
func configuration(role: String? = nil, settings: [String: String] = [:]) throws -> ConnectionConfiguration {
    guard let server = TestServer.shared else { throw TestServer.Failure(what: "Postgres could not be started") }
    return server.configuration(role: role, settings: settings)
}

let quiet = Logger(label: "tests", factory: { _ in SwiftLogNoOpLogHandler() })

/// Runs a pool for the duration of the body.
func withPool<T: Sendable>(
    _ configuration: ConnectionConfiguration, connections: Int = 2, maximum: Int = 8,
    _ body: @Sendable (PostgresPool) async throws -> T
) async throws -> T {
    let pool = PostgresPool(configuration, connections: connections, maximumConnections: maximum, logger: quiet)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await pool.run() }
        let result = try await body(pool)
        group.cancelAll()
        return result
    }
}

/// Connects a session for the duration of the body.
func withSession<T: Sendable>(
    _ configuration: ConnectionConfiguration, _ body: (PostgresSession) async throws -> T
) async throws -> T {
    let session = try await PostgresSession.connect(configuration, logger: quiet)
    let result = try await body(session)
    await session.close()
    return result
}

extension Statement {
    /// A point read with parameters `$1`, `$2`, … of these types.
    init(pointRead sql: String, parameters: [ElementType]) {
        let correlated = sql.replacing(/\$([0-9]+)/) { "points.p\($0.1)" }
        self.init(sql, many: ManyPoints(correlated, parameters))
    }
}
