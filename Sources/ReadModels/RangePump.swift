import EventLog
import EventSourcing
import Postgres

/// Moves the log through a fold, range by range: while one range is folded, the one before is written and the next
/// is read.
struct RangePump<Payload: EventPayload> {
    private let fold: RangeFold<Payload>
    private let reader: PostgresSession
    private let writer: PostgresSession
    private let rangeSize: Int
    /// The position up to which everything has been folded.
    private(set) var done: Position = 0

    init(_ fold: RangeFold<Payload>, reader: PostgresSession, writer: PostgresSession, rangeSize: Int) {
        self.fold = fold
        self.reader = reader
        self.writer = writer
        self.rangeSize = max(rangeSize, 1)
    }

    /// Folds and writes all that the log has, until a range is not full.
    mutating func drain(_ progress: @Sendable (RebuildProgress) -> Void) async throws {
        var pending = Pending(read: read(after: done))
        do {
            try await drain(&pending, progress)
        } catch {
            // Nothing may go on in sessions that the caller now takes for idle.
            await pending.ended()
            throw error
        }
    }

    /// What is running next to the fold: the range after it is read, the two before it are written.
    private struct Pending {
        var read: Task<[Event<Payload>], any Error>
        var write: Task<Void, any Error>?
        var before: Task<Void, any Error>?

        func ended() async {
            _ = await read.result
            _ = await before?.result
            _ = await write?.result
        }
    }

    private mutating func drain(_ pending: inout Pending, _ progress: @Sendable (RebuildProgress) -> Void) async throws
    {
        let total = try await reader.selectOne(EventLog.lastPosition)
        while true {
            try Task.checkCancellation()
            let events = try await pending.read.value
            let isLast = events.count < rangeSize
            if !isLast, let last = events.last { pending.read = read(after: last.position) }
            if events.isEmpty { break }
            // What is loaded must be what the range before has written.
            let reads = fold.reads(for: events)
            if !reads.isEmpty {
                try await pending.write?.value
                try fold.insert(try await writer.send(reads.map(\.step), deadline: .seconds(600)), of: reads)
            }
            let steps = fold.fold(events)
            // One range is written and one waits for it; with more, memory would grow as long as folding is faster.
            try await pending.before?.value
            pending.before = pending.write
            pending.write = write(steps, after: pending.before)
            done = events.last?.position ?? done
            progress(RebuildProgress(done: done, total: max(done, total)))
            if isLast { break }
        }
        try await pending.write?.value
    }

    /// Folds what has been appended meanwhile, until it is little, or never becomes little.
    mutating func catchUp(_ progress: @Sendable (RebuildProgress) -> Void) async throws {
        for _ in 0..<20 {
            let before = done
            try await drain(progress)
            if done - before < 500 { return }
        }
    }

    /// Folds what is left, in the transaction of the writer, which holds the append lock.
    mutating func finish() async throws -> Position {
        while true {
            let (statement, parameters) = Replaying.page(after: done, limit: rangeSize)
            let events: [Event<Payload>] = try Replaying.events(try await writer.query(statement, parameters))
            guard let last = events.last else { return done }
            let reads = fold.reads(for: events)
            try fold.insert(try await writer.send(reads.map(\.step)), of: reads)
            _ = try await writer.send(fold.fold(events)())
            done = last.position
        }
    }

    private func read(after position: Position) -> Task<[Event<Payload>], any Error> {
        Task { [reader, rangeSize] in
            let (statement, parameters) = Replaying.page(after: position, limit: rangeSize)
            return try Replaying.events(try await reader.query(statement, parameters, deadline: .seconds(600)))
        }
    }

    private func write(
        _ steps: @escaping @Sendable () -> [(Statement, [Parameter])], after last: Task<Void, any Error>?
    )
        -> Task<Void, any Error>
    {
        Task { [writer] in
            // Nothing is lost if this is: an interrupted rebuild begins again. The swap's commit waits for the disk, and with
            // it for all that was written before.
            let opening: [(Statement, [Parameter])] = [("begin", []), ("set local synchronous_commit = off", [])]
            let unit = opening + steps() + [("commit", [])]
            try await last?.value
            _ = try await writer.send(unit, deadline: .seconds(600))
        }
    }
}
