import EventSourcing
import FoundationEssentials

/// What the directory's log can hold: every type of event. `docs/events.md` is generated from it.
public enum EventCatalog {
    /// All types, in the order in which they are documented.
    public static let declarations: [EventDeclaration] = types.map(\.declaration)

    /// The declaration of a type.
    public static func declaration(of type: String) -> EventDeclaration? { byType[type]?.declaration }

    /// A stored event in today's shape, with the declaration that describes it.
    /// - Throws: `UnreadableEvent` if its type or shape is unknown.
    public static func describe(_ stored: EncodedPayload) throws(UnreadableEvent) -> (EncodedPayload, EventDeclaration)
    {
        let (payload, type) = try declared(stored)
        return (payload, type.declaration)
    }

    static func declared(_ stored: EncodedPayload) throws(UnreadableEvent) -> (EncodedPayload, DeclaredType) {
        let payload = try Upcasters.directory.upcast(stored)
        let fields = FieldReader(payload)
        guard let type = byType[payload.type] else { throw fields.unreadable("its type is unknown") }
        guard payload.schema == type.declaration.schema else { throw fields.unreadable("its shape is unknown") }
        guard payload.streamType == type.declaration.stream.rawValue else {
            throw fields.unreadable("its stream is not \(type.declaration.stream.rawValue)")
        }
        return (payload, type)
    }

    private static let types: [DeclaredType] = EntityKind.allCases.flatMap { types(of: $0) + shared($0) }

    /// The types of what happens to entities of a kind alone.
    private static func types(of kind: EntityKind) -> [DeclaredType] {
        switch kind {
        case .organization: OrganizationEvent.types + AppEvent.types + WebhookEvent.types
        case .account: AccountEvent.types
        case .employee: EmployeeEvent.types
        case .group: GroupEvent.types
        }
    }

    private static func shared(_ kind: EntityKind) -> [DeclaredType] {
        DeclaredType.all(EntityEvent.types(of: kind)) { stored, event in
            .entity(EntityReference(kind, stored.payload.stream), organization: stored.payload.organization, event)
        }
            + DeclaredType.all(MembershipEvent.types(of: kind)) { (stored, event) throws(UnreadableEvent) in
                .membership(
                    EntityReference(kind, stored.payload.stream), organization: try stored.organization(), event)
            }
            + DeclaredType.all(TrailEvent.types(of: kind)) { stored, event in
                .trail(
                    EntityReference(kind, stored.payload.stream), organization: stored.payload.organization, event)
            }
    }

    private static let byType = Dictionary(
        types.map { ($0.declaration.type, $0) }, uniquingKeysWith: { first, _ in first })
}

/// A declared type, and how its events are read.
struct DeclaredType: Sendable {
    let declaration: EventDeclaration
    let read: @Sendable (FieldReader) throws(UnreadableEvent) -> DirectoryEvent

    /// - Parameter make: the event of the directory that an event of one of these types is.
    static func all<Event>(
        _ types: [any ReadableEventType<Event>],
        _ make: @escaping @Sendable (FieldReader, Event) throws(UnreadableEvent) -> DirectoryEvent
    ) -> [DeclaredType] {
        types.map { type in
            DeclaredType(declaration: type.declaration) { (stored) throws(UnreadableEvent) in
                try make(stored, try type.read(stored))
            }
        }
    }
}
