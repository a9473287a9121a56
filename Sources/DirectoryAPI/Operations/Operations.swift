/// All operations of the API.
enum Operations {
    static let all: [Operation] =
        organizations + organizationKeys + accounts + grants + employees + reportingLines
        + groups + memberships + apps + appSearches + mappings + preferences + webhooks + audit + feed + log + service
        + documentation
}
