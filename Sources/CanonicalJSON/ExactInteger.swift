/// Whether the integer that these decimal digits write is exactly a double: its significant bits, from the first set to
/// the last, are at most 53. The caller has checked the range.
func isExactDouble(integer digits: UnsafeBufferPointer<UInt8>) -> Bool {
    // Little-endian limbs. The literal is at most 1024 digits: the work is bounded.
    var limbs: [UInt32] = []
    for digit in digits {
        var carry = UInt64(digit & 0x0F)
        for index in limbs.indices {
            carry &+= UInt64(limbs[index]) &* 10
            limbs[index] = UInt32(truncatingIfNeeded: carry)
            carry >>= 32
        }
        if carry != 0 { limbs.append(UInt32(carry)) }
    }
    guard let lowest = limbs.firstIndex(where: { $0 != 0 }), let highest = limbs.last else { return true }
    let lowestBit = lowest * 32 + limbs[lowest].trailingZeroBitCount
    let bitWidth = limbs.count * 32 - highest.leadingZeroBitCount
    return bitWidth - lowestBit <= 53
}

/// Whether these digits are what RFC 8785 writes for that double. Above 2^53 the shortest text of a double is padded
/// with zeros, so it may differ from its value; a canonical text must still be readable.
func isCanonicalText(_ digits: UnsafeBufferPointer<UInt8>, of value: Double) -> Bool {
    var canonical: [UInt8] = []
    appendNumber(value, to: &canonical)
    return canonical.elementsEqual(digits)
}
