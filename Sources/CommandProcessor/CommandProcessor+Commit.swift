import EventLog
import EventSourcing
import Postgres
import ReadModels

/// Committing: one transaction a batch, and what became of it where the connection was lost.
extension CommandProcessor {
    enum Commit { case committed, headMoved }

    /// Appends a batch and writes its rows, all in one flush, in one transaction.
    func commit(_ transaction: Transaction<Payload>) async throws -> Commit {
        guard let logHead else { return .headMoved }
        let batch = transaction.batch
        var steps: [(Statement, [Parameter])] = [Appending.append(batch, generation: logHead.generation)]
        steps += readModels.writes(from: view)
        steps.append((Appending.commit, []))
        let session = try await openSession()
        let opening: [(Statement, [Parameter])] = isLocked ? [] : [(Appending.begin, [])]
        do {
            let results = try await session.send(opening + steps)
            self.logHead?.clock.set(try Appending.clock(results[opening.count]))
            return committed(batch)
        } catch {
            if let refusal = AppendRefusal(error) { return try refused(refusal, logHead) }
            // Of a batch that appends nothing there is nothing to look for: it is decided again, if there is a connection.
            guard error.leavesOutcomeUnknown, !batch.events.isEmpty else { throw error }
            logger.warning("lost the connection while committing", metadata: ["error": "\(error)"])
            return try await pursue(batch, steps)
        }
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
    private func pursue(_ batch: Batch, _ steps: [(Statement, [Parameter])]) async throws -> Commit {
        let deadline = ContinuousClock.now.advanced(by: options.recoveryDeadline)
        while true {
            isLocked = false
            session = nil
            do {
                return try await resume(batch, steps)
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
    private func resume(_ batch: Batch, _ steps: [(Statement, [Parameter])]) async throws -> Commit {
        let session = try await openSession()
        // With the lock in hand, whatever is left of the first try has ended or will be refused: so the lock is kept until
        // the batch has been sent again, or the first try could come through in between.
        let results = try await session.send([
            (Appending.begin, []), (Appending.lock, []), Appending.eventAt.step(batch.after + 1),
        ])
        guard let there = try Appending.eventAt.values(results[2]).first else {
            do {
                _ = try await session.send(steps)
            } catch {
                throw error.leavesOutcomeUnknown ? error : RefusedAgain(error: error)
            }
            return committed(batch)
        }
        guard there.id == batch.events.first?.id else { return .headMoved }
        // A row can be visible before a standby has it: a commit of one's own waits until it has.
        _ = try await session.send([(Appending.transactionID, []), (Appending.commit, [])])
        return committed(batch)
    }

    private func committed(_ batch: Batch) -> Commit {
        isLocked = false
        logHead?.position = batch.head
        logHead?.hash = batch.headHash
        if let logHead { remember(logHead) }
        return .committed
    }
}
