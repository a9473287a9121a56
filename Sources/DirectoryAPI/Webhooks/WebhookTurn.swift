import CommandProcessor
import Directory
import DirectoryEvents
import EventLog
import EventSourcing
import Logging
import Postgres

/// One webhook's turn: some of its events, one after the other, until there is none, one cannot be delivered, or others have waited for
/// long enough.
///
/// What is delivered is read just before it is sent, so that what was erased meanwhile is sent to nobody. What became of it is written in
/// the session of the node that delivers: once another node does, nothing is written or sent here.
struct WebhookTurn: Sendable {
    /// How many events a turn has at most, and how many events without interest it skips before that is noted.
    private static let (events, skipped): (Int, Position) = (100, 1000)

    let webhook: DueWebhook
    let service: DirectoryService
    let session: PostgresSession
    /// Where CloudEvents come from.
    let source: String

    /// - Returns: whether there is more to deliver at once.
    func run() async throws -> Bool {
        var connection: WebhookConnection?
        let result: Result<Bool, any Error>
        do { result = .success(try await deliver(&connection)) } catch { result = .failure(error) }
        await connection?.close()
        return try result.get()
    }

    private func deliver(_ connection: inout WebhookConnection?) async throws -> Bool {
        var version: Position?
        for _ in 0..<WebhookTurn.events {
            try Task.checkCancellation()
            guard let known = try await deliverable() else { return false }
            // What has happened since an attempt failed gives the webhook another turn, but no earlier attempt.
            if let due = known.nextAttempt, due > service.webhooks.options.clock() { return false }
            guard let (entry, isBehind) = try await next(after: known) else { return false }
            // What is about to be sent may have happened since: the end of the organization, or of the webhook.
            guard let state = try await deliverable() else { return false }
            guard state.version == known.version else { return true }
            if version != state.version {
                await connection?.close()
                connection = state.url.map { WebhookConnection(to: $0, service.webhooks.options) }
                version = state.version
            }
            let message = WebhookMessage(id: entry.id, body: entry.cloudEvent(from: source))
            let secret = state.sealedSecret.flatMap { sealed in
                try? service.secrets.open(sealed, of: Secrets.Key(owner: state.id))
            }
            guard secret != nil, connection != nil else {
                try await disable(state, .noSecret)
                return false
            }
            guard var open = connection else { return false }
            let (outcome, attempt) = await service.webhooks.attempt(
                message, position: entry.position, number: state.failures + 1, secret: secret, over: &open)
            connection = open
            // A turn that was ended says nothing of the receiver.
            try Task.checkCancellation()
            guard try await note(outcome, attempt, of: entry, isBehind, state) else { return false }
        }
        return true
    }

    /// What is delivered to the webhook, and where; `nil` where nothing is.
    private func deliverable() async throws -> DeliverableWebhook? {
        try await session.select(WebhookStatements.webhook, webhook.id).first
    }

    /// The next event that the webhook asks for, and whether there are more; `nil` if there is none.
    private func next(after state: DeliverableWebhook) async throws -> (entry: AuditEntry, isBehind: Bool)? {
        var filter = AuditFilter()
        filter.types = state.types
        filter.limit = 1
        filter.examined = Int(WebhookTurn.skipped)
        filter.after = state.position
        while true {
            let page = try await AuditTrail(service.feed.pool).page(filter, ofOrganization: state.organization)
            if let entry = page.entries.first { return (entry, !page.isComplete) }
            let through = page.next ?? filter.after
            if state.isBehind || through - state.position >= WebhookTurn.skipped {
                _ = try await session.query(WebhookStatements.advance, (state.id, through))
            }
            if page.isComplete { return nil }
            filter.after = through
        }
    }

    /// Writes what became of an attempt.
    /// - Returns: whether the next event may be delivered now.
    private func note(
        _ outcome: WebhookOutcome, _ attempt: WebhookAttempt, of entry: AuditEntry, _ isBehind: Bool,
        _ state: DeliverableWebhook
    ) async throws -> Bool {
        let record = WebhookStatements.record
        let recorded = (record.statement, record.parameters((webhook: state.id, attempt: attempt)))
        if outcome.isSuccess {
            let query = WebhookStatements.delivered
            _ = try await session.send([
                (query.statement, query.parameters((webhook: state, position: entry.position, isBehind: isBehind))),
                recorded,
            ])
            return true
        }
        let now = service.webhooks.options.clock(), since = state.failingSince ?? attempt.time
        let next =
            outcome.isGone
            ? nil
            : WebhookSchedule.nextAttempt(
                after: attempt.number, since: since, now: now, notBefore: outcome.earliestRetry(now: now),
                jitter: Double.random(in: 0...1))
        let query = WebhookStatements.failed
        _ = try await session.send([
            (query.statement, query.parameters((webhook: state, since: since, next: next))), recorded,
        ])
        if next == nil { try await disable(state, outcome.isGone ? .gone : .failing) }
        return false
    }

    private func disable(_ state: DeliverableWebhook, _ cause: WebhookCause) async throws {
        _ = try await service.processor.submit(DisableWebhook(state.id, asOf: state.version, cause))
        service.logger.notice(
            "webhook disabled", metadata: ["webhook": "\(state.id.text)", "cause": "\(cause.rawValue)"])
    }
}
