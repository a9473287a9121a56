/// Texts as a line of the log has them: what would end the line, or what a terminal would obey, is written as JSON escapes it.
enum LogText {
    /// Writes a text for people. Its quotation marks and backslashes stay as they are.
    static func write(_ text: String, to line: inout [UInt8]) {
        write(text, escaping: { _ in false }, to: &line)
    }

    /// Writes a text as a string of JSON.
    static func writeQuoted(_ text: String, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        write(text, escaping: { $0 == "\"" || $0 == "\\" }, to: &line)
        line.append(UInt8(ascii: "\""))
    }

    private static func write(
        _ text: String, escaping isSpecial: (Unicode.Scalar) -> Bool, to line: inout [UInt8]
    ) {
        for scalar in text.unicodeScalars {
            if isSpecial(scalar) {
                line.append(UInt8(ascii: "\\"))
                line.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            } else if isControl(scalar) {
                line += escape(scalar).utf8
            } else {
                line.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        default:
            return UTF16.encode(scalar).map { units in
                units.map { unit in
                    let digits = String(unit, radix: 16)
                    return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
                }.joined()
            } ?? "\\ufffd"
        }
    }

    /// Control characters, ends of lines and paragraphs, and what reorders the text around it.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
