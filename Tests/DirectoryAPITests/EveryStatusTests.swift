import CanonicalJSON
import Testing

/// Lists hold every status unless `status` names one.
@Suite struct EveryStatusTests {
    private func statuses(_ list: Answer) -> [String?] { list.elements.map { $0["status"]?["current"]?.string } }

    @Test func `An INACTIVE employee is in every list of employees`() async throws {
        let server = try await Server.shared
        let world = try await World.make(server)
        let account = try await server.makeAccount()
        func make(_ linked: Person?) async throws -> String {
            try await server.makeEmployee(world.organization, by: world.owner, name: "Ina Ctive", account: linked)
        }
        let (gone, stays) = (try await make(account), try await make(nil))
        try await server.delete("/employee/\(gone)", as: world.owner)
        for path in ["/employee/by-name/ina%20ctive", "/employee?type=EMPLOYEE", "/employee?limit=1000"] {
            let listed = try await server.get(path, as: world.owner)
            #expect(listed.ids.suffix(2) == [gone, stays], "\(path)")
            #expect(statuses(listed).suffix(2) == ["INACTIVE", "ACTIVE"], "\(path)")
        }
        let ofAccount = try await server.get("/account/\(account.id)/employees", as: world.owner)
        #expect(ofAccount.ids == [gone])
        let email = try #require(try await server.get("/employee/\(gone)", as: world.owner)["email"])
        #expect(try await server.get("/employee?email=\(email)", as: world.owner).ids == [gone])
    }

    @Test func `An INACTIVE organization and an INACTIVE account are listed`() async throws {
        let server = try await Server.shared
        let world = try await World.make(server)
        let second = try await server.makeOrganization(world.owner)
        try await server.delete("/organization/\(second)", as: world.owner)
        let organizations = try await server.get("/organization", as: world.owner)
        #expect(organizations.ids == [world.organization, second])
        #expect(statuses(organizations) == ["ACTIVE", "INACTIVE"])
        for path in ["/account", "/account/org-admins", "/account/for-org"] {
            let accounts = try await server.get(path, as: world.owner, in: world.organization)
            let inactive = accounts.elements.first { $0["id"]?.string == world.inactive.id }
            #expect(inactive?["status"]?["current"] == "INACTIVE", "\(path)")
        }
        // The lists of an INACTIVE organization are read as usual.
        #expect(try await server.get("/account/org-admins", as: world.owner, in: second).ids == [world.owner.id])
        #expect(try await server.get("/employee", as: world.owner, in: second).ids.isEmpty)
    }
}
