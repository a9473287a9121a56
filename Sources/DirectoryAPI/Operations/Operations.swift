/// All operations of the API.
enum Operations {
    static let all: [Operation] =
        organizations + organizationProfiles + accounts + grants + employees + reportingLines + groups + memberships
        + audit
        + service + documentation
}
