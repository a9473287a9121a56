import CanonicalJSON
import Testing

/// A new organization with some groups, who are known by their numbers.
struct Circle {
    let server: Server
    let organization: String
    let owner: Person
    var groups: [String] = []

    static func make(_ count: Int, server: Server? = nil) async throws -> Circle {
        let server = if let server { server } else { try await Server.shared }
        let (organization, owner) = try await server.makeOrganization()
        var circle = Circle(server: server, organization: organization, owner: owner)
        for _ in 0..<count { circle.groups.append(try await server.makeGroup(organization, by: owner)) }
        return circle
    }

    /// Makes a group a member of just these.
    @discardableResult
    func join(_ group: Int, _ others: Int...) async throws -> Answer {
        try await server.setGroups(of: groups[group], others.map { groups[$0] }, by: owner)
    }

    /// The memberships that a list shows: who, in which group.
    func list(_ path: String, as caller: Person? = nil) async throws -> [[String]] {
        let answer = try await server.get(path, as: caller ?? owner, in: organization)
        return answer.elements.map { [$0["entity"]?.string ?? "", $0["groupId"]?.string ?? ""] }
    }

    /// The members of a group.
    func members(_ group: Int, _ query: String = "", as caller: Person? = nil) async throws -> [String] {
        try await list("/group/\(groups[group])/members\(query)", as: caller).map { $0[0] }
    }
}
