import Testing

@testable import EmbeddedPostgres

@Suite struct TestClusterTests {
    @Test func `A cluster is there at once, and gone when stopped`() async throws {
        let cluster = try await TestCluster.start()
        let database = try await cluster.database(named: "odd \"name\"")
        #expect(try await ask("SELECT current_database()", of: database) == "odd \"name\"")
        await cluster.stop()
        await #expect(throws: EmbeddedPostgresError.self) { try await ask("SELECT 1", of: database) }
    }

    @Test func `A killed server comes back with its data at the same address`() async throws {
        let cluster = try await TestCluster.start()
        _ = try await ask("CREATE TABLE kept AS SELECT 42 AS answer", of: cluster.connectionString)
        try await cluster.kill()
        await #expect(throws: EmbeddedPostgresError.self) { try await ask("SELECT 1", of: cluster.connectionString) }
        try await cluster.restart()
        #expect(try await ask("SELECT answer FROM kept", of: cluster.connectionString) == "42")
        await cluster.stop()
    }

    @Test func `Settings reach the server, and nothing waits for the disk`() async throws {
        let cluster = try await TestCluster.start(settings: ["work_mem": "7MB"])
        #expect(try await ask("SHOW work_mem", of: cluster.connectionString) == "7MB")
        #expect(try await ask("SHOW fsync", of: cluster.connectionString) == "off")
        #expect(try await ask("SHOW data_checksums", of: cluster.connectionString) == "on")
        #expect(try await ask("SHOW listen_addresses", of: cluster.connectionString) == "")
        await cluster.stop()
    }

    @Test func `A cluster that is no longer referenced is removed`() async throws {
        var cluster: TestCluster? = try await TestCluster.start()
        let connection = try #require(cluster?.connectionString)
        let folder = try #require(connection.split(separator: "'").dropFirst().first.map(String.init))
        #expect(Files.exists(folder))
        cluster = nil
        for _ in 0..<500 where Files.exists(folder) { try await Task.sleep(for: .milliseconds(10)) }
        #expect(!Files.exists(folder))
    }
}
