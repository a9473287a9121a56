import EmbeddedPostgres
import EventSourcing
import FoundationEssentials
import Postgres
import TestSupport
import Testing

@testable import CommandProcessor

/// The connection is cut, the server is stopped: what was answered is in the log once, what was not at most once.
@Suite struct FaultTests {
    /// A batch that two cuts hit is refused: 503, nothing was written. How often that happens depends on how long it takes to
    /// connect, so it is not counted: a client that tries again must succeed in the end, and be told of no change of its own.
    @Test(arguments: [0, 3, 11])
    func `A connection cut at any moment loses nothing and repeats nothing`(delay: Int) async throws {
        let database = try await ClubDatabase.make()
        let answered = Tally<String>()
        var options = CommandProcessor<ClubEvent>.Options()
        // However slow the machine, the outcome of a batch is found out once the cuts have ended.
        options.recoveryDeadline = .seconds(600)
        try await database.withProcessor(options) { processor in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in 0..<32 {
                    group.addTask {
                        for index in 0..<40 {
                            let name = "\(client) \(index)"
                            // If a refused command had been written after all, the name would be taken now.
                            try await untilAvailable { _ = try await processor.submit(Join(id: UUID(), name: name)) }
                            answered.add(name)
                        }
                    }
                }
                group.addTask {
                    for _ in 0..<25 {
                        try await database.query(
                            """
                            select pg_terminate_backend(pid) from pg_stat_activity
                            where application_name = 'processor' and datname = current_database()
                            """)
                        try await Task.sleep(for: .milliseconds(delay))
                    }
                }
                try await group.waitForAll()
            }
            #expect(processor.status == .ready)
        }
        let names = try await database.texts("select sealed ->> 'name' from log.events").map {
            String($0.dropFirst(2).dropLast(2))
        }
        #expect(names.sorted() == answered.values.sorted())
        #expect(names.count == 32 * 40)
        #expect(try await database.differences() == [])
    }

    /// A trigger ends the backend in the middle of the transaction, after the append and before COMMIT, and once in it.
    @Test(arguments: ["initially immediate", "initially deferred"])
    func `A batch whose backend dies is written once`(when: String) async throws {
        let database = try await ClubDatabase.make()
        try await database.query("create sequence dying_times")
        try await database.query(
            """
            create function die() returns trigger language plpgsql security definer as $$
            begin
                if nextval('dying_times') <= 3 then perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(1); end if;
                return null;
            end $$
            """)
        try await database.query(
            "create constraint trigger die after insert on log.events deferrable \(when) for each row execute function die()"
        )
        try await database.withProcessor { (processor) async throws in
            for index in 1...5 {
                #expect(try await processor.submit(Join(id: UUID(), name: "n\(index)")) == Int64(index))
            }
        }
        #expect(try await database.number("select count(*) from log.events") == 5)
        #expect(try await database.differences() == [])
    }

    /// The transaction is durable and its answer lost: the processor must find its own events, and not write them again.
    @Test func `An outcome whose answer was lost after the commit is found in the log`() async throws {
        let database = try await ClubDatabase.make()
        let proxy = try CuttingProxy(to: database.url)
        let proxied = ClubDatabase(url: proxy.url(database.url), role: database.role)
        try await proxied.withProcessor { (processor) async throws in
            for round in 0..<10 {
                proxy.cut(round % 3)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for index in 0..<8 {
                        group.addTask { _ = try await processor.submit(Join(id: UUID(), name: "\(round) \(index)")) }
                    }
                    try await group.waitForAll()
                }
            }
        }
        proxy.close()
        #expect(proxy.cuts >= 6)
        #expect(try await database.number("select count(*) from log.events") == 80)
        #expect(try await database.differences() == [])
    }

    @Test func `A batch that appends nothing has no unknown outcome: it is unavailable at once`() async throws {
        let database = try await ClubDatabase.make()
        let proxy = try CuttingProxy(to: database.url)
        let proxied = ClubDatabase(url: proxy.url(database.url), role: database.role)
        try await proxied.withProcessor { (processor) async throws in
            _ = try await processor.submit(Join(id: UUID(), name: "taken"))
            // The connection is lost at the next COMMIT, and there is no other.
            proxy.cut(1)
            proxy.close()
            let error = await #expect(throws: ProcessorError.self) {
                try await processor.submit(Join(id: UUID(), name: "taken"))
            }
            #expect("\(String(describing: error))".contains(".unavailable("))
        }
        #expect(proxy.cuts == 1)
    }

    @Test func `While the server is down commands are unavailable, then they work again`() async throws {
        let cluster = try await TestCluster.start()
        let database = try await ClubDatabase.make(on: cluster)
        var options = CommandProcessor<ClubEvent>.Options()
        options.recoveryDeadline = .milliseconds(300)
        try await database.withProcessor(options) { processor in
            _ = try await processor.submit(Join(id: UUID(), name: "before"))
            #expect(processor.status == .ready)
            try await cluster.kill()
            for index in 0..<3 {
                let error = await #expect(throws: ProcessorError.self) {
                    try await processor.submit(Join(id: UUID(), name: "during \(index)"))
                }
                // The first was sent to a server that was gone: its outcome is unknown.
                switch error {
                case .unavailable, .outcomeUnknown: break
                default: Issue.record("\(String(describing: error))")
                }
            }
            #expect(processor.status == .connecting)
            try await cluster.restart()
            var position: Position?
            for _ in 0..<50 where position == nil {
                position = try? await processor.submit(Join(id: UUID(), name: "after"))
            }
            #expect(position == 2)
            #expect(processor.status == .ready)
        }
        #expect(try await database.differences() == [])
        await cluster.stop()
    }

    @Test(arguments: [false, true])
    func `A log that has lost events stops the node`(replaced: Bool) async throws {
        let database = try await ClubDatabase.make()
        try await database.withProcessor { processor in
            for index in 0..<4 { _ = try await processor.submit(Join(id: UUID(), name: "n\(index)")) }
            // As a replica that was promoted without having had the last event, and the connection lost with the primary.
            try await database.query("alter table log.events disable trigger all")
            try await database.query("delete from log.events where position = 4")
            if replaced {
                try await database.query("update log.events set position = 4, leaf_hash = '\\x00' where position = 3")
            }
            try await database.query(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'processor' and datname = current_database()"
            )
            let error = await #expect(throws: ProcessorError.self) {
                try await processor.submit(Join(id: UUID(), name: "more"))
            }
            #expect("\(String(describing: error))".contains(".stopped("))
            #expect("\(processor.status)".hasPrefix("stopped"))
        }
        #expect(try await database.number("select count(*) from log.events") == 3)
    }

    @Test func `A node with other read models stops`() async throws {
        let database = try await ClubDatabase.make()
        try await database.withProcessor { processor in
            _ = try await processor.submit(Join(id: UUID(), name: "one"))
            try await database.query("insert into log.projections values ('groups', 1)")
            try await database.query("update log.control set generation = generation + 1")
            await #expect(throws: ProcessorError.self) { try await processor.submit(Join(id: UUID(), name: "two")) }
            #expect("\(processor.status)".hasPrefix("stopped"))
        }
    }

    @Test func `A command that the database refuses does not affect its batch`() async throws {
        let database = try await ClubDatabase.make()
        try await database.query("alter table members_v1.current add constraint no_cats check (name not like 'cat%')")
        try await database.withProcessor { processor in
            _ = try await processor.submit(Join(id: UUID(), name: "first"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<60 {
                    group.addTask {
                        // Text that Postgres cannot hold, a row that it refuses, and many that are valid.
                        let name =
                            index % 20 == 7 ? "nul \0 \(index)" : index % 20 == 13 ? "cat \(index)" : "dog \(index)"
                        if name.hasPrefix("dog") {
                            _ = try await processor.submit(Join(id: UUID(), name: name))
                        } else {
                            let error = await #expect(throws: ProcessorError.self) {
                                try await processor.submit(Join(id: UUID(), name: name))
                            }
                            #expect("\(String(describing: error))".contains(".failed("))
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(processor.status == .ready)
        }
        #expect(try await database.number("select count(*) from log.events") == 55)
        #expect(try await database.differences() == [])
    }

    @Test func `Shutdown carries out what was submitted before it`() async throws {
        let database = try await ClubDatabase.make()
        let done = Tally<Position>()
        let clients = try await database.withProcessor { processor in
            _ = try await processor.submit(Join(id: UUID(), name: "first"))
            return (0..<100).map { index in
                Task.immediate { done.add(try await processor.submit(Join(id: UUID(), name: "n\(index)"))) }
            }
        }
        for client in clients { try await client.value }
        #expect(done.values.sorted() == Array(2...101))
        let processor = CommandProcessor(database.configuration(), readModels: clubModels, logger: quiet)
        let run = Task { try await processor.run() }
        run.cancel()
        _ = try await run.value
        await #expect(throws: ProcessorError.self) { try await processor.submit(Join(id: UUID(), name: "late")) }
    }
}

/// Does something again as long as the database is out of reach; any other error is thrown.
private func untilAvailable(_ body: () async throws -> Void) async throws {
    while true {
        do {
            return try await body()
        } catch ProcessorError.unavailable {
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
