import EmbeddedPostgres
import TestSupport
import Testing

@testable import Postgres

@Suite struct LossTests {
    @Test func `A killed backend fails no read`() async throws {
        var victims = try await configuration()
        victims.applicationName = "victims"
        try await withPool(victims, connections: 2) { pool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        for _ in 0..<100 {
                            let one = try await pool.read("SELECT 1::int4")[0].int(0)
                            #expect(one == 1)
                        }
                    }
                }
                group.addTask {
                    try await withSession(configuration()) { session in
                        for _ in 0..<5 {
                            _ = try await session.query(
                                """
                                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                                WHERE application_name = 'victims' LIMIT 1
                                """)
                            try await Task.sleep(for: .milliseconds(20))
                        }
                    }
                }
                do { try await group.waitForAll() } catch PostgresError.connectionLost {}
            }
            let answer = try await pool.read("SELECT 2::int4")[0].int(0)
            #expect(answer == 2)
        }
    }

    @Test func `A read that kills its backend is tried only twice`() async throws {
        try await withPool(configuration(), connections: 1) { pool in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.read("SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(1)::text")
            }
            if case .connectionLost? = error {} else { Issue.record("\(String(describing: error))") }
            let answer = try await pool.read("SELECT 2::int4")[0].int(0)
            #expect(answer == 2)
        }
    }

    @Test func `A killed session reports that it was lost`() async throws {
        try await withSession(configuration()) { killer in
            let session = try await PostgresSession.connect(configuration(), logger: quiet)
            let pid = session.backendProcessID
            async let victim: Rows = session.query("SELECT pg_sleep(20)::text")
            try await untilAsleep(pid)
            _ = try await killer.query("SELECT pg_terminate_backend($1)", [.int4(pid)])
            do {
                _ = try await victim
                Issue.record("no error")
            } catch PostgresError.connectionLost(let reason) {
                #expect(reason.contains("57P01"))
            }
            #expect(!session.isOpen)
            await #expect(throws: PostgresError.self) { try await session.query("SELECT 1::int4") }
        }
    }

    @Test func `Reads succeed again when the server comes back`() async throws {
        let cluster = try await TestCluster.start()
        let own = ConnectionConfiguration(url: cluster.connectionString, applicationName: "tests")
        try await withPool(own) { pool in
            let answer = try await pool.read("SELECT 1::int4")[0].int(0)
            #expect(answer == 1)
            try await cluster.kill()
            let error = await #expect(throws: PostgresError.self) { try await pool.read("SELECT 1::int4") }
            if case .unavailable? = error {} else { Issue.record("\(String(describing: error))") }
            try await cluster.restart()
            let clock = ContinuousClock()
            let start = clock.now
            var again: Int64?
            while again == nil && clock.now - start < .seconds(120) {
                again = try? await pool.read("SELECT 1::int4")[0].int(0)
                if again == nil { try await Task.sleep(for: .milliseconds(50)) }
            }
            #expect(again == 1)
        }
        await cluster.stop()
    }

    @Test func `Reads without a server fail soon`() async throws {
        let nowhere = ConnectionConfiguration(url: "host=/tmp/nowhere-at-all", applicationName: "tests")
        try await withPool(nowhere) { pool in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.read("SELECT 1::int4", deadline: .seconds(600))
            }
            if case .unavailable? = error {} else { Issue.record("\(String(describing: error))") }
        }
    }
}
