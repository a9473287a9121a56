import CanonicalJSON
import FoundationEssentials
import Testing

@testable import EventSourcing

@Suite struct UpcasterTests {
    private func stored(_ type: String, _ schema: Int, _ data: JSON? = nil) -> EncodedPayload {
        EncodedPayload(
            type: type, schema: schema, organization: nil, stream: UUID(high: 0, low: 1), streamType: "THING",
            data: data)
    }

    @Test func `Old shapes become today's step by step`() throws {
        let upcasters = Upcasters([
            .init(from: "thing.made", schema: 1) { old in
                var next = old
                next.schema = 2
                next.data = .object([.init(name: "colour", value: .string(old.data?["color"]?.string ?? ""))])
                return next
            },
            .init(from: "thing.made", schema: 2) { old in
                var next = old
                next.type = "thing.created"
                next.schema = 1
                return next
            },
        ])
        let old = stored("thing.made", 1, .object([.init(name: "color", value: .string("red"))]))
        let today = try upcasters.upcast(old)
        #expect(today.type == "thing.created" && today.schema == 1)
        #expect(today.data?["colour"] == .string("red"))
        #expect(try upcasters.upcast(stored("other", 1)) == stored("other", 1))
    }

    @Test func `A shape that cannot be read says so`() {
        let upcasters = Upcasters([
            .init(from: "thing.made", schema: 1) { old throws(UnreadableEvent) in
                throw UnreadableEvent(type: old.type, schema: old.schema, reason: "data.color is not a string")
            }
        ])
        let error = #expect(throws: UnreadableEvent.self) { try upcasters.upcast(stored("thing.made", 1)) }
        #expect(error?.description == "event thing.made (schema 1) cannot be read: data.color is not a string")
    }
}
