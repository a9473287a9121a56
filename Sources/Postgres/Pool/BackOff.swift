/// How long to wait before the next attempt: 50 ms, doubled each time up to 2 s, less a random part of up to half,
/// so that many nodes do not come back at the same instant.
struct BackOff {
    private static let least: Nanoseconds = .milliseconds(50)
    private static let most: Nanoseconds = .milliseconds(2000)

    private(set) var failures = 0

    mutating func succeeded() { failures = 0 }

    mutating func failed() -> Nanoseconds {
        let whole = min(Self.most, Self.least << min(failures, 10))
        failures += 1
        return Nanoseconds.random(in: whole / 2...whole)
    }
}
