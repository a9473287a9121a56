/// All operations of the API.
enum Operations {
    static let all: [Operation] =
        organizations + organizationProfiles + organizationKeys + accounts + grants + employees + reportingLines
        + groups + memberships + apps + appSearches + mappings + preferences + webhooks + audit + feed + log + service
        + documentation
}
