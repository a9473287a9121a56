import CanonicalJSON
import TestSupport
import Testing

@Suite struct WriterTests {
    @Test func `The writer and the tree write the same bytes`() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("a", "é\n\"")
        writer.member("b", 12)
        writer.member("c", Int64(-9_007_199_254_740_992))
        writer.member("d", true)
        writer.member("e", raw: Array("[1,2]".utf8))
        writer.member("f", JSON.object([.init(name: "z", value: 1), .init(name: "y", value: nil)]))
        writer.name("g")
        writer.beginArray()
        writer.number(1.5)
        writer.number(Int64(2))
        writer.null()
        writer.bool(false)
        writer.string(utf8: Array("x\t".utf8))
        writer.string(utf8: "y".utf8.reversed())
        writer.beginArray()
        writer.endArray()
        writer.beginObject()
        writer.endObject()
        writer.raw(Array("\"raw\"".utf8))
        writer.value(["k": "v"])
        writer.endArray()
        writer.name(String("h\"") as String)
        writer.string("")
        writer.endObject()

        let tree: JSON = [
            "a": "é\n\"", "b": 12, "c": -9_007_199_254_740_992, "d": true, "e": [1, 2], "f": ["y": nil, "z": 1],
            "g": [1.5, 2, nil, false, "x\t", "y", [], [:], "raw", ["k": "v"]], "h\"": "",
        ]
        #expect(writer.bytes == tree.canonicalBytes())
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func `Any tree written piece by piece is the canonical text`(seed: UInt64) throws {
        var generator = SeededGenerator(seed)
        let value = try JSON(parsing: generator.json(depth: 4).canonicalBytes())
        var writer = JSONWriter(reservingCapacity: 0)
        write(value, to: &writer)
        #expect(writer.bytes == value.canonicalBytes())
    }

    @Test func `A writer reuses its capacity for document after document`() {
        var writer = JSONWriter()
        writer.value([1])
        writer.bytes.append(UInt8(ascii: "\n"))
        writer.value([:])
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "[1]\n{}")
        writer.bytes.removeAll(keepingCapacity: true)
        writer.string("a")
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "\"a\"")
    }

    @Test func `A value that ends like an opening does not lose its comma`() throws {
        var writer = JSONWriter()
        writer.beginArray()
        for text in ["[", "{", ":", ",", "\n", "\\", "\""] { writer.string(text) }
        writer.endArray()
        #expect(try JSON(parsing: writer.bytes) == ["[", "{", ":", ",", "\n", "\\", "\""])
    }

    /// The members of a parsed canonical text are already in order.
    private func write(_ value: JSON, to writer: inout JSONWriter) {
        switch value {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .number(let value): writer.number(value)
        case .string(let value): writer.string(value)
        case .array(let elements):
            writer.beginArray()
            for element in elements { write(element, to: &writer) }
            writer.endArray()
        case .object(let members):
            writer.beginObject()
            for member in members {
                writer.name(member.name)
                write(member.value, to: &writer)
            }
            writer.endObject()
        }
    }
}
