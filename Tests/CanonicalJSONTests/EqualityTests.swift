import CanonicalJSON
import TestSupport
import Testing

@Suite struct EqualityTests {
    private static let composed = "\u{E9}"
    private static let decomposed = "e\u{301}"

    @Test func `Strings compare by bytes, not by equivalence`() {
        #expect(Self.composed == Self.decomposed)
        #expect(JSON.string(Self.composed) != .string(Self.decomposed))
        #expect(Set([JSON.string(Self.composed), .string(Self.decomposed)]).count == 2)
        #expect(JSON.object([.init(name: Self.composed, value: 1)])[Self.decomposed] == nil)
        #expect(JSON.Member(name: Self.composed, value: 1) != .init(name: Self.decomposed, value: 1))
    }

    @Test func `Equivalent names are two names`() throws {
        let value = try parse("{\"\(Self.composed)\":1,\"\(Self.decomposed)\":2}")
        #expect(value[Self.composed] == 1)
        #expect(value[Self.decomposed] == 2)
        #expect(value.canonicalText().utf8.elementsEqual("{\"e\u{301}\":2,\"\u{E9}\":1}".utf8))
    }

    @Test func `The order of members is not part of a value`() throws {
        let left = try parse(#"{"a":1,"b":[{"c":2,"d":3}]}"#)
        let right = try parse(#"{"b":[{"d":3,"c":2}],"a":1}"#)
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(left != [:])
        #expect(left != ["a": 1, "c": 2])
        #expect(left != ["a": 2, "b": [["c": 2, "d": 3]]])
        #expect([1, 2] as JSON != [2, 1])
    }

    @Test func `Values of different kinds differ`() {
        let values: [JSON] = [nil, false, 0, "", [], [:], true, 1, "0", [nil], ["": nil]]
        #expect(Set(values).count == values.count)
    }

    @Test func `Names are sorted by UTF-16 code units`() throws {
        // U+1F602 is D83D DE02 in UTF-16: before U+E000 and U+FB33, although its code point is greater.
        let names = [
            "", "1", "a", "aa", "\u{80}", "\u{7FF}", "\u{20AC}", "\u{D7FF}", "\u{1F602}", "\u{E000}", "\u{FB33}",
        ]
        var generator = SeededGenerator(1)
        for _ in 0..<50 {
            let members = names.shuffled(using: &generator).map { JSON.Member(name: $0, value: 1) }
            let written = try JSON(parsing: JSON.object(members).canonicalBytes()).members?.map(\.name)
            #expect(written == names)
        }
        for _ in 0..<2000 {
            let (left, right) = (generator.string(), generator.string())
            guard !left.utf8.elementsEqual(right.utf8) else { continue }
            let value: JSON = .object([.init(name: left, value: 1), .init(name: right, value: 2)])
            let first = try JSON(parsing: value.canonicalBytes()).members?.first?.value
            #expect(first == (left.utf16.lexicographicallyPrecedes(right.utf16) ? 1 : 2))
        }
    }
}
