#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Bits from the system's secure generator, fetched many at a time: a system call for every eight bytes of a salt costs more
/// than the salt's hash.
public struct BufferedRandom: RandomNumberGenerator {
    private var words: [UInt64] = []
    private var used = 0

    /// None fetched yet.
    public init() {}

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        if used == words.count { refill() }
        used += 1
        return words[used - 1]
    }

    /// getentropy gives 256 bytes a call, on Linux and macOS alike; it fails only where the system has no entropy at all.
    private mutating func refill() {
        words = Array(repeating: 0, count: 32)
        used = 0
        let status = words.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) }
        if status != 0 {
            var system = SystemRandomNumberGenerator()
            words = words.map { _ in system.next() }
        }
    }
}
