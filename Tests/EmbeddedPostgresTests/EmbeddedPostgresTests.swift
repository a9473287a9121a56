import Testing

@testable import EmbeddedPostgres

@Suite struct EmbeddedPostgresTests {
    @Test func `Data written before a stop is there after the next start`() async throws {
        try await withDataDirectory { folder in
            let first = try await postgres(in: folder)
            #expect(first.connectionString.isEmpty)
            #expect(!EmbeddedPostgres.isRunning(dataDirectory: folder))
            try await first.start()
            try await first.start()  // does nothing
            #expect(EmbeddedPostgres.isRunning(dataDirectory: folder))
            #expect(try await ask("SELECT current_database()", of: first.connectionString) == "directory")
            _ = try await ask("CREATE TABLE kept AS SELECT 42 AS answer", of: first.connectionString)
            try await first.stop()
            #expect(!EmbeddedPostgres.isRunning(dataDirectory: folder))

            let second = try await postgres(in: folder)
            try await second.start()
            #expect(try await ask("SELECT answer FROM kept", of: second.connectionString) == "42")
            try await second.stop()
        }
    }

    @Test func `The server of a process that died is taken over as it runs`() async throws {
        try await withDataDirectory { folder in
            // Releasing it without stop() is what happens to a process that is killed.
            var owner: EmbeddedPostgres? = try await postgres(in: folder)
            try await owner?.start()
            let process = try #require(server(of: folder)).process
            owner = nil
            #expect(EmbeddedPostgres.isRunning(dataDirectory: folder))

            let heir = try await postgres(in: folder)
            try await heir.start()
            #expect(server(of: folder)?.process == process)
            #expect(try await ask("SELECT 1", of: heir.connectionString) == "1")
            try await heir.stop()
            #expect(!EmbeddedPostgres.isRunning(dataDirectory: folder))
        }
    }

    @Test func `A server that was killed starts again with its data`() async throws {
        try await withDataDirectory { folder in
            let first = try await postgres(in: folder)
            try await first.start()
            _ = try await ask("CREATE TABLE kept AS SELECT 42 AS answer", of: first.connectionString)
            try await first.kill()
            #expect(!EmbeddedPostgres.isRunning(dataDirectory: folder))
            try await first.stop()
            try await first.start()
            #expect(try await ask("SELECT answer FROM kept", of: first.connectionString) == "42")
            try await first.stop()
        }
    }

    @Test func `A second service on the same folder is refused, and the first keeps running`() async throws {
        try await withDataDirectory { folder in
            let first = try await postgres(in: folder)
            try await first.start()
            let second = try await postgres(in: folder)
            let refusal = await #expect(throws: EmbeddedPostgresError.self) { try await second.start() }
            #expect(refusal?.kind == .inUse)
            #expect(refusal?.message.contains("process \(SystemCalls.currentProcess)") == true)
            #expect(try await ask("SELECT 1", of: first.connectionString) == "1")
            try await first.stop()
            try await second.start()
            try await second.stop()
        }
    }

    @Test(arguments: [
        "with spaces and 'quotes'", "größe–目录", "$HOME `id` \"x\" \\ %, @",
        String(repeating: "long", count: 60),
    ])
    func `A data directory may have any name`(name: String) async throws {
        try await withDataDirectory(named: name) { folder in
            let postgres = try await postgres(in: folder)
            try await postgres.start()
            #expect(try await ask("SELECT 1", of: postgres.connectionString) == "1")
            try await postgres.stop()
            try await postgres.start()
            try await postgres.stop()
        }
    }

    @Test func `Paths that Postgres cannot use are refused by name`() async throws {
        for path in ["/tmp/" + String(repeating: "x/", count: 500), "/tmp/line\nbreak", ""] {
            let refusal = await #expect(throws: EmbeddedPostgresError.self) { try await postgres(in: path).start() }
            #expect(refusal?.kind == .unusableDirectory)
        }
    }

    @Test func `A cluster of another version is refused with both versions named`() async throws {
        try await withDataDirectory { folder in
            let postgres = try await postgres(in: folder)
            try await postgres.start()
            try await postgres.stop()
            _ = try await Program(
                path: "/bin/sh", arguments: ["-c", "echo 9 > \"$1\"", "sh", "\(folder)/postgres/PG_VERSION"]
            )
            .run()
            let refusal = await #expect(throws: EmbeddedPostgresError.self) { try await postgres.start() }
            #expect(refusal?.kind == .versionMismatch)
            #expect(refusal?.message.contains("Postgres 9") == true)
            #expect(refusal?.message.contains("Postgres \(try await PostgresInstallation.find().majorVersion)") == true)
        }
    }

    @Test func `A cluster whose creation was interrupted is created again`() async throws {
        try await withDataDirectory { folder in
            try Files.makeFolders("\(folder)/postgres.new/half", mode: 0o700)
            let postgres = try await postgres(in: folder)
            try await postgres.start()
            try await postgres.stop()
        }
    }

    @Test func `A server that nobody can reach is restarted`() async throws {
        try await withDataDirectory { folder in
            let first = try await postgres(in: folder)
            try await first.start()
            let socketFolder = try #require(server(of: folder)).socketFolder
            try await remove(socketFolder)
            try await first.stop()

            var owner: EmbeddedPostgres? = try await postgres(in: folder)
            try await owner?.start()
            owner = nil
            try await remove(socketFolder)
            try await first.start()
            #expect(try await ask("SELECT 1", of: first.connectionString) == "1")
            try await first.stop()
        }
    }

    private func server(of folder: String) -> Postmaster? { Postmaster.running(in: "\(folder)/postgres") }
}
