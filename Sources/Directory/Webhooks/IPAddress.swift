#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// An address of the internet protocol: 4 or 16 bytes.
public struct IPAddress: Sendable, Hashable {
    public let bytes: [UInt8]

    /// - Returns: `nil` for any other number of bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Reads four decimal numbers, or an address of version 6 without brackets and zone; `nil` for any other text.
    public init?(_ text: String) {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 {
            self.bytes = Array(bytes.prefix(4))
        } else if inet_pton(AF_INET6, text, &bytes) == 1 {
            self.bytes = bytes
        } else {
            return nil
        }
    }

    public var isVersion6: Bool { bytes.count == 16 }
}

extension IPAddress: CustomStringConvertible {
    /// Four decimal numbers, or eight hexadecimal ones.
    public var description: String {
        guard isVersion6 else { return bytes.map { String($0) }.joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2)
            .map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }.joined(separator: ":")
    }
}

extension IPAddress {
    /// Whether it belongs to one host of the public internet, going by the special-purpose address registries (RFC 6890) and what is
    /// not assigned. Loopback, link-local (where clouds keep credentials), private and shared networks, multicast, and
    /// addresses of version 4 in the clothes of version 6 do not.
    public var isPublic: Bool {
        guard isVersion6 else { return !IPAddress.special4.contains { $0.contains(self) } }
        // Where a network has only version 6, names of hosts that have only version 4 resolve to these.
        if IPAddress.translated.contains(self) { return IPAddress(bytes: Array(bytes.suffix(4)))?.isPublic == true }
        return IPAddress.global6.contains(self) && !IPAddress.special6.contains { $0.contains(self) }
    }

    private static let special4 = [
        // This network, private (10), shared by carriers, loopback, link-local.
        Network([0], 8), Network([10], 8), Network([100, 64], 10), Network([127], 8), Network([169, 254], 16),
        // Private (172.16), protocol assignments, documentation, relays of 6to4, private (192.168).
        Network([172, 16], 12), Network([192, 0, 0], 24), Network([192, 0, 2], 24), Network([192, 88, 99], 24),
        Network([192, 168], 16),
        // Benchmarks, documentation, multicast, reserved and broadcast.
        Network([198, 18], 15), Network([198, 51, 100], 24), Network([203, 0, 113], 24), Network([224], 4),
        Network([240], 4),
    ]

    /// 64:ff9b::/96 (RFC 6052).
    private static let translated = Network([0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], 96)

    /// All that is assigned as global unicast, 2000::/3.
    private static let global6 = Network([0x20], 3)

    private static let special6 = [
        // Protocol assignments (Teredo among them), documentation, 6to4, documentation.
        Network([0x20, 0x01, 0x00], 23), Network([0x20, 0x01, 0x0d, 0xb8], 32), Network([0x20, 0x02], 16),
        Network([0x3f, 0xff, 0x00], 20),
    ]

    /// The addresses that begin with the same bits.
    private struct Network {
        let prefix: [UInt8]
        let bits: Int

        init(_ prefix: [UInt8], _ bits: Int) { (self.prefix, self.bits) = (prefix, bits) }

        /// Asked of addresses of its own version alone.
        func contains(_ address: IPAddress) -> Bool {
            (0..<bits).allSatisfy { bit in
                let mask = UInt8(0x80) >> UInt8(bit % 8)
                let own = bit / 8 < prefix.count ? prefix[bit / 8] : 0
                return own & mask == address.bytes[bit / 8] & mask
            }
        }
    }
}
