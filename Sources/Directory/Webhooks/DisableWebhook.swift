import DirectoryEvents
import EventSourcing
import FoundationEssentials
import WebhooksProjection

/// Disables a webhook to which nothing can be delivered. It is the directory's own act, not that of a caller.
public struct DisableWebhook: Command {
    private let webhook: UUID
    private let version: Position
    private let cause: WebhookCause

    /// - Parameter version: the position of the event that made the webhook what it was when its deliveries failed. One that has been
    ///   changed since is left as it is.
    public init(_ webhook: UUID, asOf version: Position, _ cause: WebhookCause) {
        self.webhook = webhook
        self.version = version
        self.cause = cause
    }

    public var loads: [Load] { [.row(Webhooks.self, webhook)] }

    public func decide(_ view: View, at now: Instant) throws -> (Decision<DirectoryEvent>, Void) {
        guard let found = try view.version(Webhooks.self, webhook), found.row.isActive, found.since == version else {
            return (Decision([], by: .system), ())
        }
        let event = DirectoryEvent.webhook(webhook, organization: found.row.organization, .disabled(cause))
        return (Decision([Proposed(event)], by: .system), ())
    }

    /// - Returns: whether it was disabled.
    public func respond(_ view: View, _ outcome: Outcome, _ memo: Void) -> Bool { outcome.first != nil }
}
