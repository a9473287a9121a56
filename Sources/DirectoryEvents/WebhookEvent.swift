import EventSourcing
import FoundationEssentials

/// What can happen to a webhook, in the stream of the organization whose events it receives.
public enum WebhookEvent: Sendable, Equatable {
    /// It was created. It receives events of these types, or all events if there are none.
    case created(types: [String], url: Erasable, name: Erasable?)
    /// Members of it changed: `types`, `url`, `name`.
    case changed([ValueChange])
    /// It became INACTIVE: it receives nothing.
    case disabled(WebhookCause)
    /// It became ACTIVE again.
    case enabled(WebhookCause)
    case deleted(WebhookCause)

    func content(of webhook: UUID) -> EventContent {
        switch self {
        case .created(let types, let url, let name): Self.creation.content(webhook, types, url, name)
        case .changed(let changes): Self.change.content(webhook, changes)
        case .disabled(let cause): Self.disabling.content(webhook, cause.rawValue)
        case .enabled(let cause): Self.enabling.content(webhook, cause.rawValue)
        case .deleted(let cause): Self.deletion.content(webhook, cause.rawValue)
        }
    }

    static let types = DeclaredType.all(
        [creation, change, disabling, enabling, deletion] as [any ReadableEventType<(UUID, WebhookEvent)>]
    ) { stored, found in
        .webhook(found.0, organization: stored.payload.stream, found.1)
    }

    private static let creation = EventType(
        .organization, "webhook_created",
        "A webhook was created. It receives events of these types, or all events if there are none.",
        .related(.webhook),
        .words("types"), .sealed("url"), .optionalSealed("name"),
        trail: .added(
            "/webhooks",
            .object([
                ("id", .related), ("url", .sealed("url")), ("name", .sealed("name")), ("types", .word("types")),
            ]))
    ) { ($0, WebhookEvent.created(types: $1, url: $2, name: $3)) }

    private static let change = EventType(
        .organization, "webhook_changed", "A webhook's address, name or types changed.", .related(.webhook),
        .valueChanges(data: ["types"], sealed: ["url", "name"]),
        trail: .replaced(
            "/webhooks", .object([("id", .related), ("url", .change), ("name", .change), ("types", .change)]))
    ) { ($0, WebhookEvent.changed($1)) }

    private static let disabling = EventType(
        .organization, "webhook_disabled",
        """
        A webhook became INACTIVE: on request (REQUESTED), since deliveries had failed for five days (FAILING), since the receiver \
        said that it is gone (GONE), or since its secret is missing after a restore (NO_SECRET).
        """,
        .related(.webhook), .word("cause"), trail: .replaced("/webhooks", statusElement(from: .active, to: .inactive))
    ) { ($0, WebhookEvent.disabled(WebhookCause(rawValue: $1))) }

    private static let enabling = EventType(
        .organization, "webhook_enabled", "A webhook became ACTIVE again, and continues where it stopped.",
        .related(.webhook), .word("cause"), trail: .replaced("/webhooks", statusElement(from: .inactive, to: .active))
    ) { ($0, WebhookEvent.enabled(WebhookCause(rawValue: $1))) }

    private static let deletion = EventType(
        .organization, "webhook_deleted", "A webhook was deleted.", .related(.webhook), .word("cause"),
        trail: .removed("/webhooks", .object([("id", .related)]))
    ) { ($0, WebhookEvent.deleted(WebhookCause(rawValue: $1))) }

    private static func statusElement(from: Status, to: Status) -> EventDeclaration.Element {
        .object([("id", .related), ("status", .status(from: from, to: to))])
    }
}

/// Why a webhook was disabled, enabled or deleted.
public struct WebhookCause: RawRepresentable, Sendable, Hashable {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public static let requested = WebhookCause(rawValue: "REQUESTED")
    /// Its deliveries had failed for five days.
    public static let failing = WebhookCause(rawValue: "FAILING")
    /// Its receiver answered 410.
    public static let gone = WebhookCause(rawValue: "GONE")
    /// Its secret is missing: a log that is restored from an export has no secrets.
    public static let noSecret = WebhookCause(rawValue: "NO_SECRET")
}
