import EventSourcing
import FoundationEssentials
import Postgres
import ReadModels
import Testing

@testable import CommandProcessor

/// A fault of one command, or of the tables, affects no other command.
@Suite struct IsolationTests {
    @Test func `A row that cannot be read fails only the commands that need it`() async throws {
        let database = try await ClubDatabase.make()
        let ids = (0..<40).map { _ in UUID() }
        try await database.withProcessor { processor in
            for (index, id) in ids.enumerated() { _ = try await processor.submit(Join(id: id, name: "n\(index)")) }
        }
        try await database.query("alter table members_v1.current alter name drop not null")
        try await database.query("update members_v1.current set name = null where id = $1", [.uuid(ids[17])])
        // A node that has cached nothing, and so reads that row.
        try await database.withProcessor { processor in
            let counts = try await withThrowingTaskGroup(of: Int64?.self) { group in
                for id in ids { group.addTask { try? await processor.submit(Count(id: id)).count } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(counts.filter { $0 == 1 }.count == 39 && counts.filter { $0 == nil }.count == 1)
            let error = await #expect(throws: ProcessorError.self) { try await processor.submit(Count(id: ids[17])) }
            #expect("\(String(describing: error))".contains(".failed("))
            #expect(processor.status == .ready)
        }
    }

    /// Misses the same row, however often it is loaded.
    struct Insatiable: ClubCommand {
        let id: UUID
        let asked: Tally<UUID>
        var loads: [Load] { [] }

        func happens(_ view: View) throws -> [ClubEvent] {
            asked.add(id)
            throw Missing([.row(Members.self, id)])
        }

        func respond(_ view: View, _ outcome: Outcome, _: Bool) throws -> Position { outcome.last }
    }

    @Test func `Data still missing after it was loaded is not requested again`() async throws {
        let database = try await ClubDatabase.make()
        let asked = Tally<UUID>()
        try await database.withProcessor { processor in
            await #expect(throws: Missing.self) { try await processor.submit(Insatiable(id: UUID(), asked: asked)) }
            _ = try await processor.submit(Join(id: UUID(), name: "next"))
        }
        #expect(asked.values.count < 10)
        #expect(try await database.differences() == [])
    }

    /// Fails when its response is made, after its events were folded.
    struct Mute: ClubCommand {
        let id: UUID
        var loads: [Load] { [.row(Members.self, id)] }

        func happens(_ view: View) throws -> [ClubEvent] {
            [.counted(id, to: try view.member(id).count + 1)]
        }

        func respond(_ view: View, _ outcome: Outcome, _: Bool) throws -> Position { throw Refused.nothing }
    }

    @Test func `A command whose response fails has written nothing, and the others are carried out`() async throws {
        let database = try await ClubDatabase.make()
        let id = UUID()
        try await database.withProcessor { processor in
            _ = try await processor.submit(Join(id: id, name: "one"))
            await withTaskGroup(of: Void.self) { group in
                for index in 0..<20 {
                    group.addTask {
                        if index % 4 == 0 {
                            await #expect(throws: (any Error).self) { try await processor.submit(Mute(id: id)) }
                        } else {
                            await #expect(throws: Never.self) { _ = try await processor.submit(Count(id: id)) }
                        }
                    }
                }
            }
            #expect(try await processor.submit(Count(id: id)).count == 16)
        }
        #expect(try await database.differences() == [])
    }

    @Test func `A node whose read models were replaced by newer ones stops`() async throws {
        let database = try await ClubDatabase.make()
        try await database.withProcessor { processor in
            _ = try await processor.submit(Join(id: UUID(), name: "one"))
            // As a newer binary leaves it: other tables are served, and those of this one are gone.
            try await database.query("alter schema members_v1 rename to members_v2")
            try await database.query("update log.projections set version = 2 where name = 'members'")
            try await database.query("update log.control set generation = generation + 1")
            let error = await #expect(throws: ProcessorError.self) {
                try await processor.submit(Join(id: UUID(), name: "two"))
            }
            #expect("\(String(describing: error))".contains(".stopped("))
            #expect("\(processor.status)".hasPrefix("stopped"))
        }
    }
}
