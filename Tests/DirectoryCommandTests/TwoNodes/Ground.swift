import Foundation

/// What all clients contend for.
struct Ground: Sendable {
    struct Place: Sendable {
        let organization: String
        var employees: [String] = []
        var groups: [String] = []
        let app: String
    }

    /// The last one is deactivated and activated again.
    let places: [Place]
    /// Some of them are OWNER in each organization.
    let accounts: [String]

    static func make(_ nodes: Nodes) async throws -> Ground {
        var accounts: [String] = []
        for number in 0..<10 {
            accounts.append(try await nodes.make("/account", #"{"email":"account\#(number)@example.com"}"#))
        }
        var places: [Place] = []
        for number in 0..<3 {
            let organization = try await nodes.make(
                "/organization", #"{"name":"O\#(number)","ownerEmail":"account\#(number)@example.com"}"#)
            _ = try await nodes.make(
                "/account/\(accounts[number + 1])/grant", #"{"orgId":"\#(organization)","role":"OWNER"}"#)
            let app = try await nodes.make("/organization/\(organization)/apps", #"{"type":"SLACK"}"#)
            var place = Place(organization: organization, app: app)
            for index in 0..<10 {
                place.employees.append(
                    try await nodes.make(
                        "/employee", in: organization, #"{"name":"E","email":"shared\#(index)@example.com"}"#))
            }
            for _ in 0..<6 {
                place.groups.append(
                    try await nodes.make("/group", in: organization, #"{"name":"G","type":"TEAM"}"#))
            }
            places.append(place)
        }
        return Ground(places: places, accounts: accounts)
    }

    /// What is served of all of it, by path.
    func everything(_ nodes: Nodes) async throws -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        for place in places {
            let organization = place.organization
            var paths = ["/organization", "/account", "/employee", "/group", "/organization/\(organization)/apps"]
            for group in place.groups {
                paths += ["/group/\(group)/members", "/group/\(group)/members?transitive=true"]
                paths.append("/entity/\(group)/groups?transitive=true")
            }
            paths += place.employees.map { "/entity/\($0)/groups" }
            for path in paths { found["\(organization) \(path)"] = try await nodes.get(path, in: organization) }
        }
        return found
    }
}
