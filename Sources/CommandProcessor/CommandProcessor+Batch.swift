import EventLog
import EventSourcing
import Postgres
import ReadModels

/// Deciding: one command after the other, each against the state that those before it leave.
extension CommandProcessor {
    func carryOut(_ submissions: [any Submission<Payload>]) async {
        var rest = submissions[...]
        while !rest.isEmpty { rest = rest.dropFirst(await carryOutFirst(of: Array(rest))) }
    }

    /// Carries out as many as one append takes.
    /// - Returns: how many have been answered, one way or the other; at least one.
    private func carryOutFirst(of submissions: [any Submission<Payload>]) async -> Int {
        if case .stopped(let reason) = status { return fail(submissions, ProcessorError.stopped(reason)) }
        do {
            let count = try await persist(submissions)
            view.endBatch(budget: options.cacheBudget)
            return count
        } catch let error as PostgresError {
            await recover(from: error, submissions)
            return submissions.count
        } catch is OutcomeUnknown {
            // It may have been written, so it is not tried again.
            await rollBack()
            await disconnect()
            return fail(submissions, ProcessorError.outcomeUnknown)
        } catch let stop as StoppedWriting {
            await rollBack()
            logger.critical("this node has stopped writing", metadata: ["reason": "\(stop.reason)"])
            currentStatus.withLock { $0 = .stopped(stop.reason) }
            return fail(submissions, ProcessorError.stopped(stop.reason))
        } catch {
            await rollBack()
            await isolate(submissions, error)
            return submissions.count
        }
    }

    /// Attempts a second time where what the first one met may be over.
    private func persist(_ submissions: [any Submission<Payload>]) async throws -> Int {
        do {
            return try await attempt(submissions)
        } catch let error as PostgresError {
            if error.leavesOutcomeUnknown {
                // Before COMMIT was sent nothing can have been written: once more, on a new connection.
                await rollBack()
            } else if error.isForeignSchema {
                // Read models of another version are served by now: the head says so, and stops this node.
                await rollBack()
                _ = try await load([])
            } else {
                throw error
            }
            return try await attempt(submissions)
        }
    }

    private func fail(_ submissions: [any Submission<Payload>], _ error: ProcessorError) -> Int {
        for submission in submissions { submission.fail(error) }
        return submissions.count
    }

    /// Decides all, or as many as one append takes, appends, commits and answers.
    private func attempt(_ submissions: [any Submission<Payload>]) async throws -> Int {
        while true {
            if logHead == nil { _ = try await load(submissions.flatMap { $0.loads }) }
            guard let transaction = try await decide(submissions) else { continue }
            let hasLoaded = isLocked
            let begun = ContinuousClock.now
            switch try await commit(transaction) {
            case .committed:
                metrics.commits.record(ContinuousClock.now - begun)
                metrics.events.add(transaction.batch.events.count)
                metrics.rows.count(found: !hasLoaded)
                for answer in transaction.answers { answer() }
                return transaction.answers.count
            case .headMoved:
                await rollBack()
            }
        }
    }

    /// Decides one command after the other; `nil` where another node's writes have voided the view, and all begins again.
    private func decide(_ submissions: [any Submission<Payload>]) async throws -> Transaction<Payload>? {
        guard let logHead else { return nil }
        var transaction = Transaction<Payload>(after: logHead)
        for (index, submission) in submissions.enumerated() {
            transaction.deciding = .decide
            var misses = 0
            var loaded: [Load] = []
            deciding: while true {
                do {
                    transaction.answers.append(try advance(submission, &transaction))
                    break deciding
                } catch let missing as Missing where misses < View.stepLimit && missing.loads != loaded {
                    // What is still missing when it has been loaded will never be there.
                    (misses, loaded) = (misses + 1, missing.loads)
                    var ahead = submission.loads.filter { !readModels.holds($0, in: view) }
                    if transaction.looksAhead() { ahead += foresee(submissions[(index + 1)...]) }
                    guard try await load(missing.loads + transaction.unrequested(ahead)) else { return nil }
                } catch is BatchFull {
                    return transaction
                } catch {
                    // Once its events are folded they are committed with the batch: whoever was told otherwise would have been
                    // told wrong. So the batch is given up, and decided again without this command.
                    if case .respond = transaction.deciding { throw error }
                    transaction.answers.append { submission.fail(error) }
                    break deciding
                }
            }
            // What comes next is decided on what is left.
            if !transaction.erasures.isEmpty { break }
        }
        return transaction
    }

    /// What commands further on in the batch will read, as far as the view shows by now, so that one flush loads it for all of
    /// them. Each is decided, and its response prepared, on the view as it is: what they miss is loaded too, whatever else comes of
    /// them is dropped.
    private func foresee(_ submissions: ArraySlice<any Submission<Payload>>) -> [Load] {
        let now = Instant(microseconds: 0)
        var loads: [Load] = []
        for submission in submissions {
            loads += submission.loads.filter { !readModels.holds($0, in: view) }
            do {
                let decided = try submission.decide(view, at: now)
                loads += readModels.loads(for: decided.decision.events.map { $0.payload }, in: view)
                _ = try decided.respond(view, Outcome(first: nil, last: 0, at: now))
            } catch let missing as Missing {
                loads += missing.loads
            } catch {
                // It will be refused, or not, when its turn comes.
            }
        }
        return loads
    }

    /// Takes a command as far as it goes: decides it, folds its events, and prepares its answer. What is done is not done again
    /// when a later step has to wait for a load.
    private func advance(_ submission: any Submission<Payload>, _ transaction: inout Transaction<Payload>) throws
        -> @Sendable () -> Void
    {
        if case .decide = transaction.deciding { try decide(submission, &transaction) }
        if case .fold(let decided, let now) = transaction.deciding { try fold(decided, at: now, &transaction) }
        guard case .respond(let decided, let outcome) = transaction.deciding else { return {} }
        return try decided.respond(view, outcome)
    }

    private func decide(_ submission: any Submission<Payload>, _ transaction: inout Transaction<Payload>) throws {
        let now = logHead?.clock.next() ?? Instant(microseconds: 0)
        let decided = try submission.decide(view, at: now)
        let events = decided.decision.events.count
        guard events <= View.stepLimit else {
            throw ProcessorError.tooLarge("a change may append \(View.stepLimit) events at most")
        }
        let count = transaction.batch.events.count
        guard count == 0 || count + events <= View.stepLimit else { throw BatchFull() }
        transaction.deciding = .fold(decided, at: now)
    }

    private func fold(_ decided: Decided<Payload>, at now: Instant, _ transaction: inout Transaction<Payload>) throws {
        let decision = decided.decision
        let unheld = readModels.loads(for: decision.events.map { $0.payload }, in: view)
        guard unheld.isEmpty else { throw Missing(unheld) }
        let first = transaction.batch.head + 1
        let events: [Event<Payload>]
        do {
            events = try transaction.batch.add(decision.events, by: decision.author, at: now, random: &random)
        } catch {
            throw ProcessorError.tooLarge("an event may have \(EntryTooLarge.limit) bytes at most")
        }
        for event in events {
            readModels.apply(event, in: view)
            if let stream = event.payload.erasedStream {
                transaction.erasures.append(Erasure(of: stream, at: event.position))
            }
        }
        let outcome = Outcome(first: events.isEmpty ? nil : first, last: transaction.batch.head, at: now)
        if !events.isEmpty {
            for write in decision.sideWrites { write.apply(to: view, outcome) }
        }
        transaction.deciding = .respond(decided, outcome)
    }
}
