import CanonicalJSON
import Testing

@testable import DirectoryAPI

/// The organization that a token's claim or the header `X-Organization` names.
@Suite struct CurrentOrganizationTests {
    private let unknown = "01890000-0000-7000-8000-000000000000"

    @Test func `An org claim of an organization that the caller cannot see is 404 on every route`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        let confined = [
            try await server.confined(cast.owner, to: cast.foreign),
            try await server.confined(cast.owner, to: unknown), try await server.confined(server.admin, to: unknown),
        ]
        for caller in confined {
            for path in [
                "/employee", "/organization", "/account", "/account/me", "/account/org-admins", "/audit",
                "/organization/profile", "/organization/\(cast.organization)", "/employee/\(cast.employeeEmployee)",
                "/account/\(cast.owner.id)", "/organization/\(cast.organization)/history",
            ] {
                #expect(try await server.get(path, as: caller).status == 404, "\(path) by \(caller.email)")
            }
            for path in ["/organization", "/organization/\(cast.organization)"] {
                #expect(try await server.patch(path, as: caller, #"{"name":"Taken"}"#).status == 404, "\(path)")
            }
        }
    }

    @Test func `Claim and header may name the same organization; if they differ it is 400`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        let second = try await server.makeOrganization(cast.owner)
        let caller = try await server.confined(cast.owner, to: cast.organization)
        for path in [
            "/employee", "/organization", "/account/me", "/audit?type=account.*", "/employee/\(cast.employeeEmployee)",
        ] {
            let named = try await server.get(path, as: caller, in: cast.organization)
            #expect(named.status == 200, "\(path)")
            #expect(named.body == (try await server.get(path, as: caller)).body, "\(path)")
            let shouted = try await server.get(path, as: caller, in: cast.organization.uppercased())
            #expect(shouted.body == named.body, "\(path)")
            #expect(try await server.get(path, as: caller, in: second).status == 400, "\(path)")
        }
        let body = #"{"name":"\#(unique("Both "))"}"#
        let changed = try await server.patch("/organization", as: caller, in: cast.organization, body)
        #expect(changed.id == cast.organization)
    }

    @Test func `A stated organization confines grants; a role elsewhere is 422 or 404`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        let second = try await server.makeOrganization(cast.owner)
        let member = try await server.makeMember("EMPLOYEE", of: cast.organization, by: cast.owner)
        try await server.grant("MANAGER", to: member, in: second, by: cast.owner)
        let path = "/account/\(member.id)/grant"
        let before = try await server.get("/account/\(member.id)", as: cast.owner)
        let granted = try await server.post(
            path, as: cast.owner, in: cast.organization, #"{"orgId":"\#(second)","role":"AUDITOR"}"#)
        #expect(granted.status == 422)
        #expect(granted.pointers == ["/orgId"])
        let taken = try await server.delete(
            "\(path)?orgId=\(second)&role=MANAGER", as: cast.owner, in: cast.organization)
        #expect(taken.status == 404)
        #expect(try await server.get("/account/\(member.id)", as: cast.owner).body == before.body)
    }
}
