import CanonicalJSON
import Testing

/// Lists hold every status unless `status` names one.
@Suite struct EveryStatusTests {
    private func statuses(_ list: Answer) -> [String?] { list.elements.map { $0["status"]?["current"]?.string } }

    @Test func `An INACTIVE employee is in every list of employees`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        let account = try await server.makeAccount()
        func make(_ linked: Person?) async throws -> String {
            try await server.makeEmployee(cast.organization, by: cast.owner, name: "Ina Ctive", account: linked)
        }
        let (gone, stays) = (try await make(account), try await make(nil))
        try await server.delete("/employee/\(gone)", as: cast.owner)
        for path in ["/employee/by-name/ina%20ctive", "/employee?type=EMPLOYEE", "/employee?limit=1000"] {
            let listed = try await server.get(path, as: cast.owner)
            #expect(listed.ids.suffix(2) == [gone, stays], "\(path)")
            #expect(statuses(listed).suffix(2) == ["INACTIVE", "ACTIVE"], "\(path)")
        }
        let ofAccount = try await server.get("/account/\(account.id)/employees", as: cast.owner)
        #expect(ofAccount.ids == [gone])
        let email = try #require(try await server.get("/employee/\(gone)", as: cast.owner)["email"])
        #expect(try await server.get("/employee?email=\(email)", as: cast.owner).ids == [gone])
    }

    @Test func `An INACTIVE organization and an INACTIVE account are listed`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        let second = try await server.makeOrganization(cast.owner)
        try await server.delete("/organization/\(second)", as: cast.owner)
        let organizations = try await server.get("/organization", as: cast.owner)
        #expect(organizations.ids == [cast.organization, second])
        #expect(statuses(organizations) == ["ACTIVE", "INACTIVE"])
        for path in ["/account", "/account/org-admins", "/account/for-org"] {
            let accounts = try await server.get(path, as: cast.owner, in: cast.organization)
            let inactive = accounts.elements.first { $0["id"]?.string == cast.inactive.id }
            #expect(inactive?["status"]?["current"] == "INACTIVE", "\(path)")
        }
        // The lists of an INACTIVE organization are read as usual.
        #expect(try await server.get("/account/org-admins", as: cast.owner, in: second).ids == [cast.owner.id])
        #expect(try await server.get("/employee", as: cast.owner, in: second).ids.isEmpty)
    }
}
