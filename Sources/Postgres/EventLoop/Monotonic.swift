#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Nanoseconds of the clock that never goes back. A bare number, since the loop compares it many times a turn.
typealias Nanoseconds = Int64

enum Monotonic {
    static var now: Nanoseconds {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// The instant a duration from now; durations beyond a century count as one.
    static func after(_ duration: Duration) -> Nanoseconds {
        let century: Int64 = 3_155_760_000
        let (seconds, attoseconds) = duration.components
        let bounded = max(-century, min(century, seconds))
        return now + bounded * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}

extension Nanoseconds {
    static func milliseconds(_ count: Int64) -> Nanoseconds { count * 1_000_000 }
}
