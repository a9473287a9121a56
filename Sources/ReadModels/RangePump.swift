import EventLog
import EventSourcing
import Postgres

/// Moves the log through a fold, range by range: while one range is folded, the one before is written and the one behind
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
        let total = try await reader.query("select coalesce(max(position), 0) from log.events")[0].int(0)
        var read = read(after: done)
        var write: Task<Void, any Error>?, before: Task<Void, any Error>?
        while true {
            try Task.checkCancellation()
            let events = try await read.value
            let isLast = events.count < rangeSize
            if !isLast, let last = events.last { read = self.read(after: last.position) }
            if events.isEmpty { break }
            // What is loaded must be what the range before has written.
            let reads = fold.reads(for: events)
            if !reads.isEmpty {
                try await write?.value
                try fold.insert(try await writer.send(reads.map(\.step), deadline: .seconds(600)), of: reads)
            }
            let steps = fold.fold(events)
            // One range is written and one waits for it; no more, or memory would grow as long as folding is faster.
            try await before?.value
            before = write
            write = self.write(steps, after: before)
            done = events.last?.position ?? done
            progress(RebuildProgress(done: done, total: max(done, total)))
            if isLast { break }
        }
        try await write?.value
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
            // Nothing is lost if this is: an interrupted rebuild begins anew. The swap's commit waits for the disk, and with
            // it for all that was written before.
            let opening: [(Statement, [Parameter])] = [("begin", []), ("set local synchronous_commit = off", [])]
            let unit = opening + steps() + [("commit", [])]
            try await last?.value
            _ = try await writer.send(unit, deadline: .seconds(600))
        }
    }
}
