/// Appends a finite number as ECMAScript's Number::toString writes it (RFC 8785, section 3.2.2.3; ECMA-262, 6.1.6.1.20).
func appendNumber(_ value: Double, to bytes: inout [UInt8]) {
    precondition(value.isFinite, "JSON has no text for a NaN or an infinity")
    if let integer = exactInteger(value) {
        return appendInteger(integer, to: &bytes)
    }
    if value < 0 { bytes.append(UInt8(ascii: "-")) }

    // In the terms of ECMA-262: the value is the integer `digits`, which has `k` digits, times 10^(n - k).
    let (digits, scale) = shortestDecimal(of: value.magnitude)
    let start = bytes.count
    appendDigits(digits, to: &bytes)
    let k = bytes.count - start
    let n = k + scale
    // `k` is at most 17.
    switch n {
    case k...21:
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: n - k))
    case 1...21:
        bytes.insert(UInt8(ascii: "."), at: start + n)
    case -5...0:
        bytes.insert(contentsOf: [UInt8(ascii: "0"), UInt8(ascii: ".")], at: start)
        bytes.insert(contentsOf: repeatElement(UInt8(ascii: "0"), count: -n), at: start + 2)
    default:
        if k > 1 { bytes.insert(UInt8(ascii: "."), at: start + 1) }
        bytes.append(UInt8(ascii: "e"))
        bytes.append(n > 0 ? UInt8(ascii: "+") : UInt8(ascii: "-"))
        appendDigits((n - 1).magnitude, to: &bytes)
    }
}

func appendInteger(_ value: Int64, to bytes: inout [UInt8]) {
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    appendDigits(value.magnitude, to: &bytes)
}

private func appendDigits(_ value: some UnsignedInteger & FixedWidthInteger, to bytes: inout [UInt8]) {
    let start = bytes.count
    var rest = value
    repeat {
        let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit))
        rest = quotient
    } while rest != 0
    bytes[start...].reverse()
}

/// The fewest digits that read back as the value, and the power of ten that scales them. Swift's `description` finds the
/// same digits as ECMA-262 (the closest among the shortest); only its layout differs.
private func shortestDecimal(of value: Double) -> (digits: UInt64, scale: Int) {
    var digits: UInt64 = 0
    var scale = 0
    var exponent = 0
    var isAfterPoint = false
    var isExponent = false
    var isNegativeExponent = false
    for byte in value.description.utf8 {
        switch byte {
        case UInt8(ascii: "."): isAfterPoint = true
        case UInt8(ascii: "e"): isExponent = true
        case UInt8(ascii: "-"): isNegativeExponent = true
        case UInt8(ascii: "+"): break
        default:
            if isExponent {
                exponent = exponent * 10 + Int(byte & 0x0F)
            } else {
                // At most 18: seventeen digits, and the zero of "18014398509481982.0".
                digits = digits * 10 + UInt64(byte & 0x0F)
                if isAfterPoint { scale -= 1 }
            }
        }
    }
    while digits != 0, digits % 10 == 0 {
        digits /= 10
        scale += 1
    }
    return (digits, scale + (isNegativeExponent ? -exponent : exponent))
}
