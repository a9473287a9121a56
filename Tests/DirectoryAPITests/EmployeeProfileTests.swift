import CanonicalJSON
import Testing

@Suite struct EmployeeProfileTests {
    let server: Server
    let world: World

    init() async throws {
        server = try await Server.shared
        world = try await World.make(server)
    }

    private var path: String { "/employee/\(world.employeeEmployee)/profile" }
    private static let profile =
        #"{"employeeNumber":"7","firstName":"Emil","lastName":"Müller","bio":"…","profileImage":"https://example.org/e","birthDate":"2000-02-29","gender":"m","timezone":"Europe/Berlin","location":"Köln","joinDate":"2024-01-01","companyRole":"Cook"}"#

    @Test func `A profile that was never set is empty, with the employee's tag`() async throws {
        let never = try await server.get(path, as: world.owner)
        #expect(never.text == "{}")
        #expect(never.tag == (try await server.get("/employee/\(world.employeeEmployee)", as: world.owner)).tag)
    }

    @Test func `POST replaces an employee's profile`() async throws {
        let set = try await server.post(path, as: world.owner, Self.profile)
        #expect(set.status == 201)
        #expect(set.text == Self.profile)
        #expect(set.header("Location") == "/api/v1\(path)")
        let replaced = try await server.post(path, as: world.owner, #"{"lastName":"M"}"#)
        #expect(replaced.text == #"{"lastName":"M"}"#)
    }

    @Test func `PATCH changes the named fields, and null clears one`() async throws {
        try await server.post(path, as: world.owner, Self.profile)
        let patched = try await server.patch(path, as: world.owner, #"{"bio":"New","gender":null}"#)
        #expect(patched["bio"] == "New")
        #expect(patched.json["gender"] == nil)
        #expect(patched["birthDate"] == "2000-02-29")
    }

    @Test func `A bad profile names every field at fault`() async throws {
        let bad = try await server.patch(
            path, as: world.owner, #"{"birthDate":"2001-02-29","joinDate":"yesterday","salary":1}"#)
        #expect(bad.pointers == ["/birthDate", "/joinDate", "/salary"])
    }

    @Test func `birthDate and gender are for OWNER, ADMIN, AUDITOR, SYSTEM_ADMIN and oneself`() async throws {
        let path = "/employee/\(world.employeeEmployee)"
        try await server.post(
            "\(path)/profile", as: world.owner, #"{"bio":"Old","birthDate":"2000-01-01","gender":"d"}"#)
        let second = try await server.makeMember("EMPLOYEE", of: world.organization, by: world.owner)
        for caller in [world.owner, world.administrator, world.auditor, server.admin, world.employee] {
            #expect(try await server.get("\(path)/profile", as: caller)["gender"] == "d", "\(caller.email)")
            #expect(try await server.get(path, as: caller).json["profile"]?["birthDate"] != nil)
        }
        for caller in [world.manager, second] {
            #expect(try await server.get("\(path)/profile", as: caller).text == #"{"bio":"Old"}"#)
            #expect(!(try await server.get(path, as: caller)).text.contains("2000-01-01"))
            #expect(!(try await server.get("/employee", as: caller)).text.contains("2000-01-01"))
        }
    }

    @Test func `Fields that a writer may not see are kept, and naming one is 403`() async throws {
        let path = "/employee/\(world.employeeEmployee)"
        try await server.post(
            "\(path)/profile", as: world.owner, #"{"bio":"Old","birthDate":"2000-01-01","gender":"d"}"#)
        let replaced = try await server.post("\(path)/profile", as: world.manager, #"{"bio":"New"}"#)
        #expect(replaced.status == 201)
        #expect(replaced.text == #"{"bio":"New"}"#)
        let whole = try await server.get("\(path)/profile", as: world.owner)
        #expect(whole.text == #"{"bio":"New","birthDate":"2000-01-01","gender":"d"}"#)
        #expect(try await server.patch("\(path)/profile", as: world.manager, #"{"gender":"x"}"#).status == 403)
    }

    @Test func `An employee changes the hidden fields of its own profile`() async throws {
        let changed = try await server.patch(path, as: world.employee, #"{"gender":"x"}"#)
        #expect(changed["gender"] == "x")
    }

    @Test func `A MANAGER edits the profiles of all who report to them over DIRECT lines`() async throws {
        let deep = try await server.makeEmployee(world.organization, by: world.owner)
        let dotted = try await server.makeEmployee(world.organization, by: world.owner)
        try await server.assign(world.employeeEmployee, to: deep, by: world.owner)
        try await server.assign(world.managerEmployee, to: dotted, type: "DOTTED_LINE", by: world.owner)
        func edit(_ employee: String, _ caller: Person) async throws -> Int {
            try await server.patch("/employee/\(employee)/profile", as: caller, #"{"bio":"\#(unique("b"))"}"#).status
        }
        #expect(try await edit(world.employeeEmployee, world.manager) == 200)
        #expect(try await edit(deep, world.manager) == 200)
        #expect(try await edit(dotted, world.manager) == 403)
        #expect(try await edit(world.managerEmployee, world.manager) == 200, "its own")
        #expect(try await edit(deep, world.employee) == 403, "a manager by line, but without the role")
        #expect(try await edit(world.managerEmployee, world.employee) == 403)
        #expect(try await edit(world.employeeEmployee, world.auditor) == 403)
    }
}
