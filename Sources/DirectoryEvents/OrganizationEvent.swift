import EventSourcing
import FoundationEssentials

/// What can happen to an organization alone. What also happens to others is an `EntityEvent`.
public enum OrganizationEvent: Sendable, Equatable {
    case created(name: Erasable, alias: Erasable)
    case renamed(Change<String>)
    case aliasChanged(Change<String>)
    /// An import of a file started or resumed; the file now has that many lines, with that SHA-256 digest (hexadecimal).
    case importStarted(import: UUID, lines: Int, digest: Erasable)
    /// An import stopped before a line that a rule refuses, after that many lines, with that digest.
    case importStopped(import: UUID, lines: Int, digest: Erasable)
    /// An import reached the end of its file, after that many lines, with that digest; the earliest stored events have none.
    case importCompleted(import: UUID, lines: Int, digest: Erasable? = nil)
    /// It got a key, whose tokens have the rights of that role at most.
    case keyCreated(UUID, limitToRole: String, name: Erasable)
    /// A key was deleted: its tokens are no longer accepted.
    case keyDeleted(UUID, limitToRole: String, name: Erasable)

    var content: EventContent {
        switch self {
        case .created(let name, let alias): Self.creation.content(name, alias)
        case .renamed(let name): Self.renaming.content(name)
        case .aliasChanged(let alias): Self.aliasChange.content(alias)
        case .importStarted(let id, let lines, let digest): Self.importStart.content(id, lines, digest)
        case .importStopped(let id, let lines, let digest): Self.importStop.content(id, lines, digest)
        case .importCompleted(let id, let lines, let digest): Self.importCompletion.content(id, lines, digest)
        case .keyCreated(let key, let limit, let name): Self.keyCreation.content(key, limit, name)
        case .keyDeleted(let key, let limit, let name): Self.keyDeletion.content(key, limit, name)
        }
    }

    static let types = DeclaredType.all(
        [
            creation, renaming, aliasChange, importStart, importStop, importCompletion, keyCreation,
            keyDeletion,
        ] as [any ReadableEventType<OrganizationEvent>]
    ) { stored, event in
        .organization(stored.payload.stream, event)
    }

    private static let creation = EventType(
        .organization, "created", "An organization was created.", .sealed("name"), .sealed("alias"),
        trail: .everything, as: OrganizationEvent.created)
    private static let renaming = EventType(
        .organization, "renamed", "An organization's name changed.", .sealedChange("/name"), trail: .changedFields,
        as: OrganizationEvent.renamed)
    private static let aliasChange = EventType(
        .organization, "alias_changed", "An organization's alias changed.", .sealedChange("/alias"),
        trail: .changedFields, as: OrganizationEvent.aliasChanged)
    private static let importStart = EventType(
        .organization, "import_started",
        "An import started or resumed; the file now has this many lines and this digest.", .id("import"),
        .number("lines"), .sealed("digest"), trail: .nothing, as: OrganizationEvent.importStarted)
    private static let importStop = EventType(
        .organization, "import_stopped",
        "An import stopped before a line that a rule refuses, after this many lines, with this digest.",
        .id("import"), .number("lines"), .sealed("digest"), trail: .nothing, as: OrganizationEvent.importStopped)
    private static let importCompletion = EventType(
        .organization, "import_completed",
        "An import reached the end of its file, after this many lines, with this digest; the earliest stored events have none.",
        .id("import"), .number("lines"), .optionalSealed("digest"), trail: .nothing,
        as: OrganizationEvent.importCompleted)
    private static let keyCreation = EventType(
        .organization, "key_created", "A key was created; its tokens have the rights of this role at most.",
        .related(.key), .word("limitToRole"), .sealed("name"), trail: .added("/keys", key),
        as: OrganizationEvent.keyCreated)
    private static let keyDeletion = EventType(
        .organization, "key_deleted", "A key was deleted: its tokens are no longer accepted.", .related(.key),
        .word("limitToRole"), .sealed("name"), trail: .removed("/keys", key), as: OrganizationEvent.keyDeleted)

    /// A key, as its organization shows it.
    private static let key = EventDeclaration.Element.object([
        ("id", .related), ("name", .sealed("name")), ("limitToRole", .word("limitToRole")),
    ])
}

extension DirectoryEvent {
    /// What happens to an organization as it does to others.
    public static func organization(_ id: UUID, _ event: EntityEvent) -> DirectoryEvent {
        .entity(EntityReference(.organization, id), organization: id, event)
    }
}
