import Testing

/// A new organization with some employees, who are known by their numbers.
struct Team {
    let server: Server
    let owner: Person
    var people: [String] = []

    static func make(_ count: Int) async throws -> Team {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        var team = Team(server: server, owner: owner)
        for _ in 0..<count { team.people.append(try await server.makeEmployee(organization, by: owner)) }
        return team
    }

    func assign(_ employee: Int, _ manager: Int, _ type: String = "DIRECT") async throws -> Answer {
        try await server.post(
            "/employee/\(people[employee])/managers", as: owner,
            #"{"managerId":"\#(people[manager])","type":"\#(type)"}"#)
    }

    func list(_ path: String) async throws -> [Int?] {
        try await server.get(path, as: owner).ids.map { people.firstIndex(of: $0) }
    }
}
