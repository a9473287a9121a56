import EventSourcing
import FoundationEssentials

/// What can happen to an account.
public enum AccountEvent: Sendable, Equatable {
    /// It was made.
    case created(email: String, name: String?)
    /// Its name changed.
    case renamed(Change<String>)
    /// Its e-mail address changed.
    case emailChanged(Change<String>)
    /// A role was granted, in the event's organization or, without one, on the platform. A grant that bears an employee ends
    /// when that employee is deactivated.
    case roleGranted(role: String, employee: UUID?)
    /// A role was taken back, or ended with the employee that its grant bore.
    case roleRevoked(role: String, employee: UUID?)
    /// It became INACTIVE: its tokens count no more.
    case deactivated
    /// It became ACTIVE again.
    case activated

    var content: EventContent {
        switch self {
        case .created(let email, let name):
            EventContent(
                type: "account.created",
                sealed: [member("email", .string(email)), optional("name", name)].compactMap(\.self))
        case .renamed(let change): .sealedChanges("account.renamed", [("/name", change)])
        case .emailChanged(let change): .sealedChanges("account.email_changed", [("/email", change)])
        case .roleGranted(let role, let employee):
            EventContent(type: "account.role_granted", related: employee, data: [member("role", .string(role))])
        case .roleRevoked(let role, let employee):
            EventContent(type: "account.role_revoked", related: employee, data: [member("role", .string(role))])
        case .deactivated: EventContent(type: "account.deactivated")
        case .activated: EventContent(type: "account.activated")
        }
    }

    init(_ fields: FieldReader) throws(UnreadableEvent) {
        switch fields.payload.type {
        case "account.created":
            self = .created(email: try fields.sealed("email"), name: fields.sealedIfPresent("name"))
        case "account.renamed": self = .renamed(try fields.sealedChange("/name"))
        case "account.email_changed": self = .emailChanged(try fields.sealedChange("/email"))
        case "account.role_granted":
            self = .roleGranted(role: try fields.data("role"), employee: fields.payload.related)
        case "account.role_revoked":
            self = .roleRevoked(role: try fields.data("role"), employee: fields.payload.related)
        case "account.deactivated": self = .deactivated
        case "account.activated": self = .activated
        default: throw fields.unreadable("its type is unknown")
        }
    }
}
