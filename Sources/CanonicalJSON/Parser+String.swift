extension Parser {
    /// Parses the string whose opening quotation mark is at the position.
    mutating func string() throws(JSONError) -> String {
        let open = position
        let start = open &+ 1
        let end = endOfPlainRun(in: input, from: start)
        guard byte(at: end) == UInt8(ascii: "\"") else { return try stringWithEscapes(from: open, firstRunEnd: end) }
        guard end - start <= limits.maximumStringBytes else { throw JSONError(.stringTooLong, at: open) }
        let run = UnsafeBufferPointer(rebasing: input[start..<end])
        // `String(validating:)` costs more: the standard library does not specialise it, and gives no offset.
        if let invalid = firstInvalidUTF8(in: run) { throw JSONError(.invalidUTF8, at: start + invalid) }
        position = end &+ 1
        return String(decoding: run, as: UTF8.self)
    }

    private mutating func stringWithEscapes(from open: Int, firstRunEnd: Int) throws(JSONError) -> String {
        decoded.removeAll(keepingCapacity: true)
        position = open &+ 1
        var end = firstRunEnd
        while true {
            try appendRun(to: end)
            guard decoded.count <= limits.maximumStringBytes else { throw JSONError(.stringTooLong, at: open) }
            guard end < input.count else { throw JSONError(.syntax, at: end) }
            switch input[end] {
            case UInt8(ascii: "\""):
                position = end &+ 1
                return String(decoding: decoded, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape()
            case 0: throw JSONError(.nulCharacter, at: end)
            default: throw JSONError(.syntax, at: end)
            }
            end = endOfPlainRun(in: input, from: position)
        }
    }

    /// An escape cannot complete a UTF-8 sequence, so each run between two escapes must be valid by itself.
    private mutating func appendRun(to end: Int) throws(JSONError) {
        let run = UnsafeBufferPointer(rebasing: input[position..<end])
        if let invalid = firstInvalidUTF8(in: run) { throw JSONError(.invalidUTF8, at: position + invalid) }
        decoded.append(contentsOf: run)
        position = end
    }

    /// Decodes the escape whose reverse solidus is at the position.
    private mutating func escape() throws(JSONError) {
        let start = position
        position &+= 2
        switch byte(at: start &+ 1) {
        case UInt8(ascii: "\""): decoded.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): decoded.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "/"): decoded.append(UInt8(ascii: "/"))
        case UInt8(ascii: "b"): decoded.append(0x08)
        case UInt8(ascii: "f"): decoded.append(0x0C)
        case UInt8(ascii: "n"): decoded.append(0x0A)
        case UInt8(ascii: "r"): decoded.append(0x0D)
        case UInt8(ascii: "t"): decoded.append(0x09)
        case UInt8(ascii: "u"): try unicodeEscape(from: start)
        default: throw JSONError(.syntax, at: start)
        }
    }

    private mutating func unicodeEscape(from start: Int) throws(JSONError) {
        let unit = try hexadecimal()
        if unit == 0 { throw JSONError(.nulCharacter, at: start) }
        if let scalar = Unicode.Scalar(unit) {
            decoded.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            return
        }
        // The unit is a surrogate: it must be a high one followed by a low one.
        guard unit < 0xDC00, byte(at: position) == UInt8(ascii: "\\"), byte(at: position &+ 1) == UInt8(ascii: "u")
        else { throw JSONError(.loneSurrogate, at: start) }
        position &+= 2
        let low = try hexadecimal()
        let codePoint = 0x10000 &+ (UInt32(unit & 0x3FF) << 10) &+ UInt32(low & 0x3FF)
        guard low & 0xFC00 == 0xDC00, let scalar = Unicode.Scalar(codePoint) else {
            throw JSONError(.loneSurrogate, at: start)
        }
        decoded.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            let byte = peek
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 | UInt16(byte & 0x0F)
            case UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "a")...UInt8(ascii: "f"):
                unit = unit << 4 | UInt16(byte & 0x0F &+ 9)
            default: throw JSONError(.syntax, at: position)
            }
            position &+= 1
        }
        return unit
    }
}
