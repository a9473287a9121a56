import DirectoryEvents
import EventSourcing
import FoundationEssentials
import Synchronization
import Testing

@testable import ReadModels

/// Notes the events that it is asked about.
private enum Witness: Projection {
    static let asked = Mutex<[DirectoryEvent]>([])

    static let name = "witness"
    static let version = 1
    static let schema = ""
    static let columns: (key: [Column], row: [Column]) = ([Column("id", .uuid)], [])
    static let erasedBy: String? = nil
    static let topics: Set<DirectoryEvent.Topic> = [.grant]

    static func keys(of payload: DirectoryEvent) -> [UUID] {
        asked.withLock { $0.append(payload) }
        return [payload.stream]
    }
    static func apply(_ event: Event<DirectoryEvent>, to row: inout Bool?, at key: UUID) { row = true }
    static func values(of key: UUID) -> [ColumnValue] { [.uuid(key)] }
    static func values(of row: Bool) -> [ColumnValue] { [] }
    static func key(from values: [ColumnValue]) throws(UnreadableRow) -> UUID { throw UnreadableRow(name, "unused") }
    static func row(at key: UUID, from values: [ColumnValue]) throws(UnreadableRow) -> Bool { true }
}

@Suite struct TopicTests {
    @Test func `A projection is asked about the events of its topics, and about no others`() {
        var source = RandomEvents(seed: 31)
        let payloads = source.events(300)
        let models = ReadModels<DirectoryEvent>([Witness.self])
        let view = View()
        #expect(models.loads(for: payloads, in: view).count == payloads.count { $0.topic == .grant })
        for (index, payload) in payloads.enumerated() {
            _ = models.loads(for: [payload], in: view)
            models.apply(
                Event(
                    position: Position(index + 1), id: UUID(), payload: payload, author: .system,
                    recordedAt: Instant(microseconds: 1)), in: view)
        }
        let asked = Witness.asked.withLock { $0 }
        #expect(asked.count { $0.topic == .grant } > 0)
        #expect(asked.allSatisfy { $0.topic == .grant })
    }

    @Test func `Only tables that a batch has changed are asked what to write`() throws {
        let view = View()
        let organization = UUID(), account = UUID()
        let granted = DirectoryEvent.account(
            account, organization: nil, .roleGranted(role: "SYSTEM_ADMIN", employee: nil))
        directoryModels.apply(
            Event(
                position: 1, id: organization, payload: granted, author: .system,
                recordedAt: Instant(microseconds: 1)), in: view)
        // The account has no row, so its projection has nothing to write.
        #expect(directoryModels.writes(from: view).map { $0.0.sql.contains("grants_v1") } == [true])
        #expect(directoryModels.writes(from: view).isEmpty)
    }
}
