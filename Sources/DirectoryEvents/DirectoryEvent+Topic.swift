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
    }

    public var topic: Topic {
        switch self {
        case .organization(_, .importStarted), .organization(_, .importStopped), .organization(_, .importCompleted):
            .imports
        case .organization: .organization
        case .account(_, _, .roleGranted), .account(_, _, .roleRevoked): .grant
        case .account: .account
        case .employee(_, _, .created): .employeeCreation
        case .employee(_, _, .renamed): .employeeName
        case .employee(_, _, .emailChanged), .employee(_, _, .typeChanged), .employee(_, _, .deactivated),
            .employee(_, _, .activated):
            .employeeFacet
        case .employee(_, _, .managerAssigned), .employee(_, _, .managerRemoved), .employee(_, _, .managerTypeChanged):
            .reportingLine
        case .employee: .employee
        }
    }
}
