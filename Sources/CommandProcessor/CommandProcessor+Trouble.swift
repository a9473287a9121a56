import EventLog
import EventSourcing
import Postgres
import ReadModels

/// Trouble: batches that fail, connections that come and go.
extension CommandProcessor {
    func recover(from error: PostgresError, _ submissions: [any Submission<Payload>]) async {
        await rollBack()
        guard error.isOutage || error.isTransient else { return await isolate(submissions, error) }
        logger.warning("the database is out of reach", metadata: ["error": "\(error)"])
        var waiting: [any Submission<Payload>] = []
        if error.isOutage {
            await disconnect()
            // They would each wait as long to be told the same.
            waiting = queue.takeWaiting()
        }
        for submission in submissions + waiting {
            submission.fail(ProcessorError.unavailable("the database is out of reach"))
        }
    }

    /// Halves a batch that cannot be carried out until the culprit is alone; the others are decided again.
    func isolate(_ submissions: [any Submission<Payload>], _ error: any Error) async {
        guard submissions.count == 1 else {
            let middle = submissions.count / 2
            await carryOut(Array(submissions[..<middle]))
            await carryOut(Array(submissions[middle...]))
            return
        }
        // The text of an error may hold a row's values; an SQLSTATE and a type do not, nor what `UnreadableRow` says.
        let reason =
            switch error {
            case let error as PostgresError: error.sqlState ?? "\(type(of: error))"
            case let error as UnreadableRow: error.description
            default: "\(type(of: error))"
            }
        logger.error("a command cannot be carried out", metadata: ["error": "\(reason)"])
        // SQLSTATE class 54: program limit exceeded.
        let isLimit = (error as? PostgresError)?.sqlState?.hasPrefix("54") ?? false
        submissions[0].fail(isLimit ? ProcessorError.tooLarge("a limit of the database") : .failed(reason))
    }

    /// Gives the transaction up, if there is one, and with it all that the view holds.
    func rollBack() async {
        view = View()
        logHead = nil
        guard isLocked || session != nil else { return }
        isLocked = false
        guard let session, (try? await session.query(Appending.rollback)) != nil else { return await disconnect() }
    }

    func openSession() async throws(PostgresError) -> PostgresSession {
        if let session, session.isOpen { return session }
        isLocked = false
        let opened = try await PostgresSession.connect(configuration, logger: logger, eventLoop: eventLoop)
        session = opened
        currentStatus.withLock { $0 = .ready }
        return opened
    }

    func connect() async {
        if (try? await openSession()) == nil { logger.warning("no connection to the database yet") }
    }

    func disconnect() async {
        isLocked = false
        let lost = session
        session = nil
        currentStatus.withLock { if $0 == .ready { $0 = .connecting } }
        await lost?.close()
    }
}

extension PostgresError {
    /// Whether the same statement may succeed at once: serialization failures and deadlocks, a lock not available, a statement
    /// cancelled.
    fileprivate var isTransient: Bool {
        guard let sqlState else { return false }
        return sqlState.hasPrefix("40") || ["55P03", "57014"].contains(sqlState)
    }
}
