import EventSourcing
import FoundationEssentials

/// Everything that can happen in a directory.
public enum DirectoryEvent: Sendable, Equatable {
    /// Something that happens to entities of several kinds; `organization` is the one in whose trail it is recorded.
    case entity(EntityReference, organization: UUID?, EntityEvent)
    /// Something happened to a membership of an entity in a group of the organization.
    case membership(EntityReference, organization: UUID, MembershipEvent)
    case organization(UUID, OrganizationEvent)
    /// Something happened to an account; `organization` is the one that a grant is for, `nil` for the platform's.
    case account(UUID, organization: UUID?, AccountEvent)
    case employee(UUID, organization: UUID, EmployeeEvent)
    case group(UUID, organization: UUID, GroupEvent)
    /// Something happened to an app of an organization.
    case app(UUID, organization: UUID, AppEvent)
    /// Something happened to a webhook of an organization.
    case webhook(UUID, organization: UUID, WebhookEvent)
    /// Somebody read the audit trail: the organization's or, where none was named (`nil`), all that the account may read.
    case trail(EntityReference, organization: UUID?, TrailEvent)

    /// The entity in whose stream it is.
    public var entity: EntityReference {
        switch self {
        case .entity(let entity, _, _), .membership(let entity, _, _), .trail(let entity, _, _): entity
        case .organization(let id, _): EntityReference(.organization, id)
        case .account(let id, _, _): EntityReference(.account, id)
        case .employee(let id, _, _): EntityReference(.employee, id)
        case .group(let id, _, _): EntityReference(.group, id)
        case .app(_, let organization, _), .webhook(_, let organization, _):
            EntityReference(.organization, organization)
        }
    }

    /// The id of that entity.
    public var stream: UUID { entity.id }

    /// The id of the entity of a kind whose row it changes. A membership is in the stream of its member, whose row it leaves as
    /// it is, a webhook in that of its organization, which does not show it; that a trail was read changes none.
    public func key(of kind: EntityKind) -> [UUID] {
        switch self {
        case .membership, .webhook, .trail: []
        case .entity, .organization, .account, .employee, .group, .app: entity.kind == kind ? [entity.id] : []
        }
    }
}

extension DirectoryEvent: EventPayload {
    public var isCreation: Bool {
        switch self {
        case .organization(_, .created): true
        case .account(_, _, .created): true
        case .employee(_, _, .created): true
        case .group(_, _, .created): true
        case .entity, .membership, .organization, .account, .employee, .group, .app, .webhook, .trail: false
        }
    }

    public var erasedStream: UUID? {
        if case .entity(let entity, _, .erased) = self { entity.id } else { nil }
    }

    public var encoded: EncodedPayload {
        let (organization, content): (UUID?, EventContent) =
            switch self {
            case .entity(let entity, let organization, let event): (organization, event.content(of: entity.kind))
            case .membership(let entity, let organization, let event): (organization, event.content(of: entity.kind))
            case .organization(let id, let event): (id, event.content)
            case .account(_, let organization, let event): (organization, event.content)
            case .employee(_, let organization, let event): (organization, event.content)
            case .group(_, let organization, let event): (organization, event.content)
            case .app(let app, let organization, let event): (organization, event.content(of: app))
            case .webhook(let webhook, let organization, let event): (organization, event.content(of: webhook))
            case .trail(let entity, let organization, let event): (organization, event.content(of: entity.kind))
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
