import EventLog
public import EventSourcing
public import Logging
public import Postgres
public import ReadModels
public import ServiceLifecycle
import Synchronization

/// Carries commands out: load, decide in series, commit in groups.
///
/// Commands that arrive while a batch is under way are the next batch. A batch is one database transaction under one lock,
/// so each command is decided against the state at the very position before its events, whichever node decides. Nothing is
/// speculative, and nobody is answered before the transaction is durable, the refused included.
public actor CommandProcessor<Payload: EventPayload>: Service {
    /// What can be set.
    public struct Options: Sendable {
        /// How many commands a batch takes at most.
        public var batchLimit = 256
        /// Bytes that cached rows and lookups may take, roughly.
        public var cacheBudget = 64 << 20
        /// How long a batch whose outcome is unknown is pursued before its callers are told so.
        public var recoveryDeadline = Duration.seconds(15)

        /// The usual.
        public init() {}
    }

    private let configuration: ConnectionConfiguration
    private let readModels: ReadModels<Payload>
    private let options: Options
    private let logger: Logger
    private let queue = SubmissionQueue<Payload>()
    private let currentStatus = Mutex(ProcessorStatus.connecting)

    private var session: PostgresSession?
    private var view = View()
    private var knowledge: Knowledge?
    /// Whether the append lock is held, in a transaction that has been begun.
    private var isLocked = false

    /// A processor with a connection of its own.
    public init(
        _ configuration: ConnectionConfiguration, readModels: ReadModels<Payload>, options: Options = Options(),
        logger: Logger
    ) {
        self.configuration = configuration
        self.readModels = readModels
        self.options = options
        self.logger = logger
    }

    /// The session settings that the processor's statements rely on.
    public static var sessionSettings: [String: String] {
        [
            // Plans made while tables were empty would scan them for ever.
            "enable_seqscan": "off", "plan_cache_mode": "force_generic_plan",
            "default_transaction_isolation": "read committed", "synchronous_commit": "on",
            // A node that hangs inside a transaction holds the append lock: the server ends it.
            "idle_in_transaction_session_timeout": "5s", "jit": "off",
        ]
    }

    /// Whether commands are carried out at the moment.
    public nonisolated var status: ProcessorStatus { currentStatus.withLock { $0 } }

    /// Carries a command out and answers once its events are durable.
    /// - Throws: the command's refusal, or `ProcessorError`.
    public nonisolated func submit<C: Command>(_ command: C) async throws -> C.Answer where C.Payload == Payload {
        try await withCheckedThrowingContinuation { caller in
            let ticket = Ticket(command: command, caller: caller)
            if !queue.add(ticket) { ticket.fail(ProcessorError.shuttingDown) }
        }
    }

    /// Works until graceful shutdown; what was submitted before is still carried out.
    public func run() async throws {
        await withGracefulShutdownHandler {
            await connect()
            while let batch = await queue.next(limit: options.batchLimit) { await carryOut(batch) }
            await session?.close()
        } onGracefulShutdown: {
            self.queue.close()
        }
    }

    // MARK: A batch

    private func carryOut(_ submissions: [any Submission<Payload>]) async {
        if case .stopped(let reason) = status {
            for submission in submissions { submission.fail(ProcessorError.stopped(reason)) }
            return
        }
        do {
            do {
                try await attempt(submissions)
            } catch let error as PostgresError where error.leavesOutcomeUnknown {
                // Before COMMIT was sent nothing can have been written: once more, on a connection of today.
                await rollBack()
                try await attempt(submissions)
            }
            view.endBatch(budget: options.cacheBudget)
        } catch let error as PostgresError {
            await recover(from: error, submissions)
        } catch let stop as StoppedWriting {
            await rollBack()
            logger.critical("this node has stopped writing", metadata: ["reason": "\(stop.reason)"])
            currentStatus.withLock { $0 = .stopped(stop.reason) }
            for submission in submissions { submission.fail(ProcessorError.stopped(stop.reason)) }
        } catch {
            // The text of an error may hold a row's values; its type does not.
            await rollBack()
            logger.error("a batch failed", metadata: ["error": "\(type(of: error))"])
            for submission in submissions { submission.fail(ProcessorError.failed("a row cannot be read")) }
        }
    }

    /// Decides all, appends, commits and answers.
    private func attempt(_ submissions: [any Submission<Payload>]) async throws {
        while true {
            if knowledge == nil { _ = try await load(submissions.flatMap(\.loads)) }
            guard var transaction = try await decide(submissions) else { continue }
            switch try await commit(&transaction) {
            case .committed:
                for answer in transaction.answers { answer() }
                return
            case .headMoved:
                await rollBack()
            }
        }
    }

    /// Decides one command after the other; `nil` where another node's writes have voided the view, and all begins anew.
    private func decide(_ submissions: [any Submission<Payload>]) async throws -> Transaction<Payload>? {
        guard let known = knowledge else { return nil }
        var transaction = Transaction<Payload>(known)
        for (index, submission) in submissions.enumerated() {
            transaction.deciding = .decide
            deciding: while true {
                do {
                    transaction.answers.append(try advance(submission, &transaction))
                    break deciding
                } catch let missing as Missing {
                    let ahead = submissions[index...].flatMap(\.loads).filter { !readModels.holds($0, in: view) }
                    guard try await load(missing.loads + ahead) else { return nil }
                } catch {
                    transaction.answers.append { submission.fail(error) }
                    break deciding
                }
            }
        }
        return transaction
    }

    /// Takes a command as far as it goes: decides it, folds its events, and prepares its answer.
    private func advance(_ submission: any Submission<Payload>, _ transaction: inout Transaction<Payload>) throws
        -> @Sendable () -> Void
    {
        if case .decide = transaction.deciding {
            transaction.deciding = .answer(try settle(submission, &transaction))
        }
        guard case .answer(let outcome) = transaction.deciding else { return {} }
        return try submission.answer(view, outcome)
    }

    private func settle(_ submission: any Submission<Payload>, _ transaction: inout Transaction<Payload>) throws
        -> Outcome
    {
        let now = knowledge?.clock.next() ?? Instant(microseconds: 0)
        let decision = try submission.decide(view, at: now)
        guard decision.events.count <= View.stepLimit else {
            throw ProcessorError.tooLarge("a change may append \(View.stepLimit) events at most")
        }
        let count = transaction.batch.events.count
        let first = transaction.batch.head + 1
        var random = SystemRandomNumberGenerator()
        let events: [Event<Payload>]
        do {
            events = try transaction.batch.add(decision.events, by: decision.author, at: now, random: &random)
        } catch {
            throw ProcessorError.tooLarge("an event may have \(EntryTooLarge.limit) bytes at most")
        }
        let unheld = events.flatMap { readModels.loads(for: $0, in: view) }
        guard unheld.isEmpty else {
            transaction.batch.truncate(to: count)
            throw Missing(unheld)
        }
        for event in events { readModels.apply(event, in: view) }
        if let receipt = decision.receipt, !events.isEmpty {
            let kept = KeptReceipt(receipt, position: transaction.batch.head, at: now)
            transaction.receipts.append(kept)
            view.insert(kept, under: receipt.digest)
        }
        return Outcome(first: events.isEmpty ? nil : first, last: transaction.batch.head, at: now)
    }

    // MARK: The database

    /// Loads into the view under the append lock, which is taken first if it is not held.
    /// - Returns: whether the view still stands; `false` where it was voided, and now holds just what was loaded.
    private func load(_ loads: [Load]) async throws -> Bool {
        let session = try await openSession()
        let reads = readModels.reads(loads)
        guard !isLocked else {
            let rows = try await session.send(reads.map(\.step))
            for (read, rows) in zip(reads, rows) { try read.insert(rows, into: view) }
            return true
        }
        let opening: [(Statement, [Parameter])] = [(Appending.begin, []), (Appending.lock, []), (Appending.head, [])]
        let results = try await session.send(opening + reads.map(\.step))
        isLocked = true
        var read = try Knowledge(results[2][0])
        if let known = knowledge, known.contradicts(read) { throw StoppedWriting.anotherLog(known.head) }
        let stands = knowledge.map { $0.agrees(with: read) } ?? false
        if stands, let known = knowledge { read.clock = known.clock } else { view = View() }
        knowledge = read
        for (read, rows) in zip(reads, results[opening.count...]) { try read.insert(rows, into: view) }
        return stands
    }

    private enum Commit { case committed, headMoved }

    private func commit(_ transaction: inout Transaction<Payload>) async throws -> Commit {
        guard let known = knowledge else { return .headMoved }
        let session = try await openSession()
        let batch = transaction.batch
        var steps: [(Statement, [Parameter])] = isLocked ? [] : [(Appending.begin, [])]
        let appendIndex = steps.count
        steps.append(Appending.append(batch, generation: known.generation))
        steps += readModels.writes(from: view)
        if !transaction.receipts.isEmpty { steps.append(Receipts.write(transaction.receipts)) }
        steps.append((Appending.commit, []))
        do {
            let results = try await session.send(steps)
            isLocked = false
            knowledge?.head = batch.head
            knowledge?.headHash = batch.headHash
            knowledge?.clock.set(Instant(microseconds: try results[appendIndex][0].microseconds(0)))
            return .committed
        } catch let error where AppendRefusal(error) != nil {
            switch AppendRefusal(error) {
            case .anotherLog: throw StoppedWriting.anotherLog(known.head)
            case .clockSetBack: throw StoppedWriting.clockSetBack
            default: return .headMoved
            }
        } catch let error where error.leavesOutcomeUnknown {
            return try await pursue(batch, isLocked ? [(Appending.begin, [])] + steps : steps, known.generation, error)
        }
    }

    /// Finds out whether a batch whose connection was lost has been committed, and sends the very same again if not.
    private func pursue(
        _ batch: Batch, _ steps: [(Statement, [Parameter])], _ generation: Int64, _ error: PostgresError
    ) async throws -> Commit {
        logger.warning("connection lost while committing; finding out whether it was", metadata: ["error": "\(error)"])
        let deadline = ContinuousClock.now.advanced(by: options.recoveryDeadline)
        while true {
            isLocked = false
            session = nil
            do {
                let session = try await openSession()
                // With the lock in hand, whatever is left of the first try has ended or will be refused.
                let results = try await session.send([
                    (Appending.begin, []), (Appending.lock, []), (Appending.eventAt, [.int8(batch.after + 1)]),
                ])
                _ = try await session.query(Appending.rollback)
                guard let row = results[2].first else {
                    guard !batch.events.isEmpty else { return .headMoved }
                    _ = try await session.send(steps)
                    return committed(batch)
                }
                guard let own = batch.events.first, try row.uuid(0) == own.id else { return .headMoved }
                // A row can be visible before a standby has it: a commit of one's own waits until it has.
                _ = try await session.send([
                    (Appending.begin, []), ("select pg_current_xact_id()", []), (Appending.commit, []),
                ])
                return committed(batch)
            } catch let retry where retry.isOutage && ContinuousClock.now < deadline {
                try? await Task.sleep(for: .milliseconds(100))
            } catch let refusal where AppendRefusal(refusal) != nil {
                return .headMoved
            }
        }
    }

    private func committed(_ batch: Batch) -> Commit {
        knowledge?.head = batch.head
        knowledge?.headHash = batch.headHash
        return .committed
    }

    // MARK: Trouble

    private func recover(from error: PostgresError, _ submissions: [any Submission<Payload>]) async {
        await rollBack()
        switch error {
        case .server(let cause) where ["22", "23", "54"].contains(cause.sqlState.prefix(2)):
            guard submissions.count > 1 else {
                logger.error("the database refused a command's rows", metadata: ["sqlstate": "\(cause.sqlState)"])
                let failure: ProcessorError =
                    cause.sqlState.hasPrefix("54") ? .tooLarge("a limit of the database") : .failed(cause.sqlState)
                submissions.first?.fail(failure)
                return
            }
            // Halve the batch until the culprit stands alone; the rest is decided anew.
            let middle = submissions.count / 2
            await carryOut(Array(submissions[..<middle]))
            await carryOut(Array(submissions[middle...]))
        default:
            logger.warning("the database is out of reach", metadata: ["error": "\(error)"])
            if error.isOutage { await disconnect() }
            for submission in submissions { submission.fail(ProcessorError.unavailable("the database is out of reach")) }
        }
    }

    /// Gives the transaction up, if there is one, and with it all that the view holds.
    private func rollBack() async {
        view = View()
        knowledge = nil
        guard isLocked || session != nil else { return }
        isLocked = false
        guard let session, (try? await session.query(Appending.rollback)) != nil else { return await disconnect() }
    }

    private func openSession() async throws(PostgresError) -> PostgresSession {
        if let session, session.isOpen { return session }
        isLocked = false
        let opened = try await PostgresSession.connect(configuration, logger: logger)
        session = opened
        currentStatus.withLock { $0 = .ready }
        return opened
    }

    private func connect() async {
        if (try? await openSession()) == nil { logger.warning("no connection to the database yet") }
    }

    private func disconnect() async {
        isLocked = false
        let lost = session
        session = nil
        currentStatus.withLock { if $0 == .ready { $0 = .connecting } }
        await lost?.close()
    }
}
