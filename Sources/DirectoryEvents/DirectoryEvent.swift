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

extension DirectoryEvent: EventPayload {
    public var isCreation: Bool {
        switch self {
        case .organization(_, .created): true
        case .account(_, _, .created): true
        case .employee(_, _, .created): true
        case .entity, .organization, .account, .employee: false
        }
    }

    public var encoded: EncodedPayload {
        let (organization, content): (UUID?, EventContent) =
            switch self {
            case .entity(let entity, let organization, let event): (organization, event.content(of: entity.kind))
            case .organization(let id, let event): (id, event.content)
            case .account(_, let organization, let event): (organization, event.content)
            case .employee(_, let organization, let event): (organization, event.content)
            }
        return content.payload(organization: organization, stream: stream)
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
