import CanonicalJSON
import TestSupport
import Testing

/// Whatever the bytes, the parser returns or throws, and what it accepts has a canonical text that reads back.
@Suite struct FuzzTests {
    private static let seeds: [[UInt8]] = [
        #"{"a":[1,-2.5e-3,true,null],"é\u20ac\ud83d\ude02":"x\ny","b":{"c":{}}}"#,
        #"[[["\\\"",123456789012345678e-4]]]"#,
        #"{"1":{"f":{"f":"hi","F":5},"\n":56.0},"10":{},"":"empty"}"#,
    ].map { Array($0.utf8) }

    private func check(_ bytes: [UInt8]) throws {
        guard let value = try? JSON(parsing: bytes) else { return }
        let canonical = value.canonicalBytes()
        let read = try JSON(parsing: canonical)
        #expect(read == value)
        #expect(read.canonicalBytes() == canonical)
    }

    @Test func `Random bytes never trap`() throws {
        var generator = SeededGenerator(4)
        for _ in 0..<20_000 {
            try check(
                (0..<Int.random(in: 0...40, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator)
                })
        }
    }

    @Test func `Random tokens never trap`() throws {
        let tokens = [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "d83d", "\\ude02", "0", "1", "-", ".", "e", "E+", "true",
            "null", "\"a\"", "\"b\":", " ", "é", "\u{0}", "999999999999999999999", "\"\"",
        ].map { Array($0.utf8) }
        var generator = SeededGenerator(5)
        for _ in 0..<30_000 {
            try check(
                (0..<Int.random(in: 0...12, using: &generator)).flatMap { _ in
                    tokens[Int.random(in: 0..<tokens.count, using: &generator)]
                })
        }
    }

    @Test func `Damaged documents never trap`() throws {
        var generator = SeededGenerator(6)
        for seed in Self.seeds {
            for length in 0...seed.count { try check(Array(seed.prefix(length))) }
            for _ in 0..<10_000 {
                var bytes = seed
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    let index = Int.random(in: 0..<bytes.count, using: &generator)
                    switch Int.random(in: 0..<3, using: &generator) {
                    case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                    case 1: bytes.remove(at: index)
                    default: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &generator)], at: index)
                    }
                }
                try check(bytes)
            }
        }
    }
}
