import Testing

@testable import EmbeddedPostgres

/// What concerns only root: the server must run as another user, who cannot enter every folder.
@Suite(.enabled(if: SystemCalls.effectiveUser == 0)) struct RootTests {
    @Test func `The server runs as another user, whose files and socket are its own`() async throws {
        try await withDataDirectory { folder in
            let service = try await postgres(in: folder)
            try await service.start()
            let cluster = try #require(Files.status("\(folder)/postgres"))
            #expect(cluster.owner != 0)
            #expect(cluster.mode == 0o700)
            let server = try #require(Postmaster.running(in: "\(folder)/postgres"))
            let socket = try #require(Files.status(server.socketFolder))
            #expect(socket.owner == cluster.owner)
            #expect(socket.mode == 0o700)
            #expect(Files.status("/proc/\(server.process)")?.owner == cluster.owner)
            try await service.stop()
        }
    }

    @Test func `A home that the server cannot enter leads it elsewhere, with a note`() async throws {
        try await withDataDirectory { folder in
            try Files.makeFolders(folder, mode: 0o700)
            let service = try await postgres(in: folder)
            try await service.start()
            _ = try await ask("CREATE TABLE kept AS SELECT 42 AS answer", of: service.connectionString)
            let home = try #require(ClusterHome.existing(dataDirectory: folder))
            #expect(home.folder.hasPrefix("/var/lib/directory/"))
            #expect(!Files.exists("\(folder)/postgres"))
            #expect(EmbeddedPostgres.isRunning(dataDirectory: folder))
            await #expect(throws: EmbeddedPostgresError.self) { try await postgres(in: folder).start() }
            try await service.stop()
            let answer = try await postgres(in: folder).withRunning { try await ask("SELECT answer FROM kept", of: $0) }
            #expect(answer == "42")

            // Once removed it is reported as missing, and not created again silently.
            try await remove(SocketFolder.path(for: home, user: try ServerUser(forCluster: home.cluster)))
            try await remove(home.folder)
            let refusal = await #expect(throws: EmbeddedPostgresError.self) { try await service.start() }
            #expect(refusal?.message.contains(home.folder) == true)
        }
    }

    @Test func `A socket folder that someone else made is not used`() async throws {
        try await withDataDirectory { folder in
            let service = try await postgres(in: folder)
            try await service.start()
            let socketFolder = try #require(Postmaster.running(in: "\(folder)/postgres")).socketFolder
            try await service.stop()
            try await remove(socketFolder)
            _ = try Files.makeFolder(socketFolder, mode: 0o700)
            try Files.give(socketFolder, to: ServerUser(name: "someone", user: 12345, group: 12345))
            let refusal = await #expect(throws: EmbeddedPostgresError.self) { try await service.start() }
            #expect(refusal?.message.contains(socketFolder) == true)
        }
    }

    @Test func `Links made by the server's user do not lead root to other files`() async throws {
        try await withDataDirectory { folder in
            let service = try await postgres(in: folder)
            try await service.start()
            try await service.stop()
            let victim = "\(folder)/victim"
            try Files.write("precious", to: victim, owner: nil)
            let script = "ln -s \"$1/victim\" \"$1/postgres/directory.conf.new\""
            _ = try await Program(path: "/bin/sh", arguments: ["-c", script, "sh", folder]).run()
            try await service.start()
            try await service.stop()
            #expect(Files.read(victim) == "precious")
            #expect(Files.status(victim)?.owner == 0)
        }
    }
}
