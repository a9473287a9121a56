import CanonicalJSON
import Testing

@Suite struct EmployeeProfileTests {
    let cast: Cast
    var server: Server { cast.server }

    init() async throws { cast = try await Cast.make() }

    private var path: String { "/employee/\(cast.employeeEmployee)/profile" }
    private static let profile =
        #"{"employeeNumber":"7","firstName":"Emil","lastName":"Müller","bio":"…","profileImage":"https://example.org/e","birthDate":"2000-02-29","gender":"m","timezone":"Europe/Berlin","location":"Köln","joinDate":"2024-01-01","companyRole":"Cook"}"#

    @Test func `A profile that was never set is empty, with the employee's tag`() async throws {
        let never = try await server.get(path, as: cast.owner)
        #expect(never.text == "{}")
        #expect(never.tag == (try await server.get("/employee/\(cast.employeeEmployee)", as: cast.owner)).tag)
    }

    @Test func `POST replaces an employee's profile`() async throws {
        let set = try await server.post(path, as: cast.owner, Self.profile)
        #expect(set.status == 201)
        #expect(set.text == Self.profile)
        #expect(set.header("Location") == "/api/v1\(path)")
        let replaced = try await server.post(path, as: cast.owner, #"{"lastName":"M"}"#)
        #expect(replaced.text == #"{"lastName":"M"}"#)
    }

    @Test func `PATCH changes the named fields, and null clears one`() async throws {
        try await server.post(path, as: cast.owner, Self.profile)
        let patched = try await server.patch(path, as: cast.owner, #"{"bio":"New","gender":null}"#)
        #expect(patched["bio"] == "New")
        #expect(patched.json["gender"] == nil)
        #expect(patched["birthDate"] == "2000-02-29")
    }

    @Test func `A bad profile names every field at fault`() async throws {
        let bad = try await server.patch(
            path, as: cast.owner, #"{"birthDate":"2001-02-29","joinDate":"yesterday","salary":1}"#)
        #expect(bad.pointers == ["/birthDate", "/joinDate", "/salary"])
    }

    @Test func `birthDate and gender are for OWNER, ADMIN, AUDITOR, SYSTEM_ADMIN and oneself`() async throws {
        let path = "/employee/\(cast.employeeEmployee)"
        try await server.post(
            "\(path)/profile", as: cast.owner, #"{"bio":"Old","birthDate":"2000-01-01","gender":"d"}"#)
        let second = try await server.makeMember("EMPLOYEE", of: cast.organization, by: cast.owner)
        for caller in [cast.owner, cast.administrator, cast.auditor, server.admin, cast.employee] {
            #expect(try await server.get("\(path)/profile", as: caller)["gender"] == "d", "\(caller.email)")
            #expect(try await server.get(path, as: caller).json["profile"]?["birthDate"] != nil)
        }
        for caller in [cast.manager, second] {
            #expect(try await server.get("\(path)/profile", as: caller).text == #"{"bio":"Old"}"#)
            #expect(!(try await server.get(path, as: caller)).text.contains("2000-01-01"))
            #expect(!(try await server.get("/employee", as: caller)).text.contains("2000-01-01"))
        }
    }

    @Test func `Fields that a writer may not see are kept, and naming one is 403`() async throws {
        let path = "/employee/\(cast.employeeEmployee)"
        try await server.post(
            "\(path)/profile", as: cast.owner, #"{"bio":"Old","birthDate":"2000-01-01","gender":"d"}"#)
        let replaced = try await server.post("\(path)/profile", as: cast.manager, #"{"bio":"New"}"#)
        #expect(replaced.status == 201)
        #expect(replaced.text == #"{"bio":"New"}"#)
        let whole = try await server.get("\(path)/profile", as: cast.owner)
        #expect(whole.text == #"{"bio":"New","birthDate":"2000-01-01","gender":"d"}"#)
        #expect(try await server.patch("\(path)/profile", as: cast.manager, #"{"gender":"x"}"#).status == 403)
    }

    @Test func `An employee changes the hidden fields of its own profile`() async throws {
        let changed = try await server.patch(path, as: cast.employee, #"{"gender":"x"}"#)
        #expect(changed["gender"] == "x")
    }

    @Test func `A MANAGER edits the profiles of all who report to them over DIRECT lines`() async throws {
        let deep = try await server.makeEmployee(cast.organization, by: cast.owner)
        let dotted = try await server.makeEmployee(cast.organization, by: cast.owner)
        try await server.assign(cast.employeeEmployee, to: deep, by: cast.owner)
        try await server.assign(cast.managerEmployee, to: dotted, type: "DOTTED_LINE", by: cast.owner)
        func edit(_ employee: String, _ caller: Person) async throws -> Int {
            try await server.patch("/employee/\(employee)/profile", as: caller, #"{"bio":"\#(unique("b"))"}"#).status
        }
        #expect(try await edit(cast.employeeEmployee, cast.manager) == 200)
        #expect(try await edit(deep, cast.manager) == 200)
        #expect(try await edit(dotted, cast.manager) == 403)
        #expect(try await edit(cast.managerEmployee, cast.manager) == 200, "its own")
        #expect(try await edit(deep, cast.employee) == 403, "a manager by line, but without the role")
        #expect(try await edit(cast.managerEmployee, cast.employee) == 403)
        #expect(try await edit(cast.employeeEmployee, cast.auditor) == 403)
    }
}
