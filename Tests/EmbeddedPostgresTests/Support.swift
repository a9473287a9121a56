import Logging
import TestSupport

@testable import EmbeddedPostgres

/// Runs one statement through psql and returns the first column of its first row.
func ask(_ statement: String, of connection: String) async throws(EmbeddedPostgresError) -> String {
    let psql = try await PostgresInstallation.find().program("psql")
    let outcome = try await Program(path: psql, arguments: ["-XAtq", "-d", connection, "-c", statement]).run()
    guard outcome.succeeded else { throw EmbeddedPostgresError(.failed, outcome.words) }
    return outcome.output.split(separator: "\n").first.map(String.init) ?? ""
}

/// A data directory that is removed after the test, together with a server in it.
func withDataDirectory(
    named name: String = "data", _ body: (String) async throws -> Void
) async throws {
    let folder = try Files.makeUniqueFolder(prefix: "/tmp/directory-embedded-")
    // Like a folder in which root works and which others may enter.
    if SystemCalls.effectiveUser == 0 { _ = try await Program(path: "/bin/chmod", arguments: ["711", folder]).run() }
    let result: Result<Void, any Error>
    do { result = .success(try await body("\(folder)/\(name)")) } catch { result = .failure(error) }
    if let home = ClusterHome.existing(dataDirectory: "\(folder)/\(name)") {
        if let running = Postmaster.running(in: home.cluster) { SystemCalls.kill(running.process) }
        let socket = SocketFolder.path(for: home, user: try ServerUser(forCluster: home.cluster))
        try await remove(socket)
        if home.isElsewhere { try await remove(home.folder) }
    }
    try await remove(folder)
    try result.get()
}

/// Removes a folder and everything in it.
func remove(_ folder: String) async throws {
    _ = try await Program(path: "/bin/rm", arguments: ["-rf", "--", folder]).run()
}

/// A Postgres in that folder that does not wait for the disk.
func postgres(in dataDirectory: String) async throws -> EmbeddedPostgres {
    EmbeddedPostgres(
        dataDirectory: dataDirectory, installation: try await PostgresInstallation.find(),
        options: EmbeddedPostgres.Options(durable: false),
        logger: quiet)
}
