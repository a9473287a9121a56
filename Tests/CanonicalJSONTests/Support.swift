import CanonicalJSON
import TestSupport
import Testing

func parse(_ text: String, limits: Limits = .default) throws -> JSON {
    try JSON(parsing: text.utf8, limits: limits)
}

/// The error that refuses the bytes; a recorded issue if they are accepted.
func refusal(
    of bytes: some Collection<UInt8>, limits: Limits = .default, sourceLocation: SourceLocation = #_sourceLocation
) -> JSONError? {
    do throws(JSONError) {
        _ = try JSON(parsing: bytes, limits: limits)
        Issue.record("the text was accepted", sourceLocation: sourceLocation)
        return nil
    } catch {
        return error
    }
}

extension SeededGenerator {
    mutating func double() -> Double {
        while true {
            let value = Double(bitPattern: next())
            if value.isFinite { return value }
        }
    }

    /// A string of code points from every class that the format treats differently, never U+0000.
    mutating func string() -> String {
        let ranges: [ClosedRange<UInt32>] = [
            0x01...0x1F, 0x20...0x7F, 0x22...0x22, 0x5C...0x5C, 0x80...0x7FF, 0x300...0x36F, 0x800...0xD7FF,
            0xE000...0xFFFF, 0x10000...0x10FFFF,
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...20, using: &self) {
            let range = ranges[Int.random(in: 0..<ranges.count, using: &self)]
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &self)) { text.append(scalar) }
        }
        return String(text)
    }

    mutating func json(depth: Int) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &self) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &self))
        case 2: return .number(double())
        case 3: return .number(Double(Int32.random(in: .min ... .max, using: &self)) / 1000)
        case 4: return .integer(Int64.random(in: -9_007_199_254_740_992...9_007_199_254_740_992, using: &self))
        case 5: return .string(string())
        case 6: return .array((0..<Int.random(in: 0...5, using: &self)).map { _ in json(depth: depth - 1) })
        default:
            var names: [[UInt8]: JSON] = [:]
            for _ in 0..<Int.random(in: 0...30, using: &self) { names[Array(string().utf8)] = json(depth: depth - 1) }
            let members = names.map { JSON.Member(name: String(decoding: $0.key, as: UTF8.self), value: $0.value) }
            return .object(members)
        }
    }
}
