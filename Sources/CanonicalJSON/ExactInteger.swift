/// Whether a double can represent the integer with these decimal digits exactly: from the first set bit to the last it
/// has at most 53 significant bits. The caller has checked the range.
func isExactDouble(integer digits: UnsafeBufferPointer<UInt8>) -> Bool {
    // Little-endian limbs. The literal has at most 1024 digits, so the work is bounded.
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

/// Whether RFC 8785 writes this double with exactly these digits. Above 2^53 the shortest text of a double is padded with
/// zeros, so it may differ from the value; the parser must accept such canonical text all the same.
func isCanonicalText(_ digits: UnsafeBufferPointer<UInt8>, of value: Double) -> Bool {
    var canonical: [UInt8] = []
    appendNumber(value, to: &canonical)
    return canonical.elementsEqual(digits)
}
