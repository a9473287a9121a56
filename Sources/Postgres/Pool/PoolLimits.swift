/// The pool's bounds, in one place.
enum PoolLimits {
    /// A statement that runs longer is slow: others do not wait behind it.
    static let slow: Nanoseconds = .milliseconds(10)
    /// How often deadlines and slow statements are looked for.
    static let tick: Nanoseconds = .milliseconds(5)
    /// How many flights are under way on one connection; the others wait for the first that has room.
    static let depth = 128
    /// How many groups of point reads are under way on one connection; another is sent only below this many, so that
    /// those that come meanwhile are one group, and the loop need not be woken for each.
    static let groupDepth = 1
    /// How many point reads may be sent with one Sync.
    static let groupSize = 32
    /// How often a point read is sent once more around slow ones: it may be in a group with one, and meet it again
    /// beyond.
    static let hedges = 4
    /// How many reads may be sent once more around slow ones before the others have earned it: twice what can stand
    /// behind one.
    static let hedgeReserve = 2 * depth
    /// Without any connection for longer than this, reads fail.
    static let outage: Nanoseconds = .milliseconds(1000)
    /// How long a cancelled statement may take to end before its connection is given up.
    static let cancellation: Nanoseconds = .milliseconds(2000)
    /// Connections beyond the usual number are closed after being idle for so long.
    static let idle: Nanoseconds = .milliseconds(30_000)
}
