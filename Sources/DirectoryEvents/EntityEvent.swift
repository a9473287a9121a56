import CanonicalJSON
import EventSourcing
import FoundationEssentials

/// What can happen to entities of several kinds alike. Each kind has types of its own: `employee.activated`.
public enum EntityEvent: Sendable, Equatable {
    case profileChanged([ProfileChange])
    /// It became INACTIVE.
    case deactivated
    /// It became ACTIVE again.
    case activated
    /// It got an id in an app, under a namespace, or what was said of that changed: `mappedId`, `reference`, `mappingData`. The
    /// mapping has an id of its own.
    case mappingSet(app: UUID, mapping: UUID, namespace: Erasable, [ValueChange], secrets: SecretNames)
    case mappingRemoved(app: UUID, mapping: UUID, namespace: Erasable, mappedID: Erasable)
    /// Its preferences of a namespace were set; they have an id of their own.
    case preferencesSet(UUID, namespace: Erasable, values: Change<JSON>)
    case preferencesRemoved(UUID, namespace: Erasable, values: Change<JSON>)
    /// It became ERASED, for good: what clients chose in its events before this one is gone. The reason is a word.
    case erased(reason: String)

    func content(of kind: EntityKind) -> EventContent {
        let types = Types.of(kind)
        return switch self {
        case .profileChanged(let changes): types.profileChanged.content(changes)
        case .deactivated: types.deactivated.content()
        case .activated: types.activated.content()
        case .mappingSet(let app, let mapping, let namespace, let changes, let secrets):
            types.mappingSet.content(app, mapping, namespace, changes, secrets)
        case .mappingRemoved(let app, let mapping, let namespace, let mappedID):
            types.mappingRemoved.content(app, mapping, namespace, mappedID)
        case .preferencesSet(let id, let namespace, let values):
            types.preferencesSet.content(id, namespace, values)
        case .preferencesRemoved(let id, let namespace, let values):
            types.preferencesRemoved.content(id, namespace, values)
        case .erased(let reason): types.erased.content(reason)
        }
    }

    /// The types of a kind that are written.
    static func types(of kind: EntityKind) -> [any ReadableEventType<EntityEvent>] {
        let types = Types.of(kind)
        return (kind.profileFields.isEmpty ? [] : [types.profileChanged]) + [
            types.deactivated, types.activated, types.mappingSet, types.mappingRemoved, types.preferencesSet,
            types.preferencesRemoved,
        ] + (kind.canBeErased ? [types.erased] : [])
    }
}

/// The types of one kind.
private struct Types: Sendable {
    let profileChanged: EventType<EntityEvent, [ProfileChange]>
    let deactivated: EventType<EntityEvent>
    let activated: EventType<EntityEvent>
    let mappingSet: EventType<EntityEvent, UUID, UUID, Erasable, [ValueChange], SecretNames>
    let mappingRemoved: EventType<EntityEvent, UUID, UUID, Erasable, Erasable>
    let preferencesSet: EventType<EntityEvent, UUID, Erasable, Change<JSON>>
    let preferencesRemoved: EventType<EntityEvent, UUID, Erasable, Change<JSON>>
    let erased: EventType<EntityEvent, String>

    private init(_ kind: EntityKind) {
        let subject = kind.phrase.capitalizedFirst
        profileChanged = EventType(
            kind, "profile_changed", "Fields of \(kind.phrase)'s profile changed.",
            .profileChanges(kind.profileFields), trail: .changedFields, as: EntityEvent.profileChanged)
        deactivated = EventType(
            kind, "deactivated", "\(subject) became INACTIVE\(kind.inactivity.map { ": \($0)" } ?? "").",
            trail: .status(from: .active, to: .inactive)
        ) { .deactivated }
        activated = EventType(
            kind, "activated", "\(subject) became ACTIVE again.", trail: .status(from: .inactive, to: .active)
        ) { .activated }
        mappingSet = EventType(
            kind, "mapping_set", "\(subject) got an id in an app, or what is said of that id changed.", .related(.app),
            .id("mapping"), .sealed("namespace"),
            .valueChanges(sealed: ["mappedId", "reference", "mappingData"]),
            .secretNames(set: "secretsSet", removed: "secretsRemoved"),
            trail: .put("/mappings", mapping, new: "mappedId")
        ) { .mappingSet(app: $0, mapping: $1, namespace: $2, $3, secrets: $4) }
        mappingRemoved = EventType(
            kind, "mapping_removed", "\(subject) no longer has an id in an app.", .related(.app), .id("mapping"),
            .sealed("namespace"), .sealed("mappedId"), trail: .removed("/mappings", removedMapping)
        ) { .mappingRemoved(app: $0, mapping: $1, namespace: $2, mappedID: $3) }
        preferencesSet = EventType(
            kind, "preferences_set", "Preferences of \(kind.phrase) were set.", .id("preferences"),
            .sealed("namespace"), .sealedValueChange("/values"), trail: .put("/preferences", preferences, new: "values")
        ) { .preferencesSet($0, namespace: $1, values: $2) }
        preferencesRemoved = EventType(
            kind, "preferences_removed", "Preferences of \(kind.phrase) were removed.", .id("preferences"),
            .sealed("namespace"), .sealedValueChange("/values"), trail: .removed("/preferences", preferences)
        ) { .preferencesRemoved($0, namespace: $1, values: $2) }
        erased = EventType(
            kind, "erased",
            "\(subject) was erased, for good: what clients chose in its earlier events is gone from the log and from all rows.",
            .word("reason"), trail: .erasure, as: EntityEvent.erased)
    }

    static func of(_ kind: EntityKind) -> Types { all[kind] ?? Types(kind) }

    private static let all = Dictionary(uniqueKeysWithValues: EntityKind.allCases.map { ($0, Types($0)) })
}

extension String {
    /// The text as a sentence begins with it.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

// Elements of sets, as their entity shows them.
private let mapping = EventDeclaration.Element.object([
    ("app", .related), ("namespace", .sealed("namespace")), ("mappedId", .change), ("reference", .change),
    ("mappingData", .change), ("mappingSecrets", .secrets(set: "secretsSet", removed: "secretsRemoved")),
])
private let removedMapping = EventDeclaration.Element.object([
    ("app", .related), ("namespace", .sealed("namespace")), ("mappedId", .sealed("mappedId")),
])
private let preferences = EventDeclaration.Element.object([
    ("namespace", .sealed("namespace")), ("values", .change),
])

extension EntityKind {
    /// What it means that an entity of the kind is INACTIVE, where that is not plain.
    fileprivate var inactivity: String? {
        switch self {
        case .organization: "it accepts no changes"
        case .account: "its tokens are no longer accepted"
        case .employee, .group: nil
        }
    }
}
