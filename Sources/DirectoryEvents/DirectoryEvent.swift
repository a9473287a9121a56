import EventSourcing
import FoundationEssentials

/// Everything that can happen in a directory.
public enum DirectoryEvent: Sendable, Equatable {
    /// Something that happens to entities of several kinds; `organization` is the one in whose trail it is recorded.
    case entity(EntityReference, organization: UUID?, EntityEvent)
    case organization(UUID, OrganizationEvent)
    /// Something happened to an account; `organization` is the one that a grant is for, `nil` for the platform's.
    case account(UUID, organization: UUID?, AccountEvent)
    case employee(UUID, organization: UUID, EmployeeEvent)

    /// The entity in whose stream it is.
    public var entity: EntityReference {
        switch self {
        case .entity(let entity, _, _): entity
        case .organization(let id, _): EntityReference(.organization, id)
        case .account(let id, _, _): EntityReference(.account, id)
        case .employee(let id, _, _): EntityReference(.employee, id)
        }
    }

    /// The id of that entity.
    public var stream: UUID { entity.id }
}

// So that what happens to an entity is written the same way, whether it is shared with other kinds or not.
extension DirectoryEvent {
    public static func organization(_ id: UUID, _ event: EntityEvent) -> DirectoryEvent {
        .entity(EntityReference(.organization, id), organization: id, event)
    }

    public static func account(_ id: UUID, organization: UUID?, _ event: EntityEvent) -> DirectoryEvent {
        .entity(EntityReference(.account, id), organization: organization, event)
    }

    public static func employee(_ id: UUID, organization: UUID, _ event: EntityEvent) -> DirectoryEvent {
        .entity(EntityReference(.employee, id), organization: organization, event)
    }
}

extension DirectoryEvent: EventPayload {
    public var isCreation: Bool {
        switch self {
        case .organization(_, .created), .account(_, _, .created), .employee(_, _, .created): true
        case .entity, .organization, .account, .employee: false
        }
    }

    public var encoded: EncodedPayload {
        switch self {
        case .entity(let entity, let organization, let event):
            event.content(of: entity.kind).payload(organization: organization, stream: entity.id)
        case .organization(let id, let event): event.content.payload(organization: id, stream: id)
        case .account(let id, let organization, let event):
            event.content.payload(organization: organization, stream: id)
        case .employee(let id, let organization, let event):
            event.content.payload(organization: organization, stream: id)
        }
    }

    public init(decoding stored: EncodedPayload) throws(UnreadableEvent) {
        let (payload, type) = try EventCatalog.declared(stored)
        self = try type.read(FieldReader(payload))
    }
}

extension Upcasters {
    /// The old shapes of the directory's events. None has changed its shape yet.
    static let directory = Upcasters([])
}
