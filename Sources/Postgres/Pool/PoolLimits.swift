/// The pool's limits, in one place.
enum PoolLimits {
    /// A statement that runs longer is slow: another connection is opened for the reads that wait, and if nobody waits
    /// for its result any longer it is cancelled. One that ends sooner is let alone, as a cancel costs the connection.
    static let slow: Nanoseconds = .milliseconds(10)
    /// How often deadlines and slow statements are looked for.
    static let tick: Nanoseconds = .milliseconds(5)
    /// How many point reads may be sent with one Sync.
    static let groupSize = 32
    /// Without any connection for longer than this, and after a failed attempt to connect, reads fail.
    static let outage: Nanoseconds = .milliseconds(1000)
    /// The same, as long as no attempt to connect has failed.
    static let firstAttempt: Nanoseconds = .milliseconds(10_000)
    /// How long a cancelled statement may take to end before its connection is given up.
    static let cancellation: Nanoseconds = .milliseconds(2000)
    /// Connections beyond the usual number are closed after being idle for this long.
    static let idle: Nanoseconds = .milliseconds(30_000)
}
