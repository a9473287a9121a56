import EventSourcing
import FoundationEssentials

/// What can happen to an employee.
public enum EmployeeEvent: Sendable, Equatable {
    /// It was made, linked to an account or not; `role` is a job title.
    case created(name: String, email: String, role: String?, type: String, account: UUID?)
    /// Its name changed.
    case renamed(Change<String>)
    /// Its e-mail address changed.
    case emailChanged(Change<String>)
    /// Its job title changed.
    case roleChanged(Change<String>)
    /// Its type changed.
    case typeChanged(Change<String>)
    /// It was linked to an account.
    case accountLinked(UUID)
    /// It is no longer linked to that account.
    case accountUnlinked(UUID)
    /// Fields of its profile changed.
    case profileChanged([ProfileChange])
    /// A reporting line of a type to a manager began.
    case managerAssigned(UUID, type: String)
    /// The reporting line of a type to a manager ended.
    case managerRemoved(UUID, type: String)
    /// The type of the reporting line to a manager changed.
    case managerTypeChanged(UUID, Change<String>)
    /// It became INACTIVE.
    case deactivated
    /// It became ACTIVE again.
    case activated

    var content: EventContent {
        switch self {
        case .created(let name, let email, let role, let type, let account):
            EventContent(
                type: "employee.created", related: account, data: [member("type", .string(type))],
                sealed: [member("email", .string(email)), member("name", .string(name)), optional("role", role)]
                    .compactMap(\.self))
        case .renamed(let change): .sealedChanges("employee.renamed", [("/name", change)])
        case .emailChanged(let change): .sealedChanges("employee.email_changed", [("/email", change)])
        case .roleChanged(let change): .sealedChanges("employee.role_changed", [("/role", change)])
        case .typeChanged(let change): .openChange("employee.type_changed", "/type", change)
        case .accountLinked(let account): EventContent(type: "employee.account_linked", related: account)
        case .accountUnlinked(let account): EventContent(type: "employee.account_unlinked", related: account)
        case .profileChanged(let changes): .sealedChanges("employee.profile_changed", changes.pointers)
        case .managerAssigned(let manager, let type):
            EventContent(type: "employee.manager_assigned", related: manager, data: [member("type", .string(type))])
        case .managerRemoved(let manager, let type):
            EventContent(type: "employee.manager_removed", related: manager, data: [member("type", .string(type))])
        case .managerTypeChanged(let manager, let change):
            .openChange("employee.manager_type_changed", "/type", change, related: manager)
        case .deactivated: EventContent(type: "employee.deactivated")
        case .activated: EventContent(type: "employee.activated")
        }
    }

    init(_ fields: FieldReader) throws(UnreadableEvent) {
        switch fields.payload.type {
        case "employee.created":
            self = .created(
                name: try fields.sealed("name"), email: try fields.sealed("email"),
                role: fields.sealedIfPresent("role"), type: try fields.data("type"), account: fields.payload.related)
        case "employee.renamed": self = .renamed(try fields.sealedChange("/name"))
        case "employee.email_changed": self = .emailChanged(try fields.sealedChange("/email"))
        case "employee.role_changed": self = .roleChanged(try fields.sealedChange("/role"))
        case "employee.type_changed": self = .typeChanged(try fields.openChange("/type"))
        case "employee.account_linked": self = .accountLinked(try fields.related())
        case "employee.account_unlinked": self = .accountUnlinked(try fields.related())
        case "employee.profile_changed": self = .profileChanged(try fields.profileChanges())
        case "employee.manager_assigned":
            self = .managerAssigned(try fields.related(), type: try fields.data("type"))
        case "employee.manager_removed":
            self = .managerRemoved(try fields.related(), type: try fields.data("type"))
        case "employee.manager_type_changed":
            self = .managerTypeChanged(try fields.related(), try fields.openChange("/type"))
        case "employee.deactivated": self = .deactivated
        case "employee.activated": self = .activated
        default: throw fields.unreadable("its type is unknown")
        }
    }
}
