import EventLog
import EventSourcing
import Postgres
import ReadModels

/// Loading: under the append lock, so that what the view holds is true until the transaction ends.
extension CommandProcessor {
    /// Loads into the view under the append lock, which is taken first if it is not held.
    /// - Returns: whether the view still stands; `false` where it was voided, and now holds just what was loaded.
    func load(_ loads: [Load]) async throws -> Bool {
        let session = try await openSession()
        let reads = readModels.reads(loads)
        guard !isLocked else {
            let rows = try await session.send(reads.map { $0.step })
            for (read, rows) in zip(reads, rows) { try read.insert(rows, into: view) }
            return true
        }
        let opening: [(Statement, [Parameter])] = [
            (Appending.begin, []), (Appending.lock, []), (Appending.head, []),
            (Appending.eventAt, [.int8(witnessed?.position ?? 0)]),
        ]
        let results = try await session.send(opening + reads.map { $0.step })
        isLocked = true
        let stands = try take(Knowledge(results[2][0]), witness: try results[3].first?.bytes(1))
        for (read, rows) in zip(reads, results[opening.count...]) { try read.insert(rows, into: view) }
        return stands
    }

    /// Takes what was read of the log, and drops the view where it rests on anything else.
    private func take(_ read: Knowledge, witness: [UInt8]?) throws -> Bool {
        // Also after the connection was lost and the view with it: the server behind it may be another by now.
        if let witnessed, witness != witnessed.hash { throw StoppedWriting.anotherLog(witnessed.position) }
        guard read.projections == readModels.registration else { throw StoppedWriting.otherReadModels }
        var read = read
        let stands = knowledge.map { $0.agrees(with: read) } ?? false
        if stands, let known = knowledge { read.clock = known.clock } else { view = View() }
        knowledge = read
        remember(read)
        return stands
    }

    /// Remembers an event that is known to have been committed.
    func remember(_ knowledge: Knowledge) {
        guard let hash = knowledge.headHash else { return }
        witnessed = (knowledge.head, hash)
    }
}
