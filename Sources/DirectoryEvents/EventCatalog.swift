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

    private static let types: [DeclaredType] =
        OrganizationEvent.types.map { type in
            DeclaredType(type.declaration) { (fields) throws(UnreadableEvent) in
                .organization(fields.payload.stream, try type.read(fields))
            }
        } + shared(.organization)
        + AccountEvent.types.map { type in
            DeclaredType(type.declaration) { (fields) throws(UnreadableEvent) in
                .account(fields.payload.stream, organization: fields.payload.organization, try type.read(fields))
            }
        } + shared(.account)
        + EmployeeEvent.types.map { type in
            DeclaredType(type.declaration) { (fields) throws(UnreadableEvent) in
                guard let organization = fields.payload.organization else {
                    throw fields.unreadable("it has no organization")
                }
                return .employee(fields.payload.stream, organization: organization, try type.read(fields))
            }
        } + shared(.employee)

    private static func shared(_ kind: EntityKind) -> [DeclaredType] {
        EntityEvent.types(of: kind).map { type in
            DeclaredType(type.declaration) { (fields) throws(UnreadableEvent) in
                .entity(
                    EntityReference(kind, fields.payload.stream), organization: fields.payload.organization,
                    try type.read(fields))
            }
        }
    }

    private static let byType = Dictionary(
        types.map { ($0.declaration.type, $0) }, uniquingKeysWith: { first, _ in first })
}

/// A declared type, and how its events are read.
struct DeclaredType: Sendable {
    let declaration: EventDeclaration
    let read: @Sendable (FieldReader) throws(UnreadableEvent) -> DirectoryEvent

    init(
        _ declaration: EventDeclaration,
        _ read: @escaping @Sendable (FieldReader) throws(UnreadableEvent) -> DirectoryEvent
    ) {
        self.declaration = declaration
        self.read = read
    }
}
