import CanonicalJSON
import Testing

@Suite struct GrantTests {
    let cast: Cast
    var server: Server { cast.server }

    init() async throws { cast = try await Cast.make() }

    private func roles(_ answer: Answer) -> [String] {
        (answer.json["grants"]?.array ?? []).map { $0["role"]?.string ?? "" }
    }

    /// The path that grants to the member EMPLOYEE, and a body that grants a role in the organization.
    private var path: String { "/account/\(cast.employee.id)/grant" }
    private func body(_ role: String) -> String { #"{"orgId":"\#(cast.organization)","role":"\#(role)"}"# }

    @Test func `An ADMIN grants a role, which is stored in upper case`() async throws {
        let granted = try await server.post(path, as: cast.administrator, body("auditor"))
        #expect(granted.status == 200)
        #expect(roles(granted) == ["EMPLOYEE", "AUDITOR"])
        #expect(try await server.get("/account/\(cast.employee.id)", as: cast.administrator).body == granted.body)
    }

    @Test func `Granting a role again is no change`() async throws {
        let granted = try await server.post(path, as: cast.administrator, body("auditor"))
        let again = try await server.post(path, as: cast.administrator, body("AUDITOR"))
        #expect(again.tag == granted.tag)
        #expect(again.body == granted.body)
    }

    @Test func `Only an OWNER grants OWNER`() async throws {
        #expect(try await server.post(path, as: cast.administrator, body("OWNER")).status == 403)
        let owner = try await server.post(path, as: cast.owner, body("OWNER"))
        #expect(owner.status == 200)
        let organization = try await server.get("/organization/\(cast.organization)", as: cast.owner)
        #expect(organization.json["owners"]?.array?.map(\.string).contains(cast.employee.id) == true)
    }

    @Test func `MANAGER and AUDITOR grant nothing`() async throws {
        #expect(try await server.post(path, as: cast.manager, body("AUDITOR")).status == 404)
        #expect(try await server.post(path, as: cast.auditor, body("AUDITOR")).status == 403)
    }

    @Test func `A malformed grant names the fields at fault`() async throws {
        for bad in ["", "a b", "ü", String(repeating: "R", count: 65)] {
            #expect(try await server.post(path, as: cast.owner, body(bad)).status == 400, "\(bad)")
        }
        let both = try await server.post(path, as: cast.owner, #"{"orgId":8,"employeeId":7}"#)
        #expect(both.pointers == ["/employeeId", "/orgId", "/role"])
        let malformed = try await server.post(path, as: cast.owner, #"{"orgId":"x","role":"AUDITOR"}"#)
        #expect(malformed.status == 422)
        #expect(malformed.pointers == ["/orgId"])
    }

    @Test func `A grant without orgId is in the current organization`() async throws {
        let granted = try await server.post(path, as: cast.owner, #"{"role":"MANAGER"}"#)
        #expect(granted.status == 200)
        #expect(roles(granted) == ["EMPLOYEE", "MANAGER"])
        #expect(try await server.post(path, as: server.admin, #"{"role":"MANAGER"}"#).status == 400)
        #expect(try await server.post(path, as: server.admin, in: cast.foreign, #"{"role":"AUDITOR"}"#).status == 200)
    }

    @Test func `SYSTEM_ADMIN is granted on the platform, by SYSTEM_ADMIN`() async throws {
        #expect(try await server.post(path, as: cast.owner, #"{"role":"SYSTEM_ADMIN"}"#).status == 403)
        let both = try await server.post(
            path, as: server.admin, #"{"orgId":"\#(cast.organization)","role":"SYSTEM_ADMIN"}"#)
        #expect(both.status == 422)
        #expect(both.pointers == ["/role"])
        let platform = try await server.post(path, as: server.admin, #"{"role":"system_admin"}"#)
        #expect(platform.status == 200)
        #expect(platform.text.contains(#"{"role":"SYSTEM_ADMIN"}"#))
        #expect(try await server.get("/organization/\(cast.foreign)", as: cast.employee).status == 200)
    }

    @Test func `A SYSTEM_ADMIN may give up its own grant`() async throws {
        try await server.post(path, as: server.admin, #"{"role":"SYSTEM_ADMIN"}"#)
        let taken = try await server.delete(
            "/account/\(cast.employee.id)/grant?role=SYSTEM_ADMIN", as: cast.employee)
        #expect(taken.status == 200)
    }

    @Test func `An OWNER does not see the grants of the platform`() async throws {
        #expect(
            try await server.delete("/account/\(server.admin.id)/grant?role=SYSTEM_ADMIN", as: cast.owner).status
                == 404)
    }

    @Test func `A role may be granted by address to an account that the caller cannot see`() async throws {
        let account = try await server.makeAccount()
        let body = #"{"orgId":"\#(cast.organization)","role":"EMPLOYEE"}"#
        #expect(try await server.post("/account/\(account.id)/grant", as: cast.owner, body).status == 404)
        #expect(try await server.post("/account/nobody@example.org/grant", as: cast.owner, body).status == 404)
        #expect(try await server.post("/account/\(account.email)/grant", as: cast.manager, body).status == 404)
        let granted = try await server.post("/account/\(account.email.uppercased())/grant", as: cast.owner, body)
        #expect(granted.status == 200)
        #expect(granted.id == account.id)
    }

    @Test func `A role is not granted in an organization that the caller does not see`() async throws {
        let account = try await server.makeMember("EMPLOYEE", of: cast.organization, by: cast.owner)
        let foreign = try await server.post(
            "/account/\(account.email)/grant", as: cast.owner, #"{"orgId":"\#(cast.foreign)","role":"EMPLOYEE"}"#)
        #expect(foreign.status == 422)
        #expect(foreign.pointers == ["/orgId"])
    }

    @Test func `A role is not granted to an inactive account`() async throws {
        let account = try await server.makeMember("EMPLOYEE", of: cast.organization, by: cast.owner)
        try await server.delete("/account/\(account.id)", as: server.admin)
        let inactive = try await server.post(
            "/account/\(account.email)/grant", as: cast.owner, #"{"orgId":"\#(cast.organization)","role":"ADMIN"}"#)
        #expect(inactive.status == 422)
    }

    @Test func `A grant with employeeId links the account and the employee`() async throws {
        let account = try await server.makeAccount()
        let employee = try await server.makeEmployee(cast.organization, by: cast.owner)
        try await server.grant("MANAGER", to: account, in: cast.organization, by: cast.owner, employee: employee)
        #expect(try await server.get("/employee/\(employee)", as: cast.owner)["account"] == account.id)
        #expect(try await server.get("/employee/me", as: account).id == employee)
    }

    @Test func `A grant takes an employee of its organization that is not linked elsewhere`() async throws {
        let account = try await server.makeAccount()
        try await server.grant("EMPLOYEE", to: account, in: cast.organization, by: cast.owner)
        let foreign = try await server.makeEmployee(cast.foreign, by: cast.stranger)
        for (id, status) in [
            (foreign, 422), ("01890000-0000-7000-8000-000000000000", 422), ("x", 422), (cast.employeeEmployee, 409),
        ] {
            let refused = try await server.post(
                "/account/\(account.id)/grant", as: cast.owner,
                #"{"orgId":"\#(cast.organization)","role":"ADMIN","employeeId":"\#(id)"}"#)
            #expect(refused.status == status)
            #expect(refused.pointers == ["/employeeId"])
        }
    }

    @Test func `An account is linked to one active employee of an organization at most`() async throws {
        let account = try await server.makeAccount()
        _ = try await server.makeEmployee(cast.organization, by: cast.owner, account: account)
        let second = try await server.makeEmployee(cast.organization, by: cast.owner)
        let taken = try await server.post(
            "/account/\(account.id)/grant", as: cast.owner,
            #"{"orgId":"\#(cast.organization)","role":"ADMIN","employeeId":"\#(second)"}"#)
        #expect(taken.status == 409)
    }

    @Test func `A grant with an employee ends with it, and does not come back`() async throws {
        let account = try await server.makeAccount()
        let employee = try await server.makeEmployee(cast.organization, by: cast.owner)
        try await server.grant("MANAGER", to: account, in: cast.organization, by: cast.owner, employee: employee)
        let gone = try await server.delete("/employee/\(employee)", as: cast.owner)
        #expect(gone.status == 200)
        let seen = try await server.get("/account/\(account.id)", as: cast.owner)
        #expect(roles(seen).isEmpty)
        try await server.post("/employee/\(employee)/activate", as: cast.owner)
        #expect(roles(try await server.get("/account/\(account.id)", as: cast.owner)).isEmpty)
    }

    private func grantPath(_ account: Person, _ role: String) -> String {
        "/account/\(account.id)/grant?orgId=\(cast.organization)&role=\(role)"
    }

    @Test func `A role is revoked once, in any case`() async throws {
        try await server.grant("AUDITOR", to: cast.employee, in: cast.organization, by: cast.owner)
        let taken = try await server.delete(grantPath(cast.employee, "auditor"), as: cast.administrator)
        #expect(taken.status == 200)
        #expect(roles(taken) == ["EMPLOYEE"])
        #expect(try await server.get("/account/\(cast.employee.id)", as: cast.administrator).body == taken.body)
        #expect(try await server.delete(grantPath(cast.employee, "AUDITOR"), as: cast.administrator).status == 404)
    }

    @Test func `Only an OWNER revokes OWNER, and the last one stays`() async throws {
        #expect(try await server.delete(grantPath(cast.inactive, "OWNER"), as: cast.administrator).status == 403)
        #expect(try await server.delete(grantPath(cast.owner, "OWNER"), as: cast.owner).status == 422)
        #expect(try await server.delete(grantPath(cast.owner, "OWNER"), as: server.admin).status == 422)
    }

    @Test func `An account may give up its own grant, OWNER too`() async throws {
        try await server.grant("OWNER", to: cast.employee, in: cast.organization, by: cast.owner)
        #expect(try await server.delete(grantPath(cast.owner, "OWNER"), as: cast.owner).status == 200)
        #expect(try await server.get("/organization/\(cast.organization)", as: cast.owner).status == 404)
        #expect(try await server.delete(grantPath(cast.manager, "MANAGER"), as: cast.manager).status == 200)
    }

    @Test func `A role is revoked in the current organization if none is named`() async throws {
        let current = "/account/\(cast.auditor.id)/grant?role=AUDITOR"
        #expect(try await server.delete(current, as: cast.owner).status == 200)
    }

    @Test func `A malformed revocation is 400`() async throws {
        for bad in ["", "?orgId=x&role=OWNER", "?role=a%20b", "?role=OWNER&nonsense=1", "?role="] {
            let refused = try await server.delete("/account/\(cast.employee.id)/grant\(bad)", as: cast.owner)
            #expect(refused.status == 400, "\(bad)")
        }
    }

    @Test func `A word that is not a role gives no right and shows no organization`() async throws {
        let account = try await server.makeMember("WIZARD", of: cast.organization, by: cast.owner)
        #expect(try await server.get("/organization", as: account).text == "[]")
        #expect(try await server.get("/organization/\(cast.organization)", as: account).status == 404)
        #expect(try await server.get("/employee", as: account).status == 400)
        #expect(try await server.get("/employee", as: account, in: cast.organization).status == 404)
        #expect(try await server.patch("/organization", as: account, #"{"name":"x"}"#).status == 400)
    }

    @Test func `A revoked right ends at once, so does one tied to an employee`() async throws {
        let account = try await server.makeAccount("linked")
        let employee = try await server.makeEmployee(cast.organization, by: cast.owner, account: account)
        try await server.delete(
            "/account/\(account.id)/grant?orgId=\(cast.organization)&role=EMPLOYEE", as: cast.owner)
        #expect(try await server.get("/employee", as: account).status == 200, "an active employee gives EMPLOYEE")
        try await server.delete("/employee/\(employee)", as: cast.owner)
        #expect(try await server.get("/employee", as: account).status == 400)
        #expect(try await server.get("/employee", as: account, in: cast.organization).status == 404)
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
