import EventSourcing
import FoundationEssentials

/// Everything that can happen in a directory.
public enum DirectoryEvent: Sendable, Equatable {
    /// Something happened to an organization.
    case organization(UUID, OrganizationEvent)
    /// Something happened to an account; `organization` is the one in which a grant stands, `nil` for the platform's.
    case account(UUID, organization: UUID?, AccountEvent)
    /// Something happened to an employee of an organization.
    case employee(UUID, organization: UUID, EmployeeEvent)

    /// The entity that the event belongs to.
    public var stream: UUID {
        switch self {
        case .organization(let id, _), .account(let id, _, _), .employee(let id, _, _): id
        }
    }
}

extension DirectoryEvent: EventPayload {
    public var isCreation: Bool {
        switch self {
        case .organization(_, .created), .account(_, _, .created), .employee(_, _, .created): true
        default: false
        }
    }

    public var encoded: EncodedPayload {
        switch self {
        case .organization(let id, let event):
            event.content.payload(organization: id, stream: id, .organization)
        case .account(let id, let organization, let event):
            event.content.payload(organization: organization, stream: id, .account)
        case .employee(let id, let organization, let event):
            event.content.payload(organization: organization, stream: id, .employee)
        }
    }

    public init(decoding stored: EncodedPayload) throws(UnreadableEvent) {
        let payload = try Upcasters.directory.upcast(stored)
        let fields = FieldReader(payload)
        switch EntityKind(rawValue: payload.streamType) {
        case .organization:
            self = .organization(payload.stream, try OrganizationEvent(fields))
        case .account:
            self = .account(payload.stream, organization: payload.organization, try AccountEvent(fields))
        case .employee:
            guard let organization = payload.organization else { throw fields.unreadable("it has no organization") }
            self = .employee(payload.stream, organization: organization, try EmployeeEvent(fields))
        case .group, nil:
            throw fields.unreadable("its stream is of an unknown kind")
        }
    }
}

extension Upcasters {
    /// The old shapes of the directory's events. None has changed its shape yet.
    static let directory = Upcasters([])
}
