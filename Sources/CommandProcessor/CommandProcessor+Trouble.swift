import EventLog
import EventSourcing
import Postgres

/// Trouble: batches that fail, connections that go and come.
extension CommandProcessor {
    func recover(from error: PostgresError, _ submissions: [any Submission<Payload>]) async {
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
            for submission in submissions {
                submission.fail(ProcessorError.unavailable("the database is out of reach"))
            }
        }
    }

    /// Gives the transaction up, if there is one, and with it all that the view holds.
    func rollBack() async {
        view = View()
        knowledge = nil
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
