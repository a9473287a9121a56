/// The index, at or after `start`, of the first byte that must be escaped in a JSON string: a quotation mark, a reverse
/// solidus or a control character. The count of the buffer if there is none.
func endOfPlainRun(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var index = start
    // Unsafe: eight bytes are loaded only where eight bytes are left.
    let raw = UnsafeRawBufferPointer(bytes)
    while index &+ 8 <= bytes.count {
        let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        let hits =
            zeroBytes(word ^ (ones &* 0x22)) | zeroBytes(word ^ (ones &* 0x5C))
            | ((word &- (ones &* 0x20)) & ~word & highBits)
        // A borrow can only cause false hits above a true one, so the lowest hit is correct.
        if hits != 0 { return index &+ hits.trailingZeroBitCount / 8 }
        index &+= 8
    }
    while index < bytes.count, !mustBeEscaped(bytes[index]) { index &+= 1 }
    return index
}

private let ones: UInt64 = 0x0101_0101_0101_0101
private let highBits: UInt64 = 0x8080_8080_8080_8080

/// The high bit of each byte that is zero (and possibly of some above it).
private func zeroBytes(_ word: UInt64) -> UInt64 {
    (word &- ones) & ~word & highBits
}

private func mustBeEscaped(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x22 || byte == 0x5C
}
