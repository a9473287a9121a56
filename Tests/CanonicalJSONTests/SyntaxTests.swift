import CanonicalJSON
import Testing

@Suite struct SyntaxTests {
    @Test func `Every kind of value is read`() throws {
        let value = try parse(" {\"a\" : [ null , true,false,\t1.5 ,\"x\"\r\n], \"b\":{}} \n")
        #expect(value == ["a": [nil, true, false, 1.5, "x"], "b": [:]])
        #expect(value["a"]?.array?.count == 5)
        #expect(value["a"]?.array?.first?.isNull == true)
        #expect(value["a"]?.array?[1].bool == true)
        #expect(value["a"]?.array?[3].number == 1.5)
        #expect(value["a"]?.array?[3].integer == nil)
        #expect(value["a"]?.array?[4].string == "x")
        #expect(value.members?.map(\.name) == ["a", "b"])
        #expect(value["c"] == nil)
        #expect(JSON.null["a"] == nil)
        #expect(try parse("7").integer == 7)
    }

    @Test(arguments: [
        "{", "}", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{a:1}",
        "{1:1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "tru", "True", "nul", "nulL", "fals", "NaN", "Infinity", "-", "+1",
        ".5", "1.", "1.e1", "1e", "1e+", "01", "-01", "00", "-a", "0x1e", "\"", "\"a", "\"\\", "\"\\x\"", "\"\\u12\"",
        "\"\\u123g\"", "\"\\u\"", "\"a\u{1}\"", "\"a\nb\"", "'a'", "//", "/*a*/1", "\u{FEFF}1", "\u{A0}1", "\u{0}",
        "[\u{0}]", "\"\\ud800\\u12\"",
    ])
    func `Text that breaks the grammar is refused`(text: String) {
        let error = refusal(of: text.utf8)
        // `01` and `0x1e` are told apart from something that follows only by where the number ends.
        #expect(error?.kind == .syntax || text == "0x1e" && error?.kind == .trailingData)
    }

    @Test(arguments: ["", " ", "\n\t\r "])
    func `A text without a value is refused`(text: String) {
        #expect(refusal(of: text.utf8)?.kind == .empty)
    }

    @Test(arguments: ["1 2", "{}{}", "null,", "[]]", "\"a\"b", "1\u{0}", "true false", "[] \u{FEFF}"])
    func `Text after the value is refused`(text: String) {
        #expect(refusal(of: text.utf8)?.kind == .trailingData)
    }

    @Test func `An error gives the offset and the pointer, never the content`() throws {
        let error = try #require(refusal(of: #"{"a/b":[1,{"c~":"secret\q"}]}"#.utf8))
        #expect(error.pointer == "/a~1b/1/c~0")
        #expect(error.offset == 23)
        #expect(error.description == "the text is not JSON (byte 23)")
        for kind in JSONError.Kind.allCases { #expect(!kind.rawValue.isEmpty) }
    }

    @Test func `Bytes of any collection are read alike`() throws {
        let bytes = Array(#"{"a":["é",1]}"#.utf8)
        let expected: JSON = ["a": ["é", 1]]
        #expect(try JSON(parsing: bytes) == expected)
        #expect(try JSON(parsing: bytes[...]) == expected)
        #expect(try JSON(parsing: Array(bytes.reversed()).reversed()) == expected)
        #expect(try bytes.withUnsafeBytes { try JSON(parsing: $0) } == expected)
    }
}
