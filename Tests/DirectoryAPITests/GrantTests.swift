import CanonicalJSON
import Testing

@Suite struct GrantTests {
    let server: Server
    let world: World

    init() async throws {
        server = try await Server.shared
        world = try await World.make(server)
    }

    private func roles(_ answer: Answer) -> [String] {
        (answer.json["grants"]?.array ?? []).map { $0["role"]?.string ?? "" }
    }

    /// The path that grants to the member EMPLOYEE, and a body that grants a role in the organization.
    private var path: String { "/account/\(world.employee.id)/grant" }
    private func body(_ role: String) -> String { #"{"orgId":"\#(world.organization)","role":"\#(role)"}"# }

    @Test func `An ADMIN grants a role, which is stored in upper case`() async throws {
        let granted = try await server.post(path, as: world.administrator, body("auditor"))
        #expect(granted.status == 200)
        #expect(roles(granted) == ["EMPLOYEE", "AUDITOR"])
        #expect(try await server.get("/account/\(world.employee.id)", as: world.administrator).body == granted.body)
    }

    @Test func `Granting a role again is no change`() async throws {
        let granted = try await server.post(path, as: world.administrator, body("auditor"))
        let again = try await server.post(path, as: world.administrator, body("AUDITOR"))
        #expect(again.tag == granted.tag)
        #expect(again.body == granted.body)
    }

    @Test func `Only an OWNER grants OWNER`() async throws {
        #expect(try await server.post(path, as: world.administrator, body("OWNER")).status == 403)
        let owner = try await server.post(path, as: world.owner, body("OWNER"))
        #expect(owner.status == 200)
        let organization = try await server.get("/organization/\(world.organization)", as: world.owner)
        #expect(organization.json["owners"]?.array?.map(\.string).contains(world.employee.id) == true)
    }

    @Test func `MANAGER and AUDITOR grant nothing`() async throws {
        #expect(try await server.post(path, as: world.manager, body("AUDITOR")).status == 404)
        #expect(try await server.post(path, as: world.auditor, body("AUDITOR")).status == 403)
    }

    @Test func `A malformed grant names the fields at fault`() async throws {
        for bad in ["", "a b", "ü", String(repeating: "R", count: 65)] {
            #expect(try await server.post(path, as: world.owner, body(bad)).status == 400, "\(bad)")
        }
        let both = try await server.post(path, as: world.owner, #"{"orgId":8,"employeeId":7}"#)
        #expect(both.pointers == ["/employeeId", "/orgId", "/role"])
        let malformed = try await server.post(path, as: world.owner, #"{"orgId":"x","role":"AUDITOR"}"#)
        #expect(malformed.status == 422)
        #expect(malformed.pointers == ["/orgId"])
    }

    @Test func `A grant without orgId is in the current organization`() async throws {
        let granted = try await server.post(path, as: world.owner, #"{"role":"MANAGER"}"#)
        #expect(granted.status == 200)
        #expect(roles(granted) == ["EMPLOYEE", "MANAGER"])
        #expect(try await server.post(path, as: server.admin, #"{"role":"MANAGER"}"#).status == 400)
        #expect(try await server.post(path, as: server.admin, in: world.foreign, #"{"role":"AUDITOR"}"#).status == 200)
    }

    @Test func `SYSTEM_ADMIN is granted on the platform, by SYSTEM_ADMIN`() async throws {
        #expect(try await server.post(path, as: world.owner, #"{"role":"SYSTEM_ADMIN"}"#).status == 403)
        let both = try await server.post(
            path, as: server.admin, #"{"orgId":"\#(world.organization)","role":"SYSTEM_ADMIN"}"#)
        #expect(both.status == 422)
        #expect(both.pointers == ["/role"])
        let platform = try await server.post(path, as: server.admin, #"{"role":"system_admin"}"#)
        #expect(platform.status == 200)
        #expect(platform.text.contains(#"{"role":"SYSTEM_ADMIN"}"#))
        #expect(try await server.get("/organization/\(world.foreign)", as: world.employee).status == 200)
    }

    @Test func `A SYSTEM_ADMIN may give up its own grant`() async throws {
        try await server.post(path, as: server.admin, #"{"role":"SYSTEM_ADMIN"}"#)
        let taken = try await server.delete(
            "/account/\(world.employee.id)/grant?role=SYSTEM_ADMIN", as: world.employee)
        #expect(taken.status == 200)
    }

    @Test func `An OWNER does not see the grants of the platform`() async throws {
        #expect(
            try await server.delete("/account/\(server.admin.id)/grant?role=SYSTEM_ADMIN", as: world.owner).status
                == 404)
    }

    @Test func `A role may be granted by address to an account that the caller cannot see`() async throws {
        let account = try await server.makeAccount()
        let body = #"{"orgId":"\#(world.organization)","role":"EMPLOYEE"}"#
        #expect(try await server.post("/account/\(account.id)/grant", as: world.owner, body).status == 404)
        #expect(try await server.post("/account/nobody@example.org/grant", as: world.owner, body).status == 404)
        #expect(try await server.post("/account/\(account.email)/grant", as: world.manager, body).status == 404)
        let granted = try await server.post("/account/\(account.email.uppercased())/grant", as: world.owner, body)
        #expect(granted.status == 200)
        #expect(granted.id == account.id)
    }

    @Test func `A role is not granted in an organization that the caller does not see`() async throws {
        let account = try await server.makeMember("EMPLOYEE", of: world.organization, by: world.owner)
        let foreign = try await server.post(
            "/account/\(account.email)/grant", as: world.owner, #"{"orgId":"\#(world.foreign)","role":"EMPLOYEE"}"#)
        #expect(foreign.status == 422)
        #expect(foreign.pointers == ["/orgId"])
    }

    @Test func `A role is not granted to an inactive account`() async throws {
        let account = try await server.makeMember("EMPLOYEE", of: world.organization, by: world.owner)
        try await server.delete("/account/\(account.id)", as: server.admin)
        let inactive = try await server.post(
            "/account/\(account.email)/grant", as: world.owner, #"{"orgId":"\#(world.organization)","role":"ADMIN"}"#)
        #expect(inactive.status == 422)
    }

    @Test func `A grant with employeeId links the account and the employee`() async throws {
        let account = try await server.makeAccount()
        let employee = try await server.makeEmployee(world.organization, by: world.owner)
        try await server.grant("MANAGER", to: account, in: world.organization, by: world.owner, employee: employee)
        #expect(try await server.get("/employee/\(employee)", as: world.owner)["account"] == account.id)
        #expect(try await server.get("/employee/me", as: account).id == employee)
    }

    @Test func `A grant takes an employee of its organization that is not linked elsewhere`() async throws {
        let account = try await server.makeAccount()
        try await server.grant("EMPLOYEE", to: account, in: world.organization, by: world.owner)
        let foreign = try await server.makeEmployee(world.foreign, by: world.stranger)
        for (id, status) in [
            (foreign, 422), ("01890000-0000-7000-8000-000000000000", 422), ("x", 422), (world.employeeEmployee, 409),
        ] {
            let refused = try await server.post(
                "/account/\(account.id)/grant", as: world.owner,
                #"{"orgId":"\#(world.organization)","role":"ADMIN","employeeId":"\#(id)"}"#)
            #expect(refused.status == status)
            #expect(refused.pointers == ["/employeeId"])
        }
    }

    @Test func `An account is linked to one active employee of an organization at most`() async throws {
        let account = try await server.makeAccount()
        _ = try await server.makeEmployee(world.organization, by: world.owner, account: account)
        let second = try await server.makeEmployee(world.organization, by: world.owner)
        let taken = try await server.post(
            "/account/\(account.id)/grant", as: world.owner,
            #"{"orgId":"\#(world.organization)","role":"ADMIN","employeeId":"\#(second)"}"#)
        #expect(taken.status == 409)
    }

    @Test func `A grant with an employee ends with it, and does not come back`() async throws {
        let account = try await server.makeAccount()
        let employee = try await server.makeEmployee(world.organization, by: world.owner)
        try await server.grant("MANAGER", to: account, in: world.organization, by: world.owner, employee: employee)
        let gone = try await server.delete("/employee/\(employee)", as: world.owner)
        #expect(gone.status == 200)
        let seen = try await server.get("/account/\(account.id)", as: world.owner)
        #expect(roles(seen).isEmpty)
        try await server.post("/employee/\(employee)/activate", as: world.owner)
        #expect(roles(try await server.get("/account/\(account.id)", as: world.owner)).isEmpty)
    }

    private func grantPath(_ account: Person, _ role: String) -> String {
        "/account/\(account.id)/grant?orgId=\(world.organization)&role=\(role)"
    }

    @Test func `A role is revoked once, in any case`() async throws {
        try await server.grant("AUDITOR", to: world.employee, in: world.organization, by: world.owner)
        let taken = try await server.delete(grantPath(world.employee, "auditor"), as: world.administrator)
        #expect(taken.status == 200)
        #expect(roles(taken) == ["EMPLOYEE"])
        #expect(try await server.get("/account/\(world.employee.id)", as: world.administrator).body == taken.body)
        #expect(try await server.delete(grantPath(world.employee, "AUDITOR"), as: world.administrator).status == 404)
    }

    @Test func `Only an OWNER revokes OWNER, and the last one stays`() async throws {
        #expect(try await server.delete(grantPath(world.inactive, "OWNER"), as: world.administrator).status == 403)
        #expect(try await server.delete(grantPath(world.owner, "OWNER"), as: world.owner).status == 422)
        #expect(try await server.delete(grantPath(world.owner, "OWNER"), as: server.admin).status == 422)
    }

    @Test func `An account may give up its own grant, OWNER too`() async throws {
        try await server.grant("OWNER", to: world.employee, in: world.organization, by: world.owner)
        #expect(try await server.delete(grantPath(world.owner, "OWNER"), as: world.owner).status == 200)
        #expect(try await server.get("/organization/\(world.organization)", as: world.owner).status == 404)
        #expect(try await server.delete(grantPath(world.manager, "MANAGER"), as: world.manager).status == 200)
    }

    @Test func `A role is revoked in the current organization if none is named`() async throws {
        let current = "/account/\(world.auditor.id)/grant?role=AUDITOR"
        #expect(try await server.delete(current, as: world.owner).status == 200)
    }

    @Test func `A malformed revocation is 400`() async throws {
        for bad in ["", "?orgId=x&role=OWNER", "?role=a%20b", "?role=OWNER&nonsense=1", "?role="] {
            let refused = try await server.delete("/account/\(world.employee.id)/grant\(bad)", as: world.owner)
            #expect(refused.status == 400, "\(bad)")
        }
    }

    @Test func `A word that is not a role gives no right and shows no organization`() async throws {
        let account = try await server.makeMember("WIZARD", of: world.organization, by: world.owner)
        #expect(try await server.get("/organization", as: account).text == "[]")
        #expect(try await server.get("/organization/\(world.organization)", as: account).status == 404)
        #expect(try await server.get("/employee", as: account).status == 400)
        #expect(try await server.get("/employee", as: account, in: world.organization).status == 404)
        #expect(try await server.patch("/organization", as: account, #"{"name":"x"}"#).status == 400)
    }

    @Test func `A revoked right ends at once, so does one tied to an employee`() async throws {
        let account = try await server.makeAccount("linked")
        let employee = try await server.makeEmployee(world.organization, by: world.owner, account: account)
        try await server.delete(
            "/account/\(account.id)/grant?orgId=\(world.organization)&role=EMPLOYEE", as: world.owner)
        #expect(try await server.get("/employee", as: account).status == 200, "an active employee gives EMPLOYEE")
        try await server.delete("/employee/\(employee)", as: world.owner)
        #expect(try await server.get("/employee", as: account).status == 400)
        #expect(try await server.get("/employee", as: account, in: world.organization).status == 404)
        #expect(try await server.get("/employee/\(employee)", as: account).status == 404)
    }

    @Test func `The last active SYSTEM_ADMIN cannot be removed or deactivated`() async throws {
        // Of its own, since no other test may make an administrator meanwhile.
        let server = try await Server.start()
        let path = "/account/\(server.admin.id)"
        #expect(try await server.delete("\(path)/grant?role=SYSTEM_ADMIN", as: server.admin).status == 422)
        #expect(try await server.delete(path, as: server.admin).status == 422)
        let second = try await server.makeAccount()
        try await server.post("/account/\(second.id)/grant", as: server.admin, #"{"role":"SYSTEM_ADMIN"}"#)
        #expect(try await server.delete("\(path)/grant?role=SYSTEM_ADMIN", as: server.admin).status == 200)
        #expect(try await server.delete("/account/\(second.id)", as: second).status == 422)
        try await server.stop()
    }
}
