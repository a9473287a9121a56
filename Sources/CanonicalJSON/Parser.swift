/// Parses one text by recursive descent; the depth is checked before each descent.
struct Parser {
    // Unsafe: the buffer outlives the parser, which exists only inside the closure that provides the buffer. Reads go
    // through `peek` and `byte(at:)`, which check the bounds, or through ranges that were found inside it.
    let input: UnsafeBufferPointer<UInt8>
    let limits: Limits
    let maximumDepth: Int
    var position = 0
    var depth = 0
    /// The buffer that strings with escapes are decoded into; kept so that it is allocated only once.
    var decoded: [UInt8] = []

    init(input: UnsafeBufferPointer<UInt8>, limits: Limits) {
        self.input = input
        self.limits = limits
        self.maximumDepth = min(limits.maximumDepth, Limits.depthCeiling)
    }

    mutating func document() throws(JSONError) -> JSON {
        skipWhiteSpace()
        guard position < input.count else { throw JSONError(.empty, at: position) }
        let result = try value()
        skipWhiteSpace()
        guard position == input.count else { throw JSONError(.trailingData, at: position) }
        return result
    }

    mutating func value() throws(JSONError) -> JSON {
        switch peek {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: throw JSONError(.syntax, at: position)
        }
    }

    /// The byte at the position, or NUL at the end: the grammar has no NUL outside strings, so it matches no case.
    var peek: UInt8 { byte(at: position) }

    func byte(at index: Int) -> UInt8 {
        index < input.count ? input[index] : 0
    }

    mutating func skipWhiteSpace() {
        while peek == 0x20 || peek == 0x0A || peek == 0x0D || peek == 0x09 { position &+= 1 }
    }

    mutating func expect(_ byte: UInt8) throws(JSONError) {
        guard peek == byte else { throw JSONError(.syntax, at: position) }
        position &+= 1
    }

    private mutating func literal(_ text: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        for offset in 0..<text.utf8CodeUnitCount {
            // Unsafe: `text` is one of the three literals above, and the offset is within it.
            try expect(text.utf8Start[offset])
        }
        return value
    }
}
