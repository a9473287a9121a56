import EventLog
import EventSourcing

/// Events that are appended together. A batch ends between two changes, whose times differ, since no append begins at the time of
/// the last event of the log.
struct RestoreBatch {
    /// How many events are enough for a batch.
    private static let enough = 1_000
    /// How many events one change may have, with some to spare.
    private static let most = 20_000

    private(set) var events: [StoredEvent] = []
    /// The leaf hash of the event before the first; `nil` before the log's first.
    private(set) var afterHash: [UInt8]?

    init(afterHash: [UInt8]? = nil) { self.afterHash = afterHash }

    /// The next batch, which begins with an event.
    init(after batch: RestoreBatch, with event: StoredEvent) {
        afterHash = batch.events.last?.leafHash ?? batch.afterHash
        events = [event]
    }

    /// Adds an event, unless the batch is complete.
    /// - Returns: whether it was added.
    /// - Throws: `LogFinding` where more events have one time than a log can have.
    mutating func add(_ event: StoredEvent) throws -> Bool {
        if events.count >= RestoreBatch.enough, let last = events.last, event.recordedAt > last.recordedAt {
            return false
        }
        guard events.count < RestoreBatch.most else {
            throw LogFinding(at: event.position, "there are too many events of one time")
        }
        events.append(event)
        return true
    }
}
