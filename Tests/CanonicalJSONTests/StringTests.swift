import CanonicalJSON
import Testing

@Suite struct StringTests {
    @Test(arguments: [
        (#""\u0041\u00e9\u20ac\ud83d\ude02""#, "Aé€😂"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#""é\n😂""#, "é\n😂"), (#""0123456789abcdef\u000Fé""#, "0123456789abcdef\u{F}é"), (#""""#, ""),
        ("\"\u{7F}\u{80}\u{10FFFF}\u{FFFF}\"", "\u{7F}\u{80}\u{10FFFF}\u{FFFF}"),
    ])
    func `Escapes and UTF-8 are decoded`(text: String, expected: String) throws {
        #expect(try #require(parse(text).string).utf8.elementsEqual(expected.utf8))
    }

    @Test func `The fewest escapes are written`() throws {
        let text = #""\u0001\u001F\u007f\u0022\u005c\/\b\f\n\r\t\u2028\u00e9""#
        #expect(
            try parse(text).canonicalText().utf8.elementsEqual(
                "\"\\u0001\\u001f\u{7F}\\\"\\\\/\\b\\f\\n\\r\\t\u{2028}\u{E9}\"".utf8))
    }

    @Test(arguments: [
        #""\ud800""#, #""\udc00""#, #""\ud800\ud800""#, #""\ud800a""#, #""\ud800\n""#, #""\udc00\ud800""#,
        #"{"\udfff":1}"#, #""\ud800\u0041""#,
    ])
    func `A lone surrogate is refused`(text: String) {
        #expect(refusal(of: text.utf8)?.kind == .loneSurrogate)
    }

    @Test(arguments: ["\"\\u0000\"", "\"a\u{0}\"", "{\"\\u0000\":1}", "\"é\\n\u{0}\""])
    func `U+0000 is refused`(text: String) {
        #expect(refusal(of: text.utf8)?.kind == .nulCharacter)
    }

    @Test(
        arguments: [
            [0x80], [0xC3], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80],
            [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xC3, 0x28], [0xF8, 0x88, 0x80, 0x80],
        ] as [[UInt8]])
    func `Bytes that are not UTF-8 are refused at their offset`(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        let plain = refusal(of: [quote, 0xC3, 0xA9] + bytes + [quote])
        #expect(plain?.kind == .invalidUTF8)
        #expect(plain?.offset == 3)
        let escaped = refusal(of: Array("[\"\\n".utf8) + bytes + Array("\\n\"]".utf8))
        #expect(escaped?.kind == .invalidUTF8)
        #expect(escaped?.offset == 4)
        #expect(escaped?.pointer == "/0")
    }

    @Test func `Exactly the sequences that the standard library finds valid are accepted`() {
        let samples: [UInt8] = [0x28, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xFF]
        for lead in 0x80...0xFF as ClosedRange<UInt8> {
            for second in samples {
                for third in samples {
                    for fourth in samples where fourth != 0x28 {
                        let bytes = [UInt8(ascii: "x"), lead, second, third, fourth]
                        for length in 2...5 {
                            let quoted = [UInt8(ascii: "\"")] + bytes.prefix(length) + [UInt8(ascii: "\"")]
                            let expected = String(validating: bytes.prefix(length), as: UTF8.self)
                            let read = (try? JSON(parsing: quoted))?.string
                            if read.map({ Array($0.utf8) }) != expected.map({ Array($0.utf8) }) {
                                Issue.record("the bytes \(bytes.prefix(length)) are judged otherwise")
                            }
                        }
                    }
                }
            }
        }
    }

    @Test func `An escape does not complete a UTF-8 sequence`() {
        let bytes: [UInt8] = Array("\"".utf8) + [0xC3] + Array("\\n".utf8) + [0xA9] + Array("\"".utf8)
        #expect(refusal(of: bytes)?.kind == .invalidUTF8)
    }

    @Test func `A special byte is found at every position`() throws {
        for length in 0..<40 {
            for special in ["\\n", "\\\"", "é", ""] {
                let text = String(repeating: "x", count: length) + special + String(repeating: "y", count: 20)
                #expect(try parse("\"\(text)\"").canonicalText() == "\"\(text)\"")
            }
        }
    }
}
