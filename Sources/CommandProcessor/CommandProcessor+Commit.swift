import EventLog
import EventSourcing
import Postgres
import ReadModels

/// Committing: one transaction a batch, and what became of it where the connection was lost.
extension CommandProcessor {
    enum Commit { case committed, headMoved }

    /// What a batch sends. It is the same each time it is sent.
    struct Unit {
        let batch: Batch
        /// Appends the events and writes the rows.
        let steps: [(Statement, [Parameter])]
        let erasures: [Erasure]
    }

    /// Appends a batch and writes its rows, all in one transaction.
    func commit(_ transaction: Transaction<Payload>) async throws -> Commit {
        guard let logHead else { return .headMoved }
        let append = Appending.append(transaction.batch, generation: logHead.generation)
        let unit = Unit(
            batch: transaction.batch, steps: [append] + readModels.writes(from: view), erasures: transaction.erasures)
        let session = try await openSession()
        do {
            let appended = try await send(unit, after: isLocked ? [] : [(Appending.begin, [])], in: session)
            self.logHead?.clock.set(try Appending.clock(appended))
            return committed(unit)
        } catch let error as PostgresError {
            if let refusal = AppendRefusal(error) { return try refused(refusal, logHead) }
            // Of a batch that appends nothing there is nothing to look for: it is decided again, if there is a connection.
            guard error.leavesOutcomeUnknown, !unit.batch.events.isEmpty else { throw error }
            logger.warning("lost the connection while committing", metadata: ["error": "\(error)"])
            return try await pursue(unit)
        }
    }

    /// Sends a batch and its COMMIT in one flush, unless it erases something: that is projected again from what is left before the
    /// COMMIT, which takes more.
    /// - Returns: the row of the append.
    private func send(
        _ unit: Unit, after opening: [(Statement, [Parameter])], in session: PostgresSession
    ) async throws -> Rows {
        let steps = opening + unit.steps
        guard !unit.erasures.isEmpty else {
            return try await session.send(steps + [(Appending.commit, [])])[opening.count]
        }
        let appended = try await session.send(steps)[opening.count]
        try await readModels.carryOut(unit.erasures, in: session)
        _ = try await session.query(Appending.commit)
        return appended
    }

    private func refused(_ refusal: AppendRefusal, _ logHead: LogHead) throws -> Commit {
        switch refusal {
        case .anotherLog: throw StoppedWriting.anotherLog(logHead.position)
        case .clockSetBack: throw StoppedWriting.clockSetBack
        case .headMoved, .generationMoved, .notLater: return .headMoved
        }
    }

    /// Finds out, within the deadline, whether a batch whose connection was lost has been committed.
    /// - Throws: `OutcomeUnknown` when the deadline has passed.
    private func pursue(_ unit: Unit) async throws -> Commit {
        let deadline = ContinuousClock.now.advanced(by: options.recoveryDeadline)
        while true {
            isLocked = false
            session = nil
            do {
                return try await resume(unit)
            } catch let refused as RefusedAgain {
                guard AppendRefusal(refused.error) == nil else { return .headMoved }
                throw refused.error
            } catch {
                // Whatever else it is: what became of the batch is not known yet.
                guard ContinuousClock.now < deadline else { throw OutcomeUnknown() }
            }
            // In a task of its own, so that it sleeps even if this one has been cancelled.
            await Task { try? await Task.sleep(for: .milliseconds(100)) }.value
        }
    }

    /// Looks whether the batch is there, and sends the very same again if its place is still free.
    /// - Throws: `RefusedAgain` where the server did not take it.
    private func resume(_ unit: Unit) async throws -> Commit {
        let batch = unit.batch
        let session = try await openSession()
        // With the lock in hand, whatever is left of the first try has ended or will be refused: so the lock is kept until
        // the batch has been sent again, or the first try could come through in between.
        let results = try await session.send([
            (Appending.begin, []), (Appending.lock, []), Appending.eventAt.step(batch.after + 1),
        ])
        guard let there = try Appending.eventAt.values(results[2]).first else {
            do {
                _ = try await send(unit, after: [], in: session)
            } catch let error as PostgresError {
                throw error.leavesOutcomeUnknown ? error : RefusedAgain(error: error)
            }
            return committed(unit)
        }
        guard there.id == batch.events.first?.id else { return .headMoved }
        // A row can be visible before a standby has it: a commit of one's own waits until it has.
        _ = try await session.send([(Appending.transactionID, []), (Appending.commit, [])])
        return committed(unit)
    }

    private func committed(_ unit: Unit) -> Commit {
        isLocked = false
        logHead?.position = unit.batch.head
        logHead?.hash = unit.batch.headHash
        // The tables have something else by now, and nothing of what is gone is to stay in memory.
        if !unit.erasures.isEmpty { view = View() }
        if let logHead { remember(logHead) }
        return .committed
    }
}
