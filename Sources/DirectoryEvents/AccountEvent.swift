import EventSourcing
import FoundationEssentials

/// What can happen to an account alone. What also happens to others is an `EntityEvent`.
public enum AccountEvent: Sendable, Equatable {
    case created(email: Erasable, name: Erasable?)
    case renamed(Change<String>)
    case emailChanged(Change<String>)
    /// A role was granted, in the event's organization or, without one, on the platform. A grant that is tied to an employee
    /// ends when that employee is deactivated. A role that the account had already is now tied otherwise, as `retied` says.
    case roleGranted(role: String, employee: UUID?, retied: Change<UUID>? = nil)
    /// A role was revoked, or ended with the employee that its grant was tied to.
    case roleRevoked(role: String, employee: UUID?)

    var content: EventContent {
        switch self {
        case .created(let email, let name): Self.creation.content(email, name)
        case .renamed(let name): Self.renaming.content(name)
        case .emailChanged(let email): Self.emailChange.content(email)
        case .roleGranted(let role, let employee, let retied): Self.granting.content(role, employee, retied)
        case .roleRevoked(let role, let employee): Self.revocation.content(role, employee)
        }
    }

    static let types = DeclaredType.all(
        [
            creation, renaming, emailChange, granting, revocation,
        ] as [any ReadableEventType<AccountEvent>]
    ) { stored, event in
        .account(stored.payload.stream, organization: stored.payload.organization, event)
    }

    private static let creation = EventType(
        .account, "created", "An account was created.", .sealed("email"), .optionalSealed("name"), trail: .everything,
        as: AccountEvent.created)
    private static let renaming = EventType(
        .account, "renamed", "An account's name changed.", .sealedChange("/name"), trail: .changedFields,
        as: AccountEvent.renamed)
    private static let emailChange = EventType(
        .account, "email_changed", "An account's e-mail address changed.", .sealedChange("/email"),
        trail: .changedFields, as: AccountEvent.emailChanged)
    private static let granting = EventType(
        .account, "role_granted",
        "An account was granted a role in the organization, or on the platform; or a grant is now tied to another employee.",
        .word("role"), .optionalRelated(.employee), .optionalIDChange("/employeeId"), isOrganizationTarget: true,
        trail: .set("/grants", grant), as: AccountEvent.roleGranted)
    private static let revocation = EventType(
        .account, "role_revoked", "An account lost a role in the organization, or on the platform.", .word("role"),
        .optionalRelated(.employee), isOrganizationTarget: true, trail: .removed("/grants", grant),
        as: AccountEvent.roleRevoked)

    /// A grant, as its account shows it.
    private static let grant = EventDeclaration.Element.object([
        ("orgId", .organization), ("role", .word("role")), ("employeeId", .related),
    ])
}

extension DirectoryEvent {
    /// What happens to an account as it does to others.
    public static func account(_ id: UUID, organization: UUID?, _ event: EntityEvent) -> DirectoryEvent {
        .entity(EntityReference(.account, id), organization: organization, event)
    }
}
