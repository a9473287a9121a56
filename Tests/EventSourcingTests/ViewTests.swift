import FoundationEssentials
import Testing

@testable import EventSourcing

/// Things with a colour, which come, change and go.
private enum ThingEvent: EventPayload {
    case made(Int64, String), painted(Int64, String), gone(Int64)

    var topic: Bool { isCreation }
    var isCreation: Bool { if case .made = self { true } else { false } }
    var encoded: EncodedPayload {
        EncodedPayload(type: "thing", organization: nil, stream: UUID(high: 0, low: 0), streamType: "THING")
    }
    init(decoding: EncodedPayload) throws(UnreadableEvent) {
        throw UnreadableEvent(type: decoding.type, schema: decoding.schema, reason: "not stored")
    }
}

private enum Things: Projection {
    static let name = "things"
    static let version = 1
    static let schema = ""
    static let columns: (key: [Column], row: [Column]) = ([Column("id", .integer)], [Column("colour", .text)])
    static let byColour = Lookup<Things>(0, by: ["colour"]) { $0 == "none" ? nil : [.text($0)] }
    static let lookups = [byColour]
    static let erasedBy: String? = nil
    static let topics: Set<Bool> = [true, false]

    static func keys(of payload: ThingEvent) -> [Int64] {
        switch payload {
        case .made(let id, _), .painted(let id, _), .gone(let id): [id]
        }
    }

    static func apply(_ event: Event<ThingEvent>, to row: inout String?, at key: Int64) {
        switch event.payload {
        case .made(_, let colour): row = colour
        case .painted(_, let colour): if row != nil { row = colour }
        case .gone: row = nil
        }
    }

    static func values(of key: Int64) -> [ColumnValue] { [.integer(key)] }
    static func values(of row: String) -> [ColumnValue] { [.text(row)] }
    static func key(from values: [ColumnValue]) throws(UnreadableRow) -> Int64 {
        guard case .integer(let id) = values[0] else { throw UnreadableRow(name, "id") }
        return id
    }
    static func row(at key: Int64, from values: [ColumnValue]) throws(UnreadableRow) -> String {
        guard case .text(let colour) = values[0] else { throw UnreadableRow(name, "colour") }
        return colour
    }
    static func size(of row: String) -> Int { 36 }
}

private enum Marks: SideTable {
    static let name = "marks"
    static let columns: (key: [Column], row: [Column]) = ([Column("id", .integer)], [Column("mark", .integer)])
    static let forgetting: [Forgetting] = []
    static func values(of key: Int64) -> [ColumnValue] { [.integer(key)] }
    static func values(of row: Int) -> [ColumnValue] { [.integer(Int64(row))] }
    static func key(from values: [ColumnValue]) throws(UnreadableRow) -> Int64 { 0 }
    static func row(at key: Int64, from values: [ColumnValue]) throws(UnreadableRow) -> Int { 0 }
}

@Suite struct ViewTests {
    private var position: Position = 0
    private let view = View()
    private var things: RowTable<Things> { view.table(Things.self) }

    private mutating func apply(_ payloads: ThingEvent...) {
        for payload in payloads {
            position += 1
            view.table(Things.self).apply(
                Event(
                    position: position, id: UUID(), payload: payload, author: .system,
                    recordedAt: Instant(microseconds: position)))
        }
    }

    private func ids(_ colour: String) throws -> [Int64] { try view.keys(Things.byColour, [.text(colour)]).sorted() }

    @Test func `A row that is not held is missing, and absence is held`() throws {
        let missing = #expect(throws: Missing.self) { try view.row(Things.self, 1) }
        #expect(missing?.loads == [.row(Things.self, 1)])
        let walk = Load.walk(Things.self, Walk(keys: WalkQuery { _ in "select 1" }, ()), from: .integer(1))
        // A walk may not return the row itself: it is requested too, or it would stay missing for ever.
        let both = #expect(throws: Missing.self) { try view.row(Things.self, 1, else: [walk]) }
        #expect(both?.loads == [walk, .row(Things.self, 1)])
        things.insert(nil, at: 1)
        #expect(try view.row(Things.self, 1) == nil)
        things.insert(Versioned("red", since: 7), at: 2)
        #expect(try view.version(Things.self, 2)?.since == 7)
        let mark = #expect(throws: Missing.self) { try view.row(Marks.self, 1) }
        #expect(mark?.loads == [.row(Marks.self, 1)])
        view.side(Marks.self).insert(nil, at: 1)
        #expect(try view.row(Marks.self, 1) == nil)
        view.endBatch(budget: 1 << 20)
        #expect(throws: Missing.self) { try view.row(Marks.self, 1) }
    }

    @Test func `A view of values takes all other rows for absent`() throws {
        let view = View(complete: true)
        view.table(Things.self).insert(Versioned("red", since: 1), at: 1)
        #expect(try view.row(Things.self, 2) == nil)
        #expect(try view.keys(Things.byColour, [.text("red")]) == [1])
        #expect(try view.rows(Things.byColour, [.text("blue")]) == [])
        #expect(try view.row(Marks.self, 1) == nil)
    }

    @Test func `What happens in a view over another is not seen in that one`() throws {
        func event(_ payload: ThingEvent) -> Event<ThingEvent> {
            Event(position: 9, id: UUID(), payload: payload, author: .system, recordedAt: Instant(microseconds: 9))
        }
        for isComplete in [false, true] {
            let base = View(complete: isComplete), over = View(over: base)
            base.table(Things.self).insert(Versioned("red", since: 1), at: 1)
            base.table(Things.self).insert(Versioned("red", since: 2), at: 2)
            base.table(Things.self).insert([1, 2], ordinal: 0, values: [.text("red")])
            #expect(try over.row(Things.self, 1) == "red")
            over.fold(event(.painted(1, "blue")), into: Things.self)
            over.fold(event(.made(3, "red")), into: Things.self)
            over.fold(event(.gone(2)), into: Things.self)
            // Found before and after that it is looked up there for the first time.
            for _ in 0..<2 { #expect(try over.keys(Things.byColour, [.text("red")]) == [3]) }
            over.fold(event(.painted(1, "red")), into: Things.self)
            #expect(try over.keys(Things.byColour, [.text("red")]).sorted() == [1, 3])
            #expect(try over.row(Things.self, 2) == nil)
            #expect(try base.keys(Things.byColour, [.text("red")]).sorted() == [1, 2])
            #expect(try base.version(Things.self, 1)?.since == 1)
            guard !isComplete else { continue }
            #expect(throws: Missing.self) { try over.row(Things.self, 7) }
            #expect(throws: Missing.self) { try over.keys(Things.byColour, [.text("blue")]) }
            // What is loaded into the one under it is there.
            base.table(Things.self).insert([], ordinal: 0, values: [.text("blue")])
            #expect(try over.keys(Things.byColour, [.text("blue")]) == [])
        }
    }

    @Test mutating func `Lookups stay correct when rows change`() throws {
        things.insert([], ordinal: 0, values: [.text("red")])
        things.insert([], ordinal: 0, values: [.text("blue")])
        apply(
            .made(1, "red"), .made(2, "red"), .painted(2, "blue"), .made(3, "none"), .painted(3, "red"),
            .made(4, "blue"))
        #expect(try ids("red") == [1, 3] && ids("blue") == [2, 4])
        apply(.gone(1), .painted(3, "none"), .painted(4, "blue"))
        #expect(try ids("red") == [] && ids("blue") == [2, 4])
        #expect(throws: Missing.self) { try ids("green") }
    }

    /// A lookup that is loaded in the middle of a batch knows nothing of what the batch did before.
    @Test mutating func `A lookup loaded late is corrected`() throws {
        for (id, colour) in [(1, "red"), (2, "red"), (3, "blue")] as [(Int64, String)] {
            things.insert(Versioned(colour, since: 1), at: id)
        }
        apply(.painted(1, "blue"), .gone(2), .painted(3, "red"), .made(4, "red"))
        // As the database has it.
        things.insert([1, 2], ordinal: 0, values: [.text("red")])
        #expect(try ids("red") == [3, 4])
        // A row that is loaded late does not replace what the batch made of it.
        things.insert(Versioned("red", since: 1), at: 1)
        #expect(try view.row(Things.self, 1) == "blue")
        // Nor does another lookup know what happened after the first was loaded.
        apply(.painted(4, "blue"), .made(5, "green"))
        things.insert([3], ordinal: 0, values: [.text("blue")])
        things.insert([], ordinal: 0, values: [.text("green")])
        #expect(try ids("blue") == [1, 4] && ids("green") == [5])
        apply(.painted(4, "red"))
        _ = things.takeChanges()
        #expect(try ids("red") == [3, 4])
    }

    @Test mutating func `Changes are what the batch did`() {
        things.insert(Versioned("red", since: 0), at: 1)
        things.insert(Versioned("red", since: 0), at: 2)
        apply(
            .painted(1, "blue"), .painted(1, "green"), .gone(2), .made(3, "red"), .painted(3, "blue"), .made(4, "red"),
            .gone(4))
        let changes = things.takeChanges()
        let (inserted, updated, deleted) = (changes.writes.inserted, changes.writes.updated, changes.writes.deleted)
        #expect(inserted.map(\.key) == [3] && inserted[0].version.row == "blue" && inserted[0].version.since == 5)
        #expect(updated.map(\.key) == [1] && updated[0].version.row == "green" && updated[0].version.since == 2)
        #expect(updated[0].until == 1)
        #expect(deleted.map(\.key) == [2] && deleted[0].until == 3)
        // A row that existed before the batch and ended in it is in the table already.
        #expect(changes.writes.passing.map(\.key) == [1, 3, 4])
        #expect(changes.writes.passing.map(\.until) == [2, 5, 7])
        #expect(changes.past.map(\.key) == [1, 1, 2, 3, 4])
        #expect(changes.past.map(\.version.since) == [0, 1, 0, 4, 6])
        #expect(changes.past.map(\.until) == [1, 2, 3, 5, 7])
        #expect(things.takeChanges().isEmpty)
        // Removed and added again within one batch: the row existed before, so it is an update.
        apply(.gone(1), .made(1, "white"))
        #expect(things.takeChanges().writes.updated.map(\.key) == [1])
    }

    @Test mutating func `The least recently used rows are forgotten first`() throws {
        for id in 1...10 as ClosedRange<Int64> { things.insert(Versioned("red", since: 1), at: id) }
        view.endBatch(budget: 1 << 20)
        #expect(!view.hasForgotten)
        // 100 bytes a row: the budget's half is exceeded, so rows that are not used again are dropped in the next age.
        view.endBatch(budget: 1000)
        #expect(view.hasForgotten)
        for id in 1...6 as ClosedRange<Int64> { #expect(try view.row(Things.self, id) == "red") }
        view.endBatch(budget: 1000)
        #expect(try view.row(Things.self, 6) == "red")
        #expect(throws: Missing.self) { try view.row(Things.self, 7) }
    }

    @Test mutating func `Large lookups are forgotten with their batch`() throws {
        let many = (1...101).map { Int64($0) }
        things.insert(many, ordinal: 0, values: [.text("red")])
        things.insert([], ordinal: 0, values: [.text("blue")])
        #expect(try ids("red").count == 101)
        for id in many { things.insert(Versioned("red", since: 1), at: id) }
        // One that grows too large within a batch is not kept either.
        for id in many { apply(.painted(id, "blue")) }
        #expect(try ids("blue").count == 101 && ids("red").count == 0)
        view.endBatch(budget: 1 << 20)
        #expect(throws: Missing.self) { try ids("red") }
        #expect(throws: Missing.self) { try ids("blue") }
    }

    @Test func `Text is compared by bytes`() {
        #expect(ColumnValue.text("é") != .text("e\u{301}"))
        #expect(ColumnValue.text("é") == .text("é"))
        #expect(Set([ColumnValue.text("é"), .text("e\u{301}"), .text("é")]).count == 2)
        #expect(ColumnValue.text(nil as String?) == .null && ColumnValue.json([1]) != .bytes([1]))
    }

    @Test mutating func `Only rows that existed before are loaded`() {
        #expect(
            things.keys(missingFor: [.made(1, "red"), .painted(1, "blue"), .painted(2, "red"), .gone(2)]) == [2, 2])
        things.insert(nil, at: 2)
        #expect(things.keys(missingFor: [.painted(2, "red")]) == [])
    }
}
