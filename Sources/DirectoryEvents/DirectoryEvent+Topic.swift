extension DirectoryEvent {
    /// What events are about, as projections declare which of them concern them. One that concerns a projection and one that
    /// does not have different topics: where a new projection cuts a topic in two, it becomes two.
    public enum Topic: Sendable {
        /// An organization itself.
        case organization
        /// An import into an organization.
        case imports
        /// An account itself.
        case account
        /// A role of an account.
        case grant
        /// An employee, other than by those below.
        case employee
        /// An employee that is new, with name, address and type.
        case employeeCreation
        /// What an employee is called.
        case employeeName
        /// What employees are listed by: e-mail address, type, status.
        case employeeFacet
        /// A reporting line of an employee.
        case reportingLine
        /// A group itself.
        case group
    }

    public var topic: Topic {
        switch self {
        case .entity(let entity, _, let event): event.topic(of: entity.kind)
        case .organization(_, .importStarted), .organization(_, .importStopped), .organization(_, .importCompleted):
            .imports
        case .organization: .organization
        case .account(_, _, .roleGranted), .account(_, _, .roleRevoked): .grant
        case .account: .account
        case .employee(_, _, .created): .employeeCreation
        case .employee(_, _, .renamed): .employeeName
        case .employee(_, _, .emailChanged), .employee(_, _, .typeChanged): .employeeFacet
        case .employee(_, _, .managerAssigned), .employee(_, _, .managerRemoved), .employee(_, _, .managerTypeChanged):
            .reportingLine
        case .employee: .employee
        }
    }
}

extension EntityEvent {
    /// The topic of what happens to entities of a kind.
    fileprivate func topic(of kind: EntityKind) -> DirectoryEvent.Topic {
        switch (kind, self) {
        case (.employee, .deactivated), (.employee, .activated): .employeeFacet
        case (.employee, .profileChanged): .employee
        case (.organization, _): .organization
        case (.account, _): .account
        case (.group, _): .group
        }
    }
}
