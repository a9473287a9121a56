import CanonicalJSON
import TestSupport
import Testing

@Suite struct NumberTests {
    @Test(arguments: [
        ("0", "0"), ("-0", "0"), ("-0.0", "0"), ("0e5", "0"), ("0e99999999999999999999", "0"), ("1", "1"), ("-1", "-1"),
        ("1.0", "1"), ("10", "10"), ("1e2", "100"), ("1E+2", "100"), ("12e-1", "1.2"), ("0.1", "0.1"),
        ("5e-324", "5e-324"), ("4.9406564584124654e-324", "5e-324"), ("3e-324", "5e-324"), ("1e21", "1e+21"),
        ("1e20", "100000000000000000000"), ("100000000000000000000", "100000000000000000000"),
        ("999999999999999900000", "999999999999999900000"), ("1e-6", "0.000001"), ("0.000001", "0.000001"),
        ("0.0000012", "0.0000012"), ("1e-7", "1e-7"), ("0.0000001", "1e-7"), ("1.2e-7", "1.2e-7"),
        ("-1.5e-10", "-1.5e-10"), ("1.5e300", "1.5e+300"), ("9007199254740992", "9007199254740992"),
        ("-9007199254740992", "-9007199254740992"), ("9007199254740991", "9007199254740991"),
        ("9007199254740994", "9007199254740994"), ("18014398509481988", "18014398509481988"),
        ("1.7976931348623157e308", "1.7976931348623157e+308"), ("2.2250738585072014e-308", "2.2250738585072014e-308"),
        ("1E30", "1e+30"), ("333333333.33333329", "333333333.3333333"), ("4.50", "4.5"), ("2e-3", "0.002"),
        ("0.000000000000000000000000001", "1e-27"), ("123456789012345678e-5", "1234567890123.4568"),
        ("9007199254740993.0", "9007199254740992"), ("1e23", "1e+23"), ("9.5e-3", "0.0095"),
        ("295147905179352830000", "295147905179352830000"),
        ("1152921504606846976", "1152921504606847000"), ("1152921504606847000", "1152921504606847000"),
        ("1424953923781206.25", "1424953923781206.2"), ("0.1e-6", "1e-7"), ("1000000000000000000000", "1e+21"),
        ("123e-20", "1.23e-18"), ("-123.456", "-123.456"),
    ])
    func `Numbers are written as ECMAScript does`(text: String, expected: String) throws {
        let canonical = try parse("[\(text)]").canonicalText()
        #expect(canonical == "[\(expected)]")
        #expect(try parse(canonical).canonicalText() == canonical)
    }

    @Test(arguments: [
        "9007199254740993", "-9007199254740993", "1152921504606846977", "1152921504606847001", "18446744073709551615",
        "99999999999999999999", "1000000000000000000000000000000", "123456789012345678901234567890",
    ])
    func `An integer that a double would change is refused`(text: String) {
        let error = refusal(of: "{\"n\":\(text)}".utf8)
        #expect(error?.kind == .numberNotExact)
        #expect(error?.offset == 5)
        #expect(error?.pointer == "/n")
    }

    @Test func `A large integer that a double holds exactly is read`() throws {
        #expect(try parse("18446744073709551616").number == 0x1p64)
        #expect(try parse("1" + String(repeating: "0", count: 22)).number == 1e22)
        #expect(refusal(of: ("1" + String(repeating: "0", count: 23)).utf8)?.kind == .numberNotExact)
    }

    @Test(arguments: ["1e400", "-1e400", "1e309", "1.8e308", "1e-400", "-1e-400", "2e-324", "1e99999999999999999999"])
    func `A number out of range is refused`(text: String) {
        #expect(refusal(of: text.utf8)?.kind == .numberOutOfRange)
    }

    @Test func `A literal of more than 1024 bytes is refused`() throws {
        #expect(try parse("0." + String(repeating: "3", count: 1022)).number == 1 / 3)
        #expect(refusal(of: ("0." + String(repeating: "3", count: 1023)).utf8)?.kind == .numberOutOfRange)
        #expect(refusal(of: String(repeating: "9", count: 100_000).utf8)?.kind == .numberOutOfRange)
        #expect(refusal(of: String(repeating: "9", count: 400).utf8)?.kind == .numberOutOfRange)
    }

    @Test func `Integers are exact`() throws {
        #expect(try parse("9007199254740992").integer == 9_007_199_254_740_992)
        #expect(try parse("9007199254740994").integer == nil)
        #expect(try parse("1.5").integer == nil)
        #expect(try parse("-3.0").integer == -3)
        #expect(JSON.integer(-5).integer == -5)
        #expect(JSON.number(-0.0) == 0)
        #expect(JSON.number(-0.0).canonicalText() == "0")
        #expect(JSON.null.integer == nil)
    }

    @Test func `Decimals are rounded as the standard library does`() throws {
        var generator = SeededGenerator(2)
        for _ in 0..<20_000 {
            let digits =
                UInt64.random(in: 0...UInt64.max, using: &generator) >> UInt64.random(in: 0..<64, using: &generator)
            let text =
                "\(digits).\(UInt16.random(in: .min ... .max, using: &generator))e\(Int.random(in: -40...40, using: &generator))"
            #expect(try parse(text).number == Double(text))
        }
    }
}
