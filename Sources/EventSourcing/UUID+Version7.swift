import CanonicalJSON
import FoundationEssentials
import Synchronization

extension UUID {
    /// A UUID of version 7 (RFC 9562, section 5.7): milliseconds of `instant`, then 74 bits of `random`.
    public static func version7(at instant: Instant, random: (UInt64, UInt64)) -> UUID {
        let milliseconds = UInt64(bitPattern: instant.microseconds / 1000)
        let high = milliseconds << 16 | 0x7000 | random.0 & 0x0FFF
        let low = 0x8000_0000_0000_0000 | random.1 & 0x3FFF_FFFF_FFFF_FFFF
        return UUID(high: high, low: low)
    }

    /// A fresh UUID of version 7 for `instant`, with bits from the system's secure generator.
    public static func version7(at instant: Instant) -> UUID {
        version7(at: instant, random: sharedRandom.withLock { ($0.next(), $0.next()) })
    }

    /// The UUID with these 128 bits, the most significant first.
    public init(high: UInt64, low: UInt64) {
        let bits = (high.bigEndian, low.bigEndian)
        self.init(uuid: unsafeBitCast(bits, to: uuid_t.self))
    }

    /// The form in which ids are stored and shown: `017f22e2-79b0-7cc3-98c4-dc0c0c07398f`.
    public var text: String {
        withUnsafeBytes(of: uuid) { source in
            String(unsafeUninitializedCapacity: 36) { target in
                var at = 0
                for (index, byte) in source.enumerated() {
                    if index == 4 || index == 6 || index == 8 || index == 10 {
                        target[at] = UInt8(ascii: "-")
                        at += 1
                    }
                    target[at] = hexadecimalDigit(byte >> 4)
                    target[at + 1] = hexadecimalDigit(byte & 15)
                    at += 2
                }
                return at
            }
        }
    }

    /// Reads the 36-character form in either case, and nothing else.
    @inlinable
    public init?(text: some StringProtocol) {
        guard let bits = text.withBytes(UUID.bits) else { return nil }
        self.init(high: bits.high, low: bits.low)
    }

    @usableFromInline
    static func bits(_ text: UnsafeBufferPointer<UInt8>) -> (high: UInt64, low: UInt64)? {
        guard text.count == 36 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (index, byte) in text.enumerated() {
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                guard let digit = hexadecimalValue(byte) else { return nil }
                high = high << 4 | low >> 60
                low = low << 4 | UInt64(digit)
            }
        }
        return (high, low)
    }
}

func hexadecimalDigit(_ value: UInt8) -> UInt8 { value < 10 ? value + 48 : value + 87 }

func hexadecimalValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 48...57: digit - 48
    case 65...70: digit - 55
    case 97...102: digit - 87
    default: nil
    }
}

/// Ids are made several times a request, by all threads.
private let sharedRandom = Mutex(BufferedRandom())

extension Sequence where Element == UInt8 {
    /// The bytes in lower-case hexadecimal.
    public var hexadecimal: String {
        var digits: [UInt8] = []
        digits.reserveCapacity(underestimatedCount * 2)
        for byte in self {
            digits.append(hexadecimalDigit(byte >> 4))
            digits.append(hexadecimalDigit(byte & 15))
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
