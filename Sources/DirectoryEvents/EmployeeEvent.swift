import EventSourcing
import FoundationEssentials

/// What can happen to an employee alone. What also happens to others is an `EntityEvent`.
public enum EmployeeEvent: Sendable, Equatable {
    /// It was created, linked to an account or not; `role` is a job title.
    case created(name: Erasable, email: Erasable, role: Erasable?, type: String, account: UUID?)
    case renamed(Change<String>)
    case emailChanged(Change<String>)
    /// Its job title changed.
    case roleChanged(Change<String>)
    case typeChanged(Change<String>)
    case accountLinked(UUID)
    case accountUnlinked(UUID)
    /// A reporting line of a type to a manager began.
    case managerAssigned(UUID, type: String)
    /// The reporting line of a type to a manager ended.
    case managerRemoved(UUID, type: String)
    /// The type of the reporting line to a manager changed.
    case managerTypeChanged(UUID, Change<String>)

    var content: EventContent {
        switch self {
        case .created(let name, let email, let role, let type, let account):
            Self.creation.content(name, email, role, type, account)
        case .renamed(let name): Self.renaming.content(name)
        case .emailChanged(let email): Self.emailChange.content(email)
        case .roleChanged(let role): Self.roleChange.content(role)
        case .typeChanged(let type): Self.typeChange.content(type)
        case .accountLinked(let account): Self.linking.content(account)
        case .accountUnlinked(let account): Self.unlinking.content(account)
        case .managerAssigned(let manager, let type): Self.assignment.content(manager, type)
        case .managerRemoved(let manager, let type): Self.removal.content(manager, type)
        case .managerTypeChanged(let manager, let type): Self.lineChange.content(manager, type)
        }
    }

    static let types = DeclaredType.all(
        [
            creation, renaming, emailChange, roleChange, typeChange, linking, unlinking, assignment, removal,
            lineChange,
        ] as [any ReadableEventType<EmployeeEvent>]
    ) { (stored, event) throws(UnreadableEvent) in
        .employee(stored.payload.stream, organization: try stored.organization(), event)
    }

    private static let creation = EventType(
        .employee, "created", "An employee of the organization was created, linked to an account or not.",
        .sealed("name"), .sealed("email"), .optionalSealed("role"), .word("type"), .optionalRelated(.account),
        isOrganizationTarget: true, trail: .everything, as: EmployeeEvent.created)
    private static let renaming = EventType(
        .employee, "renamed", "An employee's name changed.", .sealedChange("/name"), trail: .changedFields,
        as: EmployeeEvent.renamed)
    private static let emailChange = EventType(
        .employee, "email_changed", "An employee's e-mail address changed.", .sealedChange("/email"),
        trail: .changedFields, as: EmployeeEvent.emailChanged)
    private static let roleChange = EventType(
        .employee, "role_changed", "An employee's job title changed.", .sealedChange("/role"), trail: .changedFields,
        as: EmployeeEvent.roleChanged)
    private static let typeChange = EventType(
        .employee, "type_changed", "An employee's type changed.", .wordChange("/type"), trail: .changedFields,
        as: EmployeeEvent.typeChanged)
    private static let linking = EventType(
        .employee, "account_linked", "An employee was linked to an account.", .related(.account),
        trail: .added("/account", .related), as: EmployeeEvent.accountLinked)
    private static let unlinking = EventType(
        .employee, "account_unlinked", "An employee is no longer linked to an account.", .related(.account),
        trail: .removed("/account", .related), as: EmployeeEvent.accountUnlinked)
    private static let assignment = EventType(
        .employee, "manager_assigned", "A reporting line to a manager began.", .related(.employee), .word("type"),
        trail: .added("/managers", line), as: EmployeeEvent.managerAssigned)
    private static let removal = EventType(
        .employee, "manager_removed", "A reporting line to a manager ended.", .related(.employee), .word("type"),
        trail: .removed("/managers", line), as: EmployeeEvent.managerRemoved)
    private static let lineChange = EventType(
        .employee, "manager_type_changed", "The type of a reporting line changed.", .related(.employee),
        .wordChange("/type"), trail: .replaced("/managers", line), as: EmployeeEvent.managerTypeChanged)

    /// A reporting line, as the employee that has it shows it.
    private static let line = EventDeclaration.Element.object([("managerId", .related), ("type", .word("type"))])
}

extension DirectoryEvent {
    /// What happens to an employee as it does to others.
    public static func employee(_ id: UUID, organization: UUID, _ event: EntityEvent) -> DirectoryEvent {
        .entity(EntityReference(.employee, id), organization: organization, event)
    }
}
