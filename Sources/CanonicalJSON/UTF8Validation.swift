/// The index of the first byte that is not part of well-formed UTF-8 (Unicode, table 3-7), or nil.
func firstInvalidUTF8(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var index = 0
    // Unsafe: eight bytes are loaded only where eight bytes are left.
    let raw = UnsafeRawBufferPointer(bytes)
    while index < bytes.count {
        // Most text is ASCII: eight bytes at a time.
        if index &+ 8 <= bytes.count,
            raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
            index &+= 8
            continue
        }
        let lead = bytes[index]
        if lead < 0x80 {
            index += 1
            continue
        }
        guard let (length, second) = sequence(after: lead) else { return index }
        guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return index }
        for offset in stride(from: 2, to: length, by: 1) where bytes[index + offset] & 0xC0 != 0x80 { return index }
        index += length
    }
    return nil
}

/// The length of the sequence that a lead byte starts, and the range of its second byte. The narrower ranges exclude
/// overlong forms, surrogates and code points beyond U+10FFFF.
private func sequence(after lead: UInt8) -> (length: Int, second: ClosedRange<UInt8>)? {
    switch lead {
    case 0xC2...0xDF: (2, 0x80...0xBF)
    case 0xE0: (3, 0xA0...0xBF)
    case 0xED: (3, 0x80...0x9F)
    case 0xE1...0xEF: (3, 0x80...0xBF)
    case 0xF0: (4, 0x90...0xBF)
    case 0xF1...0xF3: (4, 0x80...0xBF)
    case 0xF4: (4, 0x80...0x8F)
    default: nil
    }
}
