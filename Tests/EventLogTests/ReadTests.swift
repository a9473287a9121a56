import CanonicalJSON
import EventSourcing
import FoundationEssentials
import TestSupport
import Testing

@testable import EventLog

@Suite struct ReadTests {
    /// Every filter, alone and in pairs, in both directions and in pages, against the same filter in Swift.
    @Test func `Every filter finds exactly the events that it describes`() async throws {
        let database = try await TestDatabase.withLog()
        var appender = try await Appender(database)
        let ids = (0..<4).map { UUID(high: 0, low: UInt64($0)) }, types = ["note.made", "note.torn", "book.made"]
        let start = appender.instant
        for index in 0..<120 {
            func pick(_ factor: Int) -> UUID? { (index * factor / 7) % 5 == 4 ? nil : ids[(index * factor / 7) % 5] }
            let payload = EncodedPayload(
                type: types[index % 3], organization: pick(3), stream: ids[index % 4],
                streamType: index % 3 == 2 ? "BOOK" : "NOTE", related: pick(11))
            let origin = JSON.object([.init(name: "requestId", value: .string("r\(index % 6)"))])
            try await appender.append(
                [[Proposed(AnyPayload(payload))]],
                by: Author(account: pick(13), role: "OWNER", origin: index % 5 == 0 ? nil : origin))
        }
        let all = try await database.withLog { try await $0.read(EventQuery()) }
        #expect(all.count == 120)
        typealias Filter = (name: String, set: (inout EventQuery) -> Void, holds: (StoredEvent) -> Bool)
        let id = ids[1], since = start.advanced(byMicroseconds: 30), until = start.advanced(byMicroseconds: 90)
        let filters: [Filter] = [
            ("after", { $0.after = 20 }, { $0.position > 20 }),
            ("through", { $0.through = 100 }, { $0.position <= 100 }),
            (
                "entity", { $0.entity = .init(id, typesByOrganization: ["note.torn"]) },
                {
                    $0.payload.stream == id || $0.payload.related == id
                        || $0.payload.organization == id && $0.payload.type == "note.torn"
                }
            ),
            ("actor", { $0.actor = id }, { $0.actor == id }), ("bySystem", { $0.bySystem = true }, { $0.actor == nil }),
            ("organization", { $0.organization = id }, { $0.payload.organization == id }),
            ("type", { $0.type = "note.torn" }, { $0.payload.type == "note.torn" }),
            ("prefix", { $0.typePrefix = "note." }, { $0.payload.type.hasPrefix("note.") }),
            ("since", { $0.since = since }, { $0.recordedAt >= since }),
            ("until", { $0.until = until }, { $0.recordedAt < until }),
            (
                "request", { $0.requestID = "r3" },
                { $0.origin?.text.map { String(decoding: $0, as: UTF8.self).contains("\"r3\"") } ?? false }
            ),
        ]
        var queries: [(String, EventQuery, [StoredEvent])] = []
        for (first, one) in filters.enumerated() {
            for other in filters[first...] {
                var query = EventQuery()
                one.set(&query)
                other.set(&query)
                queries.append(("\(one.name) \(other.name)", query, all.filter { one.holds($0) && other.holds($0) }))
            }
        }
        let checked = queries
        try await database.withLog { log in
            for (name, query, expected) in checked {
                #expect(try await log.read(query).map(\.position) == expected.map(\.position), "\(name)")
                var back = query
                back.order = .descending
                back.limit = 7
                #expect(
                    try await log.read(back).map(\.position) == expected.reversed().prefix(7).map(\.position), "\(name)"
                )
                var page = query, paged: [Position] = []
                page.limit = 11
                while let last = try await log.read(page).map({ (paged.append($0.position), $0.position).1 }).last {
                    page.after = last
                }
                #expect(paged == expected.map(\.position), "\(name)")
            }
        }
    }

    @Test func `The position at a time is the last one appended by then`() async throws {
        let database = try await TestDatabase.withLog()
        #expect(try await database.query("select log.position_at(now())")[0].int(0) == 0)
        var appender = try await Appender(database)
        let start = appender.instant
        // Commands of two events, which share their instant: a time is the last position of a command.
        for _ in 0..<50 {
            try await appender.append([[Proposed(NoteEvent.torn(UUID())), Proposed(NoteEvent.torn(UUID()))]])
        }
        for offset in -1...52 as ClosedRange<Int64> {
            let found = try await database.query(
                "select log.position_at($1)", [.timestamptz(microseconds: start.microseconds + offset)])[0].int(0)
            #expect(found == min(max(offset, 0), 50) * 2)
        }
    }
}
