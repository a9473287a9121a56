import EventSourcing
import FoundationEssentials

/// What can happen to a group alone. What also happens to others is an `EntityEvent`.
public enum GroupEvent: Sendable, Equatable {
    case created(name: Erasable, type: String)
    case renamed(Change<String>)
    case typeChanged(Change<String>)

    var content: EventContent {
        switch self {
        case .created(let name, let type): Self.creation.content(name, type)
        case .renamed(let name): Self.renaming.content(name)
        case .typeChanged(let type): Self.typeChange.content(type)
        }
    }

    static let types = DeclaredType.all(
        [creation, renaming, typeChange] as [any ReadableEventType<GroupEvent>]
    ) { (stored, event) throws(UnreadableEvent) in
        .group(stored.payload.stream, organization: try stored.organization(), event)
    }

    private static let creation = EventType(
        .group, "created", "A group of the organization was created.", .sealed("name"), .word("type"),
        isOrganizationTarget: true, trail: .everything, as: GroupEvent.created)
    private static let renaming = EventType(
        .group, "renamed", "A group's name changed.", .sealedChange("/name"), trail: .changedFields,
        as: GroupEvent.renamed)
    private static let typeChange = EventType(
        .group, "type_changed", "A group's type changed.", .wordChange("/type"), trail: .changedFields,
        as: GroupEvent.typeChanged)
}

extension DirectoryEvent {
    /// What happens to a group as it does to others.
    public static func group(_ id: UUID, organization: UUID, _ event: EntityEvent) -> DirectoryEvent {
        .entity(EntityReference(.group, id), organization: organization, event)
    }
}
