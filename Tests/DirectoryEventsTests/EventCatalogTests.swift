import CanonicalJSON
import DirectoryEvents
import EventSourcing
import TestSupport
import Testing

/// The declarations, the events that are written, and the page that documents both.
@Suite struct EventCatalogTests {
    /// The encoded events by type, at least one of each case.
    private static let written = Dictionary(grouping: SampleEvents.all.map(\.encoded), by: \.type)

    @Test func `Every case is declared and every declaration is written`() {
        #expect(Set(Self.written.keys) == Set(EventCatalog.declarations.map(\.type)))
        #expect(EventCatalog.declarations.count == Set(EventCatalog.declarations.map(\.type)).count)
    }

    @Test(arguments: SampleEvents.all)
    func `An event uses no undeclared field and lacks none`(_ event: DirectoryEvent) throws {
        let stored = event.encoded
        #expect(stored.type == SampleEvents.type(of: event))
        let declaration = try #require(EventCatalog.declaration(of: stored.type))
        #expect(stored.schema == declaration.schema)
        #expect(stored.streamType == declaration.stream.rawValue)
        check(stored.data, declaration.data)
        check(stored.sealed, declaration.sealed)
        switch declaration.related {
        case .none: #expect(stored.related == nil)
        case .always: #expect(stored.related != nil)
        case .sometimes: break
        }
    }

    private func check(_ stored: JSON?, _ declared: [EventDeclaration.Field]) {
        let names = Set((stored?.members ?? []).map(\.name))
        #expect(names.isSubset(of: Set(declared.map(\.name))))
        #expect(names.isSuperset(of: Set(declared.filter { !$0.isOptional }.map(\.name))))
    }

    /// `data` is hashed as it is and never erased, so it holds only ids, bounded words, numbers and pointers.
    @Test(arguments: SampleEvents.all)
    func `Data has no text that a client chose`(_ event: DirectoryEvent) {
        let text = String(decoding: event.encoded.data?.canonicalBytes() ?? [], as: UTF8.self)
        for chosen in SampleEvents.chosen { #expect(!text.contains(chosen)) }
    }

    @Test func `Every field that changed is listed in data`() {
        for stored in SampleEvents.all.map(\.encoded) {
            let pointers = (stored.sealed?.members ?? []).map(\.name).filter { $0.hasPrefix("/") }
            guard !pointers.isEmpty else { continue }
            #expect(stored.data?["fields"] == .array(pointers.map { .string($0) }))
        }
    }

    @Test func `The page of events is what the declarations say`() throws {
        #expect(
            try GeneratedPage("docs/events.md", text: EventCatalog.markdown).isCurrent(),
            "DIRECTORY_WRITE_DOCS=1 swift test --filter EventCatalogTests writes docs/events.md; run it again to see it pass"
        )
    }
}
