import Foundation
import Postgres
import TestSupport
import Testing

/// A database with an imported history of some hundred events, whose service has started once, and so has keys and a name.
struct ImportedLog {
    let database: TestDatabase
    let scratch: Scratch
    var environment: [String: String] {
        ["DIRECTORY_DATABASE_URL": database.url, "DIRECTORY_KEYS": scratch.path("keys")]
    }

    static func use(lines: Int = 400, _ body: (ImportedLog) async throws -> Void) async throws {
        try await Scratch.use { scratch in
            let log = ImportedLog(database: try await TestDatabase.make(), scratch: scratch)
            let file = try scratch.write(ReportingHistory.generated(lines: lines, seed: 3).lines, to: "history")
            let imported = try await Program.run(
                "import", file, "--name", "Past", "--owner", "o@example.com", in: scratch, environment: log.environment)
            try #require(imported.status == 0, "\(imported.errors)")
            try await body(log)
        }
    }

    /// Runs `body` with the service and a token of its administrator.
    func serve<T>(_ body: (Service, _ token: String) async throws -> T) async throws -> T {
        let administrator = "admin@directory.localhost"
        let arguments = ["--bootstrap-admin", administrator]
        return try await Service.use(arguments, in: scratch, environment: environment) { service in
            let token = try await directory("token", "--account", administrator)
            try #require(token.status == 0, "\(token.errors)")
            return try await body(service, try #require(token.lines.first))
        }
    }

    /// Gets a checkpoint and the log's keys, and writes them to files.
    func keepCheckpoint(_ service: Service, _ token: String, as name: String = "kept") async throws -> String {
        for (path, name) in [("checkpoint", name), ("vkey", "vkey")] {
            let answer = try await service.get("/api/v1/audit/log/\(path)", token: token)
            try #require(answer.status == 200, "\(answer.text)")
            _ = try scratch.write(answer.body, to: name)
        }
        return scratch.path(name)
    }

    func directory(_ arguments: String...) async throws -> Outcome {
        try await Running(Program.path, arguments, scratch, environment).outcome()
    }

    /// Does what only a superuser can: no trigger fires.
    func tamper(_ sql: String) async throws {
        let session = try await database.session()
        try await session.execute(script: "set session_replication_role = replica; \(sql)")
        await session.close()
    }

    func head() async throws -> Int64 { try await database.number("select max(position) from log.events") }
}
