import CanonicalJSON
import Testing

/// An organization never loses its last active OWNER.
@Suite struct LastOwnerTests {
    @Test func `A link by which the last active OWNER has its grant cannot be undone`() async throws {
        let server = try await Server.shared
        let (organization, first) = try await server.makeOrganization()
        let owner = try await server.makeAccount("bearer")
        let employee = try await server.makeEmployee(organization, by: first)
        try await server.grant("OWNER", to: owner, in: organization, by: first, employee: employee)
        let given = try await server.delete(
            "/account/\(first.id)/grant?orgId=\(organization)&role=OWNER", as: first)
        #expect(given.status == 200)
        let path = "/employee/\(employee)"
        let before = try await server.get(path, as: owner)
        for caller in [owner, server.admin] {
            let undone = try await server.patch(path, as: caller, #"{"account":null}"#)
            #expect(undone.status == 422, "\(undone.text)")
            // Linking another account in its place undoes the link too.
            let other = try await server.makeMember("EMPLOYEE", of: organization, by: owner)
            let replaced = try await server.patch(path, as: caller, #"{"account":"\#(other.id)"}"#)
            #expect(replaced.status == 422, "\(replaced.text)")
        }
        let after = try await server.get(path, as: owner)
        #expect(after.body == before.body)
        #expect(after.tag == before.tag)
        let organizationNow = try await server.get("/organization/\(organization)", as: owner)
        #expect(organizationNow.json["owners"]?.array?.map(\.string) == [owner.id])
    }

    @Test func `Of two OWNERs who give up their grants at once, one remains`() async throws {
        let server = try await Server.shared
        for _ in 0..<8 {
            let (organization, first) = try await server.makeOrganization()
            let second = try await server.makeMember("OWNER", of: organization, by: first)
            func give(_ owner: Person) async throws -> Int {
                try await server.delete(
                    "/account/\(owner.id)/grant?orgId=\(organization)&role=OWNER", as: owner
                ).status
            }
            async let one = give(first)
            async let other = give(second)
            let statuses = try await [one, other].sorted()
            #expect(statuses == [200, 422])
            let remaining = try await server.get("/organization/\(organization)", as: server.admin)
            #expect(remaining.json["owners"]?.array?.count == 1)
        }
    }
}
