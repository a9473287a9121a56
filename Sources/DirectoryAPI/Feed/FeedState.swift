import DequeModule
import EventLog
import EventSourcing
import FoundationEssentials

/// Why a stream goes on.
enum FeedWaking: Sendable, Equatable {
    /// There are events that concern it.
    case events
    /// Nothing concerned it for a while, up to this position.
    case pause(through: Position)
    /// The node is shutting down.
    case end
}

/// Which streams of a node wait for which events. A value without I/O: `Feed` tells it what happens, and wakes those that it names.
///
/// Which streams an event concerns is found by the ids that it mentions: an event of one organization costs nothing for the
/// streams of others.
struct FeedState<Waiter: Sendable>: Sendable {
    private struct Waiting {
        let waiter: Waiter
        let interest: FeedInterest
        let cursor: Position
        let due: ContinuousClock.Instant
    }

    /// How many events are remembered for streams that have not waited for them.
    private let memory: Int
    private var recent = Deque<EventMark>()
    /// The position up to which events have come; `nil` before there is a first stream.
    private(set) var head: Position?
    /// Whether nobody waits any longer: the node is shutting down.
    private(set) var isEnding = false
    private var waiting: [Int: Waiting] = [:]
    /// The streams that wait, by the ids that they wait for.
    private var byMention: [UUID: Set<Int>] = [:]
    /// Those that wait for whatever comes.
    private var unbounded: Set<Int> = []

    init(memory: Int = 1024) { self.memory = memory }

    /// Starts to follow the log after a position, if it does not yet.
    /// - Returns: whether it has started.
    mutating func start(after position: Position) -> Bool {
        guard head == nil else { return false }
        head = position
        return true
    }

    /// Follows the log no longer: no stream is left.
    mutating func stop() {
        head = nil
        recent = []
    }

    /// Has a stream wait.
    /// - Parameters:
    ///   - cursor: where the stream is in the log.
    ///   - due: when to wake it in any case.
    /// - Returns: why it need not wait; `nil` where it waits.
    mutating func wait(
        _ waiter: Waiter, id: Int, for interest: FeedInterest, after cursor: Position, due: ContinuousClock.Instant
    ) -> FeedWaking? {
        if isEnding { return .end }
        guard let head else { return .events }
        if cursor < head {
            guard let oldest = recent.first?.position, oldest <= cursor + 1 else { return .events }
            let missed = recent.dropFirst(Int(cursor + 1 - oldest))
            if missed.contains(where: interest.concerns) { return .events }
        }
        waiting[id] = Waiting(waiter: waiter, interest: interest, cursor: cursor, due: due)
        for mention in interest.mentioned ?? [] { byMention[mention, default: []].insert(id) }
        if interest.mentioned == nil { unbounded.insert(id) }
        return nil
    }

    /// Takes the next event. One that has come already, or is not the next one, is left.
    /// - Returns: those that it wakes.
    mutating func take(_ mark: EventMark) -> [Waiter] {
        guard let head, mark.position == head + 1 else { return [] }
        self.head = mark.position
        recent.append(mark)
        if recent.count > memory { recent.removeFirst() }
        let candidates = mark.mentions.compactMap { byMention[$0] }.reduce(unbounded) { $0.union($1) }
        return candidates.compactMap { id in
            guard let each = waiting[id], mark.position > each.cursor, each.interest.concerns(mark) else { return nil }
            return remove(id)
        }
    }

    /// Those to wake although nothing concerned them: they have waited until now.
    mutating func overdue(_ now: ContinuousClock.Instant) -> [Waiter] {
        waiting.filter { $0.value.due <= now }.keys.compactMap { remove($0) }
    }

    /// Wakes everybody, and has nobody wait again.
    mutating func end() -> [Waiter] {
        isEnding = true
        return waiting.keys.compactMap { remove($0) }
    }

    /// Has a stream wait no longer.
    mutating func remove(_ id: Int) -> Waiter? {
        guard let removed = waiting.removeValue(forKey: id) else { return nil }
        unbounded.remove(id)
        for mention in removed.interest.mentioned ?? [] {
            byMention[mention]?.remove(id)
            if byMention[mention]?.isEmpty == true { byMention[mention] = nil }
        }
        return removed.waiter
    }
}
