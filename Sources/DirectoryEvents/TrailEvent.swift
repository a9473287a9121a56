import EventSourcing

/// That somebody read the audit trail. It is in the trail that was read: an organization's or, where no organization was named,
/// in that of the reader's own account. `filter` says which entries were asked for; all, where there is none.
public enum TrailEvent: Sendable, Equatable {
    /// Entries were read, page by page.
    case read(filter: ErasableValue?)
    /// Entries were exported, in this format.
    case exported(format: String, filter: ErasableValue?)

    func content(of kind: EntityKind) -> EventContent {
        let types = Types.of(kind)
        return switch self {
        case .read(let filter): types.read.content(filter)
        case .exported(let format, let filter): types.exported.content(format, filter)
        }
    }

    /// The types of a kind that are written; none where there is no trail that could be read by naming such an entity.
    static func types(of kind: EntityKind) -> [any ReadableEventType<TrailEvent>] {
        switch kind {
        case .organization, .account:
            let types = Types.of(kind)
            return [types.read, types.exported]
        case .employee, .group: return []
        }
    }
}

/// The types of one kind.
private struct Types: Sendable {
    let read: EventType<TrailEvent, ErasableValue?>
    let exported: EventType<TrailEvent, String, ErasableValue?>

    private init(_ kind: EntityKind) {
        let trail =
            kind == .organization
            ? "The audit trail of an organization was" : "The audit trail, without naming an organization, was"
        read = EventType(
            kind, "audit_read", "\(trail) read; recorded at most once a minute for each reader and filter.",
            .optionalSealedValue("filter"), trail: .nothing
        ) { .read(filter: $0) }
        exported = EventType(
            kind, "audit_exported", "\(trail) exported.", .word("format"), .optionalSealedValue("filter"),
            trail: .nothing
        ) { .exported(format: $0, filter: $1) }
    }

    static func of(_ kind: EntityKind) -> Types { all[kind] ?? Types(kind) }

    private static let all = Dictionary(uniqueKeysWithValues: EntityKind.allCases.map { ($0, Types($0)) })
}
