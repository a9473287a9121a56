import CanonicalJSON
import Testing

@Suite struct LimitTests {
    private func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }

    @Test func `Depth is limited before the stack runs out`() throws {
        #expect(try parse(nested(64)).canonicalText() == nested(64))
        let error = refusal(of: nested(65).utf8)
        #expect(error?.kind == .depth)
        #expect(error?.offset == 64)
        #expect(refusal(of: nested(10_000).utf8)?.kind == .depth)
        #expect(refusal(of: String(repeating: "[", count: 1_000_000).utf8)?.kind == .depth)
        #expect(refusal(of: String(repeating: #"{"a":"#, count: 10_000).utf8)?.kind == .depth)
        #expect(refusal(of: "[]".utf8, limits: Limits(maximumDepth: 0))?.kind == .depth)
        #expect(try parse("1", limits: Limits(maximumDepth: 0)) == 1)
    }

    @Test func `No configured limit raises the depth above the ceiling`() throws {
        let limits = Limits(maximumDepth: .max)
        let value = try parse(nested(Limits.depthCeiling), limits: limits)
        #expect(value == value)
        #expect(value.canonicalText() == nested(Limits.depthCeiling))
        #expect(refusal(of: nested(Limits.depthCeiling + 1).utf8, limits: limits)?.kind == .depth)
        #expect(refusal(of: nested(10_000).utf8, limits: limits)?.kind == .depth)
    }

    @Test func `The number of elements of an array is limited`() throws {
        let limits = Limits(maximumArrayCount: 3)
        #expect(try parse("[1,2,3]", limits: limits) == [1, 2, 3])
        #expect(refusal(of: "[1,2,3,4]".utf8, limits: limits)?.kind == .arrayTooLong)
        let full = "[" + Array(repeating: "0", count: 10_000).joined(separator: ",")
        #expect(try parse(full + "]").array?.count == 10_000)
        #expect(refusal(of: (full + ",0]").utf8)?.kind == .arrayTooLong)
    }

    @Test func `A string is limited in decoded bytes`() throws {
        let limits = Limits(maximumStringBytes: 4)
        #expect(try parse("\"éé\"", limits: limits) == "éé")
        #expect(try parse(#""\u00e9\u00e9""#, limits: limits) == "éé")
        for text in ["\"ééa\"", #""\u00e9\u00e9a""#, #""\u00e9\u00e9\n""#, #"{"abcde":1}"#] {
            #expect(refusal(of: text.utf8, limits: limits)?.kind == .stringTooLong)
        }
        let full = String(repeating: "x", count: 65_536)
        #expect(try parse("\"\(full)\"").string?.utf8.count == 65_536)
        #expect(refusal(of: "\"x\(full)\"".utf8)?.kind == .stringTooLong)
    }

    @Test func `The number of members of an object is limited`() throws {
        let limits = Limits(maximumMembers: 1)
        #expect(try parse(#"{"a":1}"#, limits: limits) == ["a": 1])
        #expect(refusal(of: #"{"a":1,"b":2}"#.utf8, limits: limits)?.kind == .tooManyMembers)
    }

    @Test(arguments: [
        #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":1}"#, #"{"":1,"":1}"#, #"{"é":1,"\u00e9":1}"#, #"{"a":1,"b":2,"a":3}"#,
    ])
    func `A name that occurs twice is refused`(text: String) {
        #expect(refusal(of: text.utf8)?.kind == .duplicateKey)
    }

    @Test func `A duplicate among many members is found at its place`() throws {
        for count in [15, 16, 17, 18, 9_999] {
            let members = (0..<count).map { #""name\#($0)":0"# }.joined(separator: ",")
            #expect(try parse("{\(members)}").members?.count == count)
            for duplicate in [0, count / 2, count - 1] {
                let text = #"{"in":{\#(members),"name\#(duplicate)":1}}"#
                let error = refusal(of: text.utf8)
                #expect(error?.kind == .duplicateKey)
                #expect(error?.pointer == "/in/name\(duplicate)")
            }
        }
    }
}
