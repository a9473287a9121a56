import EventSourcing
import FoundationEssentials

/// What can happen to an app, in the stream of the organization that uses it.
public enum AppEvent: Sendable, Equatable {
    case added(type: String, internal: Bool?, name: Erasable?, externalID: Erasable?, appData: ErasableValue?)
    /// Members of it changed: `type`, `internal`, `name`, `externalId`, `appData`.
    case changed([ValueChange])
    case secretsChanged(SecretNames)
    /// It became INACTIVE.
    case deactivated
    /// It became ACTIVE again.
    case activated

    func content(of app: UUID) -> EventContent {
        switch self {
        case .added(let type, let isInternal, let name, let externalID, let appData):
            Self.addition.content(app, type, isInternal, name, externalID, appData)
        case .changed(let changes): Self.change.content(app, changes)
        case .secretsChanged(let names): Self.secretChange.content(app, names)
        case .deactivated: Self.deactivation.content(app)
        case .activated: Self.activation.content(app)
        }
    }

    static let types = DeclaredType.all(
        [
            addition, change, secretChange, deactivation, activation,
        ] as [any ReadableEventType<(UUID, AppEvent)>]
    ) { stored, found in
        .app(found.0, organization: stored.payload.stream, found.1)
    }

    private static let addition = EventType(
        .organization, "app_added", "An organization uses another app.", .related(.app), .word("type"),
        .optionalFlag("internal"), .optionalSealed("name"), .optionalSealed("externalId"),
        .optionalSealedValue("appData"),
        trail: .added(
            "/apps",
            .object([
                ("id", .related), ("externalId", .sealed("externalId")), ("internal", .word("internal")),
                ("name", .sealed("name")), ("type", .word("type")), ("appData", .sealed("appData")),
            ]))
    ) { ($0, AppEvent.added(type: $1, internal: $2, name: $3, externalID: $4, appData: $5)) }

    private static let change = EventType(
        .organization, "app_changed", "What an organization says of an app changed.", .related(.app),
        .valueChanges(data: ["type", "internal"], sealed: ["name", "externalId", "appData"]),
        trail: .replaced(
            "/apps",
            .object([
                ("id", .related), ("externalId", .change), ("internal", .change), ("name", .change), ("type", .change),
                ("appData", .change),
            ]))
    ) { ($0, AppEvent.changed($1)) }

    private static let secretChange = EventType(
        .organization, "app_secrets_changed", "Secrets of an app got new values, or were removed.", .related(.app),
        .secretNames(set: "set", removed: "removed"),
        trail: .replaced(
            "/apps", .object([("id", .related), ("secretData", .secrets(set: "set", removed: "removed"))]))
    ) { ($0, AppEvent.secretsChanged($1)) }

    private static let deactivation = EventType(
        .organization, "app_deactivated", "An app became INACTIVE: it is not searched for any longer.", .related(.app),
        trail: .replaced("/apps", statusElement(from: .active, to: .inactive))
    ) { ($0, AppEvent.deactivated) }

    private static let activation = EventType(
        .organization, "app_activated", "An app became ACTIVE again.", .related(.app),
        trail: .replaced("/apps", statusElement(from: .inactive, to: .active))
    ) { ($0, AppEvent.activated) }

    private static func statusElement(from: Status, to: Status) -> EventDeclaration.Element {
        .object([("id", .related), ("status", .status(from: from, to: to))])
    }
}
