import CanonicalJSON
import Testing

@Suite struct EmployeeTests {
    let cast: Cast
    var server: Server { cast.server }

    init() async throws { cast = try await Cast.make() }

    /// An organization of four employees: `worker` reports to `boss`, `robot` to `gone`, who is inactive.
    struct Staff {
        let server: Server
        let owner: Person
        let boss, worker, robot, gone: String

        static func make(_ server: Server) async throws -> Staff {
            let (_, owner) = try await server.makeOrganization()
            func make(_ name: String, _ more: String = "") async throws -> String {
                try await server.post(
                    "/employee", as: owner, #"{"name":"\#(name)","email":"\#(unique(name))@example.org"\#(more)}"#
                ).id
            }
            let staff = Staff(
                server: server, owner: owner, boss: try await make("boss"), worker: try await make("worker"),
                robot: try await make("robot", #","type":"robot""#), gone: try await make("gone"))
            try await server.assign(staff.boss, to: staff.worker, by: owner)
            try await server.assign(staff.gone, to: staff.robot, by: owner)
            try await server.delete("/employee/\(staff.gone)", as: owner)
            return staff
        }

        func list(_ query: String) async throws -> [String] {
            try await server.get("/employee\(query)", as: owner).ids
        }
    }

    @Test func `Employees of every status are listed in order of creation`() async throws {
        let staff = try await Staff.make(server)
        #expect(try await staff.list("") == [staff.boss, staff.worker, staff.robot, staff.gone])
        #expect(
            try await staff.list("?status=") == [staff.boss, staff.worker, staff.robot, staff.gone],
            "an empty value is none")
    }

    @Test func `Employees are listed by status and type, in any case`() async throws {
        let staff = try await Staff.make(server)
        #expect(try await staff.list("?status=active") == [staff.boss, staff.worker, staff.robot])
        #expect(try await staff.list("?status=INACTIVE") == [staff.gone])
        #expect(try await staff.list("?type=Robot") == [staff.robot])
        #expect(try await staff.list("?type=EMPLOYEE&status=ACTIVE") == [staff.boss, staff.worker])
    }

    @Test func `Employees without a manager, or with an inactive one, are listed`() async throws {
        let staff = try await Staff.make(server)
        #expect(try await staff.list("?manager=none") == [staff.boss])
        #expect(try await staff.list("?manager=inactive") == [staff.robot])
    }

    @Test func `Employees are listed by address, in any case, and by what else is asked`() async throws {
        let staff = try await Staff.make(server)
        let email = try #require(try await server.get("/employee/\(staff.worker)", as: staff.owner)["email"])
        #expect(try await staff.list("?email=\(email.uppercased())") == [staff.worker])
        #expect(try await staff.list("?email=\(email)&manager=none") == [])
        #expect(try await staff.list("?email=\(email)&status=INACTIVE") == [])
    }

    @Test func `A bad query is 400`() async throws {
        for query in [
            "?nonsense=1", "?status=a%20b", "?manager=some", "?status=ACTIVE&status=ACTIVE", "?limit=0", "?limit=1001",
            "?limit=x", "?limit=-1", "?limit=99999999999999999999", "?cursor=x", "?limit=1&cursor=x",
            "?limit=1&cursor=AAAA",
        ] {
            #expect(try await server.get("/employee\(query)", as: cast.owner).status == 400, "\(query)")
        }
    }

    @Test func `A list has each employee as it is shown alone`() async throws {
        let staff = try await Staff.make(server)
        let one = try await server.get("/employee/\(staff.boss)", as: staff.owner)
        #expect(try await server.get("/employee?limit=1", as: staff.owner).text == "[\(one.text)]")
    }

    @Test func `Only members list the employees of an organization`() async throws {
        let (_, other) = try await server.makeOrganization()
        #expect(try await server.get("/employee", as: other).text == "[]")
        #expect(try await server.get("/employee", as: other, in: cast.organization).status == 404)
    }

    @Test func `An employee is made with the fields given`() async throws {
        let email = unique("anna") + "@example.org"
        let made = try await server.post(
            "/employee", as: cast.administrator, in: cast.organization,
            #"{"name":"Anna Ångström","email":"\#(email)","role":"Chief of Staff","type":"contractor"}"#)
        #expect(made.status == 201)
        #expect(made.header("Location") == "/api/v1/employee/\(made.id)")
        #expect(made["role"] == "Chief of Staff")
        #expect(made["type"] == "CONTRACTOR")
        #expect(made["organization"] == cast.organization)
        #expect(
            made.names == [
                "id", "organization", "name", "email", "role", "type", "active", "status", "created", "managers",
                "mappings",
                "preferences",
            ])
    }

    @Test func `An address is unique among the active employees of an organization`() async throws {
        let email = unique("anna") + "@example.org"
        let body = #"{"name":"B","email":"\#(email)"}"#
        let made = try await server.post("/employee", as: cast.owner, body)
        let taken = try await server.post(
            "/employee", as: cast.owner, #"{"name":"B","email":"\#(email.uppercased())"}"#)
        #expect(taken.status == 409)
        #expect(taken.pointers == ["/email"])
        #expect(try await server.post("/employee", as: cast.stranger, body).status == 201)
        try await server.delete("/employee/\(made.id)", as: cast.owner)
        #expect(try await server.post("/employee", as: cast.owner, body).status == 201)
        #expect(try await server.post("/employee/\(made.id)/activate", as: cast.owner).status == 409)
    }

    @Test func `A refused employee names every field at fault`() async throws {
        let bad = try await server.post("/employee", as: cast.owner, #"{"email":"x","account":7,"type":"a b"}"#)
        #expect(bad.pointers == ["/account", "/email", "/name", "/type"])
    }

    @Test func `An employee is made with an active, visible account that is free`() async throws {
        for (account, status) in [
            (cast.stranger.id, 422), ("01890000-0000-7000-8000-000000000000", 422), ("x", 422),
            (cast.inactive.id, 422),
            (cast.employee.id, 409),
        ] {
            let refused = try await server.post(
                "/employee", as: cast.owner,
                #"{"name":"L","email":"\#(unique("l"))@example.org","account":"\#(account)"}"#)
            #expect(refused.status == status)
            #expect(refused.pointers == ["/account"])
        }
    }

    @Test func `A malformed, foreign or unknown employee is 404`() async throws {
        let foreign = try await server.makeEmployee(cast.foreign, by: cast.stranger)
        for id in ["nonsense", "01890000-0000-7000-8000-000000000000", foreign] {
            for path in ["", "/profile", "/managers", "/chain"] {
                #expect(try await server.get("/employee/\(id)\(path)", as: cast.owner).status == 404, "\(id)\(path)")
            }
            #expect(try await server.get("/employee/by-manager/\(id)", as: cast.owner).status == 404)
            #expect(try await server.get("/employee/by-account/\(id)", as: cast.owner).status == 404)
            #expect(try await server.patch("/employee/\(id)", as: cast.owner, #"{"name":"x"}"#).status == 404)
            #expect(try await server.delete("/employee/\(id)", as: cast.owner).status == 404)
        }
    }

    @Test func `The employee sees what is hidden from other members`() async throws {
        let own = try await server.get("/employee/\(cast.employeeEmployee)", as: cast.employee)
        #expect(own.json["mappings"] != nil)
        let other = try await server.get("/employee/\(cast.managerEmployee)", as: cast.employee)
        #expect(other.json["mappings"] == nil)
    }

    @Test func `An employee outside the stated organization is 404, even to SYSTEM_ADMIN`() async throws {
        let foreign = try await server.makeEmployee(cast.foreign, by: cast.stranger)
        #expect(try await server.get("/employee/\(foreign)", as: server.admin, in: cast.organization).status == 404)
        #expect(try await server.get("/employee/\(foreign)", as: server.admin).status == 200)
    }

    @Test func `PATCH changes the named fields; null clears an optional one`() async throws {
        let path = "/employee/\(cast.employeeEmployee)"
        let changed = try await server.patch(
            path, as: cast.administrator, #"{"name":"E. Mil","role":"Cook","type":"chef"}"#)
        #expect(changed.status == 200)
        #expect(changed["role"] == "Cook")
        #expect(changed["type"] == "CHEF")
        let cleared = try await server.patch(path, as: cast.owner, #"{"role":null}"#)
        #expect(cleared.json["role"] == nil)
        #expect(cleared["name"] == "E. Mil")
        #expect(try await server.patch(path, as: cast.owner, #"{"role":null,"name":"E. Mil"}"#).tag == cleared.tag)
        #expect(try await server.patch(path, as: cast.owner, #"{"type":null}"#)["type"] == "EMPLOYEE", "the default")
    }

    @Test func `A required field cannot be cleared, nor a field of another operation changed`() async throws {
        let path = "/employee/\(cast.employeeEmployee)"
        for bad in [#"{"name":null}"#, #"{"name":""}"#, #"{"email":null}"#, #"{"managers":[]}"#] {
            #expect(try await server.patch(path, as: cast.owner, bad).status == 400, "\(bad)")
        }
    }

    @Test func `An employee is linked to an account that has no other, and unlinked`() async throws {
        let path = "/employee/\(cast.employeeEmployee)"
        let malformed = try await server.patch(path, as: cast.owner, #"{"account":"x"}"#)
        #expect(malformed.status == 422)
        #expect(malformed.pointers == ["/account"])
        let unlinked = try await server.patch(path, as: cast.owner, #"{"account":null}"#)
        #expect(unlinked.json["account"] == nil)
        #expect(try await server.get("/employee/me", as: cast.employee).status == 404)
        let linked = try await server.patch(path, as: cast.owner, #"{"account":"\#(cast.employee.id)"}"#)
        #expect(linked["account"] == cast.employee.id)
        let taken = try await server.patch(
            "/employee/\(cast.managerEmployee)", as: cast.owner, #"{"account":"\#(cast.employee.id)"}"#)
        #expect(taken.status == 409)
    }

    @Test func `Undoing an OWNER's link is for an OWNER, ends the grant, and spares the last OWNER`() async throws {
        let account = try await server.makeAccount()
        let employee = try await server.makeEmployee(cast.organization, by: cast.owner)
        try await server.grant("OWNER", to: account, in: cast.organization, by: cast.owner, employee: employee)
        let path = "/employee/\(employee)"
        #expect(try await server.patch(path, as: cast.administrator, #"{"account":null}"#).status == 403)
        #expect(try await server.delete(path, as: cast.administrator).status == 403)
        try await server.delete(
            "/account/\(cast.owner.id)/grant?orgId=\(cast.organization)&role=OWNER", as: cast.owner)
        #expect(try await server.delete(path, as: account).status == 422, "the last active OWNER")
        try await server.grant("OWNER", to: cast.owner, in: cast.organization, by: account)
        #expect(try await server.patch(path, as: cast.owner, #"{"account":null}"#).status == 200)
        #expect(try await server.get("/organization/\(cast.organization)", as: account).status == 404)
    }

    @Test func `The caller's employee is the active one in the current organization`() async throws {
        let path = "/employee/by-account/\(cast.employee.id)"
        let found = try await server.get(path, as: cast.auditor)
        #expect(found.id == cast.employeeEmployee)
        #expect(found.body == (try await server.get("/employee/\(found.id)", as: cast.auditor)).body)
        #expect(try await server.get(path, as: server.admin).status == 400)
        #expect(try await server.get(path, as: server.admin, in: cast.foreign).status == 404)
        #expect(try await server.get("/employee/by-account/nonsense", as: server.admin).status == 400)
    }

    @Test func `An account has no employee of its own where it has no active one`() async throws {
        let path = "/employee/by-account/\(cast.employee.id)"
        #expect(try await server.get("/employee/me", as: cast.employee).id == cast.employeeEmployee)
        #expect(try await server.get("/employee/me", as: cast.owner).status == 404)
        try await server.delete("/employee/\(cast.employeeEmployee)", as: cast.owner)
        #expect(try await server.get(path, as: cast.owner).status == 404, "the employee is not active")
        #expect(try await server.get("/employee/me", as: cast.employee).status == 404)
    }

    @Test func `Deactivation ends an employee's lines, and its reports' lines stay`() async throws {
        try await server.assign(cast.managerEmployee, to: cast.employeeEmployee, type: "DIRECT", by: cast.owner)
        let top = try await server.makeEmployee(cast.organization, by: cast.owner)
        try await server.assign(top, to: cast.managerEmployee, by: cast.owner)
        let path = "/employee/\(cast.managerEmployee)"
        let gone = try await server.delete(path, as: cast.owner)
        #expect(gone.json["status"]?["current"]?.string == "INACTIVE")
        #expect(gone.json["managers"]?.array?.isEmpty == true)
        #expect(try await server.delete(path, as: cast.owner).body == gone.body)
        #expect(
            try await server.get("/employee/\(cast.employeeEmployee)/managers", as: cast.owner).json.array?.count == 1
        )
        #expect(try await server.get("/employee?manager=inactive", as: cast.owner).ids == [cast.employeeEmployee])
    }

    @Test func `An inactive employee neither gets a manager nor becomes one`() async throws {
        let top = try await server.makeEmployee(cast.organization, by: cast.owner)
        let path = "/employee/\(cast.managerEmployee)"
        try await server.delete(path, as: cast.owner)
        let line = #"{"managerId":"\#(cast.managerEmployee)","type":"DIRECT"}"#
        #expect(try await server.post("/employee/\(top)/managers", as: cast.owner, line).status == 422)
        #expect(
            try await server.post("\(path)/managers", as: cast.owner, #"{"managerId":"\#(top)","type":"X"}"#).status
                == 422)
    }

    @Test func `An employee comes back without its lines`() async throws {
        let top = try await server.makeEmployee(cast.organization, by: cast.owner)
        try await server.assign(top, to: cast.managerEmployee, by: cast.owner)
        let path = "/employee/\(cast.managerEmployee)"
        try await server.delete(path, as: cast.owner)
        let back = try await server.post("\(path)/activate", as: cast.owner)
        #expect(back.json["active"]?.bool == true)
        #expect(back.json["managers"]?.array?.isEmpty == true)
        #expect(try await server.post("\(path)/activate", as: cast.owner).tag == back.tag)
    }
}
