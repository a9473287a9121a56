extension Parser {
    /// Parses the number at the position, by the grammar of RFC 8259, section 6.
    mutating func number() throws(JSONError) -> Double {
        let start = position
        var decimal = Decimal()
        let isNegative = peek == UInt8(ascii: "-")
        if isNegative { position &+= 1 }
        let firstDigit = position
        if peek == UInt8(ascii: "0") {
            position &+= 1
            // A leading zero is refused here, not reported as data after the value.
            if isDigit(peek) { throw JSONError(.syntax, at: firstDigit) }
        } else {
            try digits { decimal.append($0, afterPoint: false) }
        }
        let integerEnd = position
        if peek == UInt8(ascii: ".") {
            position &+= 1
            try digits { decimal.append($0, afterPoint: true) }
        }
        if peek | 0x20 == UInt8(ascii: "e") { try exponent(of: &decimal) }

        let magnitude =
            position == integerEnd
            ? try integer(decimal, firstDigit..<integerEnd, at: start)
            : try real(decimal, firstDigit..<position, at: start)
        // -0 is 0 (RFC 8785, section 3.2.2.3).
        return isNegative && magnitude != 0 ? -magnitude : magnitude
    }

    private mutating func digits(_ body: (UInt8) -> Void) throws(JSONError) {
        guard isDigit(peek) else { throw JSONError(.syntax, at: position) }
        while isDigit(peek) {
            body(peek & 0x0F)
            position &+= 1
        }
    }

    private mutating func exponent(of decimal: inout Decimal) throws(JSONError) {
        position &+= 1
        let isNegative = peek == UInt8(ascii: "-")
        if isNegative || peek == UInt8(ascii: "+") { position &+= 1 }
        var exponent = 0
        // Beyond four digits the value only means "far outside the fast path".
        try digits { exponent = min(exponent &* 10 &+ Int($0), 10_000) }
        decimal.exponent &+= isNegative ? -exponent : exponent
    }

    private func integer(_ decimal: Decimal, _ literal: Range<Int>, at start: Int) throws(JSONError) -> Double {
        if decimal.isComplete, decimal.digits <= largestInteger { return Double(decimal.digits) }
        let value = try convert(literal, at: start)
        let text = UnsafeBufferPointer(rebasing: input[literal])
        guard isExactDouble(integer: text) || isCanonicalText(text, of: value) else {
            throw JSONError(.numberNotExact, at: start)
        }
        return value
    }

    private func real(_ decimal: Decimal, _ literal: Range<Int>, at start: Int) throws(JSONError) -> Double {
        if decimal.digits == 0 { return 0 }
        if let value = decimal.exactQuotient { return value }
        let value = try convert(literal, at: start)
        guard value != 0 else { throw JSONError(.numberOutOfRange, at: start) }
        return value
    }

    /// The nearest double, according to the standard library.
    private func convert(_ literal: Range<Int>, at start: Int) throws(JSONError) -> Double {
        // 767 digits are enough to tell any two doubles apart: a longer literal only costs time.
        guard literal.count <= 1024,
            let value = Double(String(decoding: UnsafeBufferPointer(rebasing: input[literal]), as: UTF8.self)),
            value.isFinite
        else { throw JSONError(.numberOutOfRange, at: start) }
        return value
    }
}

private func isDigit(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10
}

/// The digits of a literal as an integer and the power of ten that scales it.
private struct Decimal {
    var digits: UInt64 = 0
    var exponent = 0
    /// False if the literal has more digits than `digits` can hold.
    var isComplete = true

    mutating func append(_ digit: UInt8, afterPoint: Bool) {
        guard digits < 1_000_000_000_000_000_000 else {
            isComplete = false
            return
        }
        digits = digits &* 10 &+ UInt64(digit)
        if afterPoint { exponent &-= 1 }
    }

    /// The value if doubles represent both operands of the product or quotient exactly: it is then rounded only once, and so
    /// correctly.
    var exactQuotient: Double? {
        guard isComplete, digits <= largestInteger, exponent.magnitude < powersOfTen.count else { return nil }
        let power = powersOfTen[Int(exponent.magnitude)]
        return exponent < 0 ? Double(digits) / power : Double(digits) * power
    }
}

/// The powers of ten that a double represents exactly.
private let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
]
