import EventSourcing
import FoundationEssentials

/// What can happen to entities of several kinds alike. Each kind has types of its own: `employee.activated`.
public enum EntityEvent: Sendable, Equatable {
    case profileChanged([ProfileChange])
    /// It became INACTIVE.
    case deactivated
    /// It became ACTIVE again.
    case activated

    func content(of kind: EntityKind) -> EventContent {
        let types = Types.of(kind)
        return switch self {
        case .profileChanged(let changes): types.profileChanged.content(changes)
        case .deactivated: types.deactivated.content()
        case .activated: types.activated.content()
        }
    }

    /// The types of a kind that are written.
    static func types(of kind: EntityKind) -> [any ReadableEventType<EntityEvent>] {
        let types = Types.of(kind)
        return (kind.profileFields.isEmpty ? [] : [types.profileChanged]) + [types.deactivated, types.activated]
    }
}

/// The types of one kind.
private struct Types: Sendable {
    let profileChanged: EventType<EntityEvent, [ProfileChange]>
    let deactivated: EventType<EntityEvent>
    let activated: EventType<EntityEvent>

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
    }

    static func of(_ kind: EntityKind) -> Types { all[kind] ?? Types(kind) }

    private static let all = Dictionary(uniqueKeysWithValues: EntityKind.allCases.map { ($0, Types($0)) })
}

extension String {
    /// The text as a sentence begins with it.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

extension EntityKind {
    /// What it means that an entity of the kind is INACTIVE, where that is not plain.
    fileprivate var inactivity: String? {
        switch self {
        case .organization: "it accepts no changes"
        case .account: "its tokens are no longer accepted"
        default: nil
        }
    }
}
