import EventLog
import EventSourcing
import FoundationEssentials
import Postgres
import TestSupport
import Testing

@testable import CommandProcessor

/// Erases a member.
struct Erase: ClubCommand {
    let id: UUID
    var loads: [Load] { [.row(Members.self, id)] }

    func happens(_ view: View) throws -> [ClubEvent] {
        _ = try view.member(id)
        return [.erased(id)]
    }

    func respond(_ view: View, _ outcome: Outcome, _: Bool) throws -> Member { try view.member(id) }
}

/// An erasure, among other commands and faults.
@Suite struct ErasureTests {
    /// What the log and the tables have of any member's names.
    private func names(_ database: ClubDatabase) async throws -> [String] {
        try await database.texts("select sealed from log.events where sealed is not null")
            + database.texts("select name from members_v1.current where name <> ''")
            + database.texts("select name from members_v1.past where name <> ''")
    }

    @Test func `What an erased stream was called is gone from the log and from all rows, whatever came in one batch`()
        async throws
    {
        let database = try await ClubDatabase.make()
        let ids = (0..<20).map { _ in UUID() }
        let seen = Tally<String>()
        try await database.withProcessor { processor in
            for (index, id) in ids.enumerated() { _ = try await processor.submit(Join(id: id, name: "n\(index)")) }
            // They arrive together: some before the erasure of their member, some after it, in the same batch or in others.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, id) in ids.enumerated() {
                    group.addTask {
                        _ = try await processor.submit(Rename(id: id, name: "m\(index)"))
                        _ = try await processor.submit(Toggle(id: id, badge: id))
                        _ = try await processor.submit(Count(id: id))
                        seen.add(try await processor.submit(Erase(id: id)).name)
                    }
                    group.addTask { for _ in 0..<10 { _ = try await processor.submit(Count(id: ids[19 - index])) } }
                }
                try await group.waitForAll()
            }
            // From what is cached, or loaded again.
            for id in ids { _ = try await processor.submit(Toggle(id: id, badge: UUID())) }
        }
        #expect(seen.values == Array(repeating: "", count: 20))
        #expect(try await names(database) == [])
        #expect(try await database.differences() == [])
        #expect(
            try await database.number("select count(*) from log.events where sealed_hash is not null") == 40,
            "what was committed to is still known")
    }

    @Test func `An erasing command is the last of its batch`() async throws {
        let database = try await ClubDatabase.make()
        let (id, other) = (UUID(), UUID())
        try await database.withProcessor { processor in
            _ = try await processor.submit(Join(id: id, name: "n"))
            _ = try await processor.submit(Join(id: other, name: "other"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<60 {
                    group.addTask {
                        if index == 20 {
                            _ = try await processor.submit(Erase(id: id))
                        } else {
                            _ = try await processor.submit(Count(id: index.isMultiple(of: 2) ? id : other))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        // In the transaction that appended the erasing event nothing came after it.
        let later = try await database.number(
            """
            select count(*) from log.events later join log.events erased on erased.type = 'member.erased'
            where later.position > erased.position and later.xmin = erased.xmin
            """)
        #expect(later == 0)
        #expect(try await Set(names(database)) == ["(other)", #"("{""name"":""other""}")"#])
        #expect(try await database.differences() == [])
    }

    @Test(arguments: ["initially immediate", "initially deferred"])
    func `An erasure whose backend dies is carried out once`(when: String) async throws {
        let database = try await ClubDatabase.make()
        let id = UUID()
        try await database.query("create sequence dying_times")
        try await database.query(
            """
            create function die() returns trigger language plpgsql security definer as $$
            begin
                if nextval('public.dying_times') <= 3 then perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(1); end if;
                return null;
            end $$
            """)
        try await database.query(
            """
            create constraint trigger die after insert on log.erasures deferrable \(when)
            for each row execute function die()
            """)
        try await database.withProcessor { processor in
            _ = try await processor.submit(Join(id: id, name: "n"))
            #expect(try await processor.submit(Erase(id: id)).name == "")
        }
        #expect(try await names(database) == [])
        #expect(try await database.number("select count(*) from log.events") == 2)
        #expect(try await database.differences() == [])
    }

    @Test func `A node forgets what another has erased`() async throws {
        let database = try await ClubDatabase.make()
        let id = UUID()
        try await database.withProcessor { one in
            _ = try await one.submit(Join(id: id, name: "n"))
            try await database.withProcessor(name: "other") { two in
                #expect(try await two.submit(Count(id: id)).count == 1)
                _ = try await one.submit(Erase(id: id))
                #expect(try await two.submit(Rename(id: id, name: "")).name == "")
            }
        }
        #expect(try await database.number("select count(*) from log.events") == 3)
        #expect(try await database.differences() == [])
    }
}
