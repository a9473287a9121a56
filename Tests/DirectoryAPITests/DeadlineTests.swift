import EmployeeNamesProjection
import EventSourcing
import Foundation
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import DirectoryAPI

/// What reads do while processes of the database are stopped: alive, connected, and silent.
@Suite struct DeadlineTests {
    /// The processes that serve a pool of a node.
    private static func backends(_ pool: String, of server: Server) async throws -> [Int32] {
        let database = TestDatabase(url: server.database)
        let rows = try await database.query(
            """
            select pid::int8 from pg_stat_activity where datname = current_database() and application_name = $1
            """, [.text("directory \(pool)")])
        return try rows.indices.map { Int32(try rows[$0].int(0)) }
    }

    /// Stops the processes that serve a pool of a node. They are to be continued by SIGCONT.
    static func stop(_ pool: String, of server: Server) async throws -> [Int32] {
        let processes = try await backends(pool, of: server)
        try #require(!processes.isEmpty)
        for process in processes { kill(process, SIGSTOP) }
        return processes
    }

    /// Stops the processes that serve a pool of a node, until a read is not answered with 200: the node itself reads once a
    /// second, and where its read came first, another connection was opened for those that wait.
    /// - Returns: the answer, and the processes, which are to be continued by SIGCONT.
    static func stop(
        _ pool: String, of server: Server, until read: () async throws -> Answer
    ) async throws -> (answer: Answer, stopped: [Int32]) {
        while true {
            let stopped = try await stop(pool, of: server)
            let answer = try await read()
            if answer.status != 200 { return (answer, stopped) }
        }
    }

    @Test func `Reads of one entity wait for 5 seconds, lists for 30, unless set otherwise`() async throws {
        func deadlines(_ server: Server) -> [Duration] {
            [server.service.reads, server.service.lists, server.service.walks].map(\.deadline)
        }
        #expect(deadlines(try await Server.shared) == [.seconds(5), .seconds(30), .seconds(30)])
        let server = try await Server.start {
            $0.readDeadline = .seconds(7)
            $0.listDeadline = .seconds(70)
        }
        #expect(deadlines(server) == [.seconds(7), .seconds(70), .seconds(70)])
        try await server.stop()
    }

    @Test(.timeLimit(.minutes(10)), arguments: [("reads", ""), ("lists", "/employee"), ("walks", "/audit")])
    func `A read is 503 at its deadline, and the next one gets another connection`(_ pool: String, _ path: String)
        async throws
    {
        let server = try await Server.start {
            $0.readDeadline = .milliseconds(500)
            $0.listDeadline = .milliseconds(500)
        }
        let (organization, owner) = try await server.makeOrganization()
        func read() async throws -> Answer {
            try await server.get(path.isEmpty ? "/organization/\(organization)" : path, as: owner)
        }
        while try await read().status != 200 {}
        let (answer, stopped) = try await Self.stop(pool, of: server, until: read)
        defer { for process in stopped { kill(process, SIGCONT) } }
        #expect(answer.status == 503, "\(answer.text)")
        #expect(answer["detail"]?.contains("in time") == true, "\(answer.text)")
        while try await read().status != 200 {}
        try await server.stop()
    }

    @Test(.timeLimit(.minutes(10)))
    func `A list goes on after a silence that is longer than the deadline of other reads`() async throws {
        let server = try await Server.start {
            $0.readDeadline = .milliseconds(200)
            $0.listDeadline = .seconds(600)
        }
        let (organization, owner) = try await server.makeOrganization()
        let database = TestDatabase(url: server.database)
        let holder = try await database.session()
        try await holder.execute(
            script: "begin; lock table \(EmployeeNames.schemaName).current in access exclusive mode")
        let list = try await Self.listThatWaits(server, database, as: owner)
        // When this read has ended, so would the list have.
        let (ended, reads) = try await Self.stop("reads", of: server) {
            try await server.get("/organization/\(organization)", as: owner)
        }
        defer { for process in reads { kill(process, SIGCONT) } }
        #expect(ended.status == 503)
        try await holder.execute(script: "rollback")
        await holder.close()
        let answer = try await list.value
        #expect(answer.status == 200 && answer.text == "[]", "\(answer.text)")
        try await server.stop()
    }

    /// A search whose statement waits for a lock. It is asked for again where finding out who asks took too long.
    private static func listThatWaits(_ server: Server, _ database: TestDatabase, as owner: Person) async throws
        -> Task<Answer, any Error>
    {
        let waiting = """
            select count(*) from pg_locks join pg_stat_activity using (pid) where not granted
            and datname = current_database() and application_name = 'directory walks'
            """
        while true {
            let isOver = Atomic(false)
            let list = Task {
                defer { isOver.store(true, ordering: .relaxed) }
                return try await server.get("/employee/by-name/a", as: owner)
            }
            while !isOver.load(ordering: .relaxed) {
                if try await database.number(waiting) > 0 { return list }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}
