import Instruments

/// What a command processor counts.
public struct ProcessorMetrics: Sendable {
    /// How many commands the batches had.
    public let batchSizes = Histogram(.numbers([1, 2, 4, 8, 16, 32, 64, 128, 256]))
    /// How long it took to append a batch, write its rows and commit.
    public let commits = Histogram(.latencies)
    /// Events that were appended.
    public let events = Counter()
    /// How often a batch found all its rows in memory, and how often it had to load some.
    public let rows = CacheLookups()
}
