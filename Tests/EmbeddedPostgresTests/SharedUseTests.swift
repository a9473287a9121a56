import TestSupport
import Testing

@testable import EmbeddedPostgres

@Suite struct SharedUseTests {
    @Test func `A command starts the server and stops it afterwards`() async throws {
        try await withDataDirectory { folder in
            let command = try await postgres(in: folder)
            let answer = try await command.withRunning { try await ask("SELECT 1", of: $0) }
            #expect(answer == "1")
            #expect(!EmbeddedPostgres.isRunning(dataDirectory: folder))
        }
    }

    @Test func `A command alongside the service leaves its server alone`() async throws {
        try await withDataDirectory { folder in
            let service = try await postgres(in: folder)
            try await service.start()
            let connection = try await postgres(in: folder).withRunning { $0 }
            #expect(connection == service.connectionString)
            #expect(try await ask("SELECT 1", of: service.connectionString) == "1")
            try await service.stop()
        }
    }

    @Test func `A service that stops leaves the server to a command that still uses it`() async throws {
        try await withDataDirectory { folder in
            let service = try await postgres(in: folder)
            try await service.start()
            try await postgres(in: folder).withRunning { connection in
                try await service.stop()
                #expect(try await ask("SELECT 1", of: connection) == "1")
            }
            #expect(!EmbeddedPostgres.isRunning(dataDirectory: folder))
        }
    }

    @Test func `Many commands at once start one server and stop it once`() async throws {
        try await withDataDirectory { folder in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<2 {
                            let answer = try await postgres(in: folder).withRunning {
                                try await ask("SELECT 1", of: $0)
                            }
                            #expect(answer == "1")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(!EmbeddedPostgres.isRunning(dataDirectory: folder))
        }
    }

    @Test func `A command's error is passed on, and its server is stopped`() async throws {
        struct Trouble: Error {}
        try await withDataDirectory { folder in
            await #expect(throws: Trouble.self) { try await postgres(in: folder).withRunning { _ in throw Trouble() } }
            #expect(!EmbeddedPostgres.isRunning(dataDirectory: folder))
        }
    }

    @Test func `A start that fails after the server's leaves no server`() async throws {
        try await withDataDirectory { folder in
            let service = EmbeddedPostgres(
                dataDirectory: folder, installation: try await PostgresInstallation.find(),
                options: EmbeddedPostgres.Options(
                    durable: false, settings: ["default_transaction_read_only": "on"]),
                logger: quiet)
            let refusal = await #expect(throws: EmbeddedPostgresError.self) { try await service.start() }
            #expect(refusal?.message.contains("CREATE DATABASE") == true)
            #expect(!EmbeddedPostgres.isRunning(dataDirectory: folder))
            try await postgres(in: folder).withRunning { _ = try await ask("SELECT 1", of: $0) }
        }
    }

    @Test func `A misspelt folder does not become an empty database`() async throws {
        try await withDataDirectory { folder in
            let command = try await postgres(in: folder)
            let refusal = await #expect(throws: EmbeddedPostgresError.self) {
                try await command.withRunning(createIfMissing: false) { _ in }
            }
            #expect(refusal?.kind == .unusableDirectory)
            #expect(!Files.exists(folder))
        }
    }

    @Test func `Cancelling a start or a stop does not leave half of it`() async throws {
        try await withDataDirectory { folder in
            let service = try await postgres(in: folder)
            let start = Task { try await service.start() }
            try await Task.sleep(for: .milliseconds(100))
            start.cancel()
            try await start.value
            #expect(try await ask("SELECT 1", of: service.connectionString) == "1")
            let stop = Task { try await service.stop() }
            stop.cancel()
            try await stop.value
            #expect(!EmbeddedPostgres.isRunning(dataDirectory: folder))
        }
    }

    @Test func `A server with no free connection is waited for, not taken from its users`() async throws {
        try await withDataDirectory { folder in
            let service = EmbeddedPostgres(
                dataDirectory: folder, installation: try await PostgresInstallation.find(),
                options: EmbeddedPostgres.Options(
                    durable: false,
                    settings: ["max_connections": "1", "superuser_reserved_connections": "0", "max_wal_senders": "0"]),
                logger: quiet)
            try await service.start()
            async let busy = ask("SELECT pg_sleep(2)", of: service.connectionString)
            try await Task.sleep(for: .milliseconds(500))
            let answer = try await postgres(in: folder).withRunning { _ in "in" }
            #expect(answer == "in")
            #expect(try await busy == "")
            try await service.stop()
        }
    }
}
