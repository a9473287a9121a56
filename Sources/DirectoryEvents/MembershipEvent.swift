import EventSourcing
import FoundationEssentials

/// What can happen to a membership in a group, in the stream of the member. Each kind of member has types of its own:
/// `employee.group_joined`.
public enum MembershipEvent: Sendable, Equatable {
    /// A membership of a type in a group began.
    case joined(UUID, type: String)
    /// The membership of a type in a group ended.
    case left(UUID, type: String)
    /// The type of the membership in a group changed.
    case typeChanged(UUID, Change<String>)

    /// The group.
    public var group: UUID {
        switch self {
        case .joined(let group, _), .left(let group, _), .typeChanged(let group, _): group
        }
    }

    func content(of kind: EntityKind) -> EventContent {
        let types = Types.of(kind)
        return switch self {
        case .joined(let group, let type): types.joined.content(group, type)
        case .left(let group, let type): types.left.content(group, type)
        case .typeChanged(let group, let type): types.typeChanged.content(group, type)
        }
    }

    /// The types of a kind that are written; none where entities of the kind are no members.
    static func types(of kind: EntityKind) -> [any ReadableEventType<MembershipEvent>] {
        guard kind.joinsGroups else { return [] }
        let types = Types.of(kind)
        return [types.joined, types.left, types.typeChanged]
    }
}

/// The types of one kind of member.
private struct Types: Sendable {
    let joined: EventType<MembershipEvent, UUID, String>
    let left: EventType<MembershipEvent, UUID, String>
    let typeChanged: EventType<MembershipEvent, UUID, Change<String>>

    private init(_ kind: EntityKind) {
        let possessive = kind.phrase + "'s"
        joined = EventType(
            kind, "group_joined", "\(kind.phrase.capitalizedFirst) became a member of a group.", .related(.group),
            .word("type"), trail: .added("/groups", Types.membership), as: MembershipEvent.joined)
        left = EventType(
            kind, "group_left", "\(kind.phrase.capitalizedFirst) is no longer a member of a group.", .related(.group),
            .word("type"), trail: .removed("/groups", Types.membership), as: MembershipEvent.left)
        typeChanged = EventType(
            kind, "membership_type_changed", "The type of \(possessive) membership in a group changed.",
            .related(.group), .wordChange("/type"), trail: .replaced("/groups", Types.membership),
            as: MembershipEvent.typeChanged)
    }

    /// A membership, as its member shows it.
    private static let membership = EventDeclaration.Element.object([("groupId", .related), ("type", .word("type"))])

    static func of(_ kind: EntityKind) -> Types { all[kind] ?? Types(kind) }

    private static let all = Dictionary(uniqueKeysWithValues: EntityKind.allCases.map { ($0, Types($0)) })
}
