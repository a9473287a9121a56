import EventLog
import EventSourcing
import Postgres
import ReadModels

/// Loading: under the append lock, so that what the view holds is true until the transaction ends.
extension CommandProcessor {
    /// Loads into the view under the append lock, which is taken first if it is not held.
    /// - Returns: whether the view still holds; `false` where it was voided, and now has just what was loaded.
    func load(_ loads: [Load]) async throws -> Bool {
        let session = try await openSession()
        let reads = readModels.reads(loads)
        guard !isLocked else {
            let rows = try await session.send(reads.map { $0.step })
            for (read, rows) in zip(reads, rows) { try read.insert(rows, into: view) }
            return true
        }
        let opening: [(Statement, [Parameter])] = [
            (Appending.begin, []), (Appending.lock, []), Appending.head.step,
            Appending.eventAt.step(lastCommitted?.position ?? 0),
        ]
        let results = try await session.send(opening + reads.map { $0.step })
        isLocked = true
        let holds = try take(
            LogHead(Appending.head.one(results[2])), lastHash: Appending.eventAt.values(results[3]).first?.leafHash)
        for (read, rows) in zip(reads, results[opening.count...]) { try read.insert(rows, into: view) }
        return holds
    }

    /// Takes the head that was read, and drops the view where it rests on another.
    /// - Parameter lastHash: the leaf hash that the log has at the position of `lastCommitted`.
    private func take(_ read: LogHead, lastHash: [UInt8]?) throws -> Bool {
        // Checked even after connection and view were lost: the server at the other end may be another by now.
        if let lastCommitted, lastHash != lastCommitted.hash {
            throw StoppedWriting.anotherLog(lastCommitted.position)
        }
        guard read.projections == readModels.registration else { throw StoppedWriting.otherReadModels }
        let known = logHead
        logHead = read
        remember(read)
        if let known, known.agrees(with: read) {
            logHead?.clock = known.clock
            return true
        }
        view = View()
        return false
    }

    /// Remembers an event that is known to have been committed.
    func remember(_ head: LogHead) {
        guard let hash = head.hash else { return }
        lastCommitted = (head.position, hash)
    }
}
