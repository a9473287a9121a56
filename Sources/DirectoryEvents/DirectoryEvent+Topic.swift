extension DirectoryEvent {
    /// What events are about, as projections declare which of them concern them: an entity as a whole, but for what concerns
    /// projections that other events of the entity do not concern. Where a new projection cuts a topic in two, it becomes two.
    public enum Topic: Sendable, Hashable {
        /// An entity of a kind, other than by those below.
        case entity(EntityKind)
        /// An import into an organization.
        case imports
        /// A key of an organization.
        case organizationKey
        /// A role of an account.
        case grant
        /// An employee that is new, with name, address and type.
        case employeeCreation
        /// What an employee is called.
        case employeeName
        /// What employees are listed by: e-mail address, type, status.
        case employeeFacet
        /// A reporting line of an employee.
        case reportingLine
        /// A membership in a group.
        case membership
        /// An app of an organization.
        case app
        /// A webhook of an organization.
        case webhook
        /// A mapping of an entity.
        case mapping
        /// Preferences of an entity.
        case preferences
        /// That the audit trail was read. No projection needs it.
        case trail
    }

    public var topic: Topic {
        switch self {
        case .organization(_, .importStarted), .organization(_, .importStopped), .organization(_, .importCompleted):
            .imports
        case .organization(_, .keyCreated), .organization(_, .keyDeleted): .organizationKey
        case .account(_, _, .roleGranted), .account(_, _, .roleRevoked): .grant
        case .employee(_, _, .created): .employeeCreation
        case .employee(_, _, .renamed): .employeeName
        case .employee(_, _, .emailChanged), .employee(_, _, .typeChanged): .employeeFacet
        case .employee(_, _, .managerAssigned), .employee(_, _, .managerRemoved), .employee(_, _, .managerTypeChanged):
            .reportingLine
        case .membership: .membership
        case .entity(let entity, _, .deactivated) where entity.kind == .employee,
            .entity(let entity, _, .activated) where entity.kind == .employee,
            .entity(let entity, _, .erased) where entity.kind == .employee:
            .employeeFacet
        case .app: .app
        case .webhook: .webhook
        case .entity(_, _, .mappingSet), .entity(_, _, .mappingRemoved): .mapping
        case .entity(_, _, .preferencesSet), .entity(_, _, .preferencesRemoved): .preferences
        case .trail: .trail
        case .organization(_, .created), .organization(_, .renamed), .organization(_, .aliasChanged),
            .account(_, _, .created), .account(_, _, .renamed), .account(_, _, .emailChanged),
            .employee(_, _, .roleChanged), .employee(_, _, .accountLinked), .employee(_, _, .accountUnlinked), .group,
            .entity(_, _, .profileChanged), .entity(_, _, .deactivated), .entity(_, _, .activated),
            .entity(_, _, .erased):
            .entity(entity.kind)
        }
    }
}
