import CanonicalJSON
import Testing

@testable import DirectoryAPI

/// What holds for all operations: order of checks, methods, tags, request ids, positions.
@Suite struct ConventionTests {
    let server: Server

    init() async throws { server = try await Server.shared }

    private func status(
        _ method: String, _ path: String, _ caller: Person?, _ body: String? = nil, type: String? = nil,
        tag: String? = nil
    ) async throws -> Int {
        var headers: [String: String] = [:]
        if let type { headers["Content-Type"] = type }
        if let tag { headers["If-Match"] = tag }
        return try await server.send(method, path, as: caller, body, headers: headers).status
    }

    @Test func `Path, method, token, size, type and form of the body are checked in this order`() async throws {
        let (_, owner) = try await server.makeOrganization()
        let huge = String(repeating: " ", count: (1 << 20) + 1)
        #expect(try await status("PUT", "/nowhere", nil) == 404)
        #expect(try await status("PUT", "/employee", nil) == 405)
        #expect(try await status("POST", "/employee", nil, huge, type: "text/plain") == 401)
        #expect(try await status("POST", "/employee", owner, huge, type: "text/plain") == 413)
        #expect(try await status("POST", "/employee", owner, "{", type: "text/plain") == 415)
        #expect(try await status("POST", "/employee", owner, "{") == 400)
        #expect(try await status("PATCH", "/employee/nonsense", owner, "{") == 400)
    }

    @Test func `What is wrong with a request by itself is found before the state is read`() async throws {
        let cast = try await Cast.make(server)
        let path = "/employee/\(cast.employeeEmployee)"
        #expect(try await status("PATCH", path, cast.inactive, #"{"email":"nobody"}"#) == 400)
        #expect(try await status("GET", "/employee?nonsense=1", cast.inactive) == 400)
    }

    @Test func `Account, current organization, sight, right, precondition and rule follow in this order`() async throws
    {
        let cast = try await Cast.make(server)
        let path = "/employee/\(cast.employeeEmployee)"
        let valid = #"{"name":"Valid"}"#
        #expect(try await status("PATCH", path, cast.inactive, valid) == 401)
        #expect(try await status("PATCH", "/organization", server.admin, valid) == 400)
        #expect(try await status("PATCH", path, cast.stranger, valid, tag: "\"0\"") == 404)
        #expect(try await status("PATCH", path, cast.employee, valid, tag: "\"0\"") == 403)
        let taken = try await server.get("/employee/\(cast.managerEmployee)", as: cast.owner)["email"] ?? ""
        let conflict = #"{"email":"\#(taken)"}"#
        #expect(try await status("PATCH", path, cast.owner, conflict, tag: "\"0\"") == 412)
        #expect(try await status("PATCH", path, cast.owner, conflict) == 409)
    }

    @Test func `An inactive account is 401 before its current organization is looked for`() async throws {
        let cast = try await Cast.make(server)
        // It has no current organization either, since it belongs to two.
        let second = try await server.makeOrganization(cast.stranger)
        try await server.grant("OWNER", to: cast.administrator, in: second, by: cast.stranger)
        try await server.delete("/account/\(cast.administrator.id)", as: server.admin)
        let renaming = #"{"name":"Renamed"}"#
        #expect(try await server.patch("/organization", as: cast.administrator, renaming).status == 401)
        let nobody = try await server.makeAccount()
        #expect(try await server.patch("/organization", as: nobody, renaming).status == 400)
        try await server.delete("/account/\(nobody.id)", as: server.admin)
        #expect(try await server.patch("/organization", as: nobody, renaming).status == 401)
    }

    @Test func `A missing current organization is 400 before an unknown account is 404`() async throws {
        let cast = try await Cast.make(server)
        let unknown = "/account/01890000-0000-7000-8000-000000000000/grant"
        let role = #"{"role":"ADMIN"}"#
        #expect(try await server.post(unknown, as: server.admin, role).status == 400)
        #expect(try await server.post(unknown, as: server.admin, in: cast.organization, role).status == 404)
    }

    @Test func `A precondition is 412 before a rule is 422`() async throws {
        let cast = try await Cast.make(server)
        let oneself = #"{"managerId":"\#(cast.employeeEmployee)","type":"DIRECT"}"#
        let path = "/employee/\(cast.employeeEmployee)/managers"
        #expect(
            try await server.post(path, as: cast.owner, oneself, headers: ["If-Match": "\"0\""]).status == 412)
        #expect(try await server.post(path, as: cast.owner, oneself).status == 422)
    }

    @Test func `An unknown query parameter is 400 and named, whatever the operation`() async throws {
        for operation in Operations.all {
            let segments = operation.path.segments.map { segment in
                switch segment {
                case .name(let name): name
                case .parameter: "01890000-0000-7000-8000-000000000000"
                }
            }
            let answer = try await server.send(
                operation.method.rawValue, "/\(segments.joined(separator: "/"))?nonsense=1", as: server.admin,
                operation.body == nil ? nil : "{}")
            #expect(answer.status == 400, "\(operation.name): \(answer.text)")
            #expect(answer.pointers == ["?nonsense"], "\(operation.name): \(answer.text)")
        }
    }

    @Test func `A malformed query parameter is 400 and named`() async throws {
        let team = try await Team.make(1)
        let bad = try await server.get("/employee/by-manager/\(team.people[0])?type=a%20b", as: team.owner)
        #expect(bad.status == 400)
        #expect(bad.pointers == ["?type"])
    }

    @Test func `405 names the methods that the path takes`() async throws {
        for (method, path, allow) in [
            ("PUT", "/employee", "GET, HEAD, POST"), ("DELETE", "/employee/me", "GET, HEAD"),
            ("POST", "/employee/x", "DELETE, GET, HEAD, PATCH"),
            ("DELETE", "/organization/profile", "GET, HEAD, PATCH, POST"), ("DELETE", "/account/for-org", "GET, HEAD"),
            ("HEAD", "/account/x/grant", "DELETE, POST"), ("OPTIONS", "/account/x/grant", "DELETE, POST"),
            ("PROPFIND", "/healthz", "GET, HEAD"),
        ] {
            let answer = try await server.send(method, path, token: nil)
            #expect(answer.status == 405, "\(method) \(path)")
            if method == "HEAD" { #expect(answer.body.isEmpty) }
            #expect(answer.header("Allow") == allow, "\(method) \(path)")
        }
    }

    @Test func `An unknown path is 404, and so is another spelling of one`() async throws {
        for path in [
            "/", "/nowhere", "/employee/", "/employee/x/nowhere", "//employee", "/Employee", "/organization/alias",
        ] {
            let answer = try await server.send("GET", path, as: server.admin)
            #expect(answer.status == 404, "\(path)")
        }
    }

    /// A new employee that is read and changed under conditions.
    struct Tagged {
        let server: Server
        let organization: String
        let owner: Person
        let path, tag: String

        static func make(_ server: Server) async throws -> Tagged {
            let (organization, owner) = try await server.makeOrganization()
            let path = "/employee/\(try await server.makeEmployee(organization, by: owner))"
            let tag = try #require(try await server.get(path, as: owner).tag)
            return Tagged(server: server, organization: organization, owner: owner, path: path, tag: tag)
        }

        func get(_ name: String, _ value: String) async throws -> Answer {
            try await server.get(path, as: owner, headers: [name: value])
        }

        func patch(ifMatch tag: String, _ name: String) async throws -> Answer {
            try await server.patch(path, as: owner, #"{"name":"\#(name)"}"#, headers: ["If-Match": tag])
        }
    }

    @Test func `If-None-Match is 304 where a tag is held, by weak comparison`() async throws {
        let tagged = try await Tagged.make(server)
        for held in [tagged.tag, "W/\(tagged.tag)", "\"0\", \(tagged.tag)", "*"] {
            let answer = try await tagged.get("If-None-Match", held)
            #expect(answer.status == 304, "\(held)")
            #expect(answer.body.isEmpty)
            #expect(answer.tag == tagged.tag)
            #expect(answer.header("Directory-Position") != nil)
        }
        #expect(try await tagged.get("If-None-Match", "\"0\"").status == 200)
    }

    @Test func `If-Match holds for reads too`() async throws {
        let tagged = try await Tagged.make(server)
        #expect(try await tagged.get("If-Match", tagged.tag).status == 200)
        #expect(try await tagged.get("If-Match", "*").status == 200)
        #expect(try await tagged.get("If-Match", "\"0\"").status == 412)
    }

    @Test func `If-Match is 412 where the entity has moved on, by strong comparison`() async throws {
        let tagged = try await Tagged.make(server)
        #expect(try await tagged.patch(ifMatch: "\"0\"", "A").status == 412)
        #expect(try await tagged.patch(ifMatch: "W/\(tagged.tag)", "A").status == 412)
        let changed = try await tagged.patch(ifMatch: "\"0\" , \(tagged.tag)", "A")
        #expect(changed.status == 200)
        #expect(changed.tag != tagged.tag)
        #expect(try await tagged.patch(ifMatch: tagged.tag, "B").status == 412)
        #expect(try await tagged.patch(ifMatch: "*", "B").status == 200)
        let gone = try await server.delete(tagged.path, as: tagged.owner, headers: ["If-Match": tagged.tag])
        #expect(gone.status == 412)
    }

    @Test func `A missing entity is 404 before any precondition`() async throws {
        let tagged = try await Tagged.make(server)
        let missing = try await server.patch(
            "/employee/x", as: tagged.owner, #"{"name":"x"}"#, headers: ["If-Match": "*"])
        #expect(missing.status == 404)
    }

    @Test func `A manager can be read under a condition`() async throws {
        let tagged = try await Tagged.make(server)
        let other = try await server.makeEmployee(tagged.organization, by: tagged.owner)
        try await server.assign(
            other, to: String(tagged.path.dropFirst("/employee/".count)), by: tagged.owner)
        let read = try await server.get(
            "/employee/\(other)", as: tagged.owner, headers: ["If-None-Match": "\"0\""])
        #expect(read.status == 200)
    }

    @Test func `A profile has its entity's tag`() async throws {
        let tagged = try await Tagged.make(server)
        let profile = try await server.get("\(tagged.path)/profile", as: tagged.owner)
        #expect(profile.tag == tagged.tag)
        let refused = try await server.patch(
            "\(tagged.path)/profile", as: tagged.owner, #"{"bio":"x"}"#, headers: ["If-Match": "\"0\""])
        #expect(refused.status == 412)
    }

    @Test func `A change that is hidden from the caller changes the tag too`() async throws {
        let cast = try await Cast.make(server)
        let path = "/employee/\(cast.employeeEmployee)"
        let before = try await server.get(path, as: cast.manager)
        try await server.patch("\(path)/profile", as: cast.owner, #"{"gender":"x"}"#)
        let after = try await server.get(path, as: cast.manager)
        #expect(after.body == before.body)
        #expect(after.tag != before.tag)
    }

    @Test func `X-Request-Id is the caller's if it is well-formed, else a new one`() async throws {
        func id(_ given: String) async throws -> String? {
            try await server.send("GET", "/healthz", as: nil, headers: ["X-Request-Id": given]).header("X-Request-Id")
        }
        #expect(try await id("abc.DEF_1-2") == "abc.DEF_1-2")
        for bad in ["a b", "ü", String(repeating: "x", count: 129), "a;b", "\"x\""] {
            let made = try await id(bad)
            #expect(made != bad)
            #expect(made?.count == 36)
        }
    }

    @Test func `A request id that is a UUID is the instance of the problem`() async throws {
        let problem = try await server.send(
            "GET", "/nowhere", as: nil, headers: ["X-Request-Id": "01890000-0000-7000-8000-000000000000"])
        #expect(problem["instance"] == "urn:uuid:01890000-0000-7000-8000-000000000000")
    }

    @Test func `Every authenticated answer has a Directory-Position`() async throws {
        let (_, owner) = try await server.makeOrganization()
        let made = try await server.post("/employee", as: owner, #"{"name":"N","email":"n@example.org"}"#)
        #expect(made.tag == "\"\(made.position)h\"")
        let read = try await server.get("/employee/\(made.id)", as: owner)
        #expect(read.position >= made.position)
        for (path, body) in [("/employee", #"{"name":"N","email":"n@example.org"}"#), ("/employee", "{}")] {
            #expect(try await server.post(path, as: owner, body).position >= made.position)
        }
        #expect(try await server.get("/organization/x", as: owner).position >= made.position)
        #expect(try await server.send("GET", "/organization", as: nil).header("Directory-Position") == nil)
    }

    @Test func `A problem about fields names each one at fault, with what is wrong`() async throws {
        let (_, owner) = try await server.makeOrganization()
        let taken = #"{"name":"N","email":"problem@example.org"}"#
        #expect(try await server.post("/employee", as: owner, taken).status == 201)
        let problems = [
            (400, try await server.post("/employee", as: owner, #"{"email":"x","nonsense":1}"#)),
            (400, try await server.get("/employee?nonsense=1", as: owner)),
            (409, try await server.post("/employee", as: owner, taken)),
        ]
        for (status, problem) in problems {
            #expect(problem.status == status)
            let errors = problem.json["errors"]?.array ?? []
            #expect(!errors.isEmpty, "\(problem.text)")
            for error in errors {
                #expect(error["pointer"]?.string != nil, "\(problem.text)")
                #expect(error["detail"]?.string?.isEmpty == false, "\(problem.text)")
            }
        }
    }

    @Test func `A problem has the id of its request, a new one each time`() async throws {
        let (_, owner) = try await server.makeOrganization()
        let problems = [
            try await server.post("/employee", as: owner, #"{"email":"x","nonsense":1}"#),
            try await server.get("/employee?nonsense=1", as: owner),
            try await server.send("GET", "/nowhere", as: nil), try await server.send("GET", "/employee", as: nil),
            try await server.get("/employee/x", as: owner), try await server.send("PUT", "/employee", as: owner),
        ]
        var ids: Set<String> = []
        for problem in problems {
            let id = try #require(problem.header("X-Request-Id"))
            #expect(id.count == 36)
            #expect(problem["instance"] == "urn:uuid:\(id)")
            ids.insert(id)
        }
        #expect(ids.count == problems.count)
    }

    @Test func `Answers are Cache-Control private, no-cache`() async throws {
        let (organization, owner) = try await server.makeOrganization()
        let employee = try await server.makeEmployee(organization, by: owner)
        let path = "/employee/\(employee)"
        let one = try await server.get(path, as: owner)
        let answers = [
            one, try await server.get("/organization/\(organization)", as: owner),
            try await server.get(path, as: owner, headers: ["If-None-Match": one.tag ?? ""]),
            try await server.get("/employee", as: owner), try await server.get("/employee?limit=1", as: owner),
            try await server.get("/organization", as: owner), try await server.get("/account", as: owner),
            try await server.get("\(path)/managers", as: owner), try await server.get("/audit", as: owner),
            try await server.post("/employee", as: owner, #"{"name":"N","email":"cached@example.org"}"#),
            try await server.patch(path, as: owner, #"{"name":"Cached"}"#),
            try await server.post("\(path)/profile", as: owner, #"{"bio":"b"}"#),
            try await server.delete(path, as: owner), try await server.post("\(path)/activate", as: owner),
        ]
        #expect(answers.map(\.status) == [200, 200, 304, 200, 200, 200, 200, 200, 200, 201, 200, 201, 200, 200])
        for (index, answer) in answers.enumerated() {
            #expect(answer.header("Cache-Control") == "private, no-cache", "answer \(index)")
        }
    }

    @Test func `Every operation is declared under its own number`() {
        let numbers = Operations.all.compactMap(\.number)
        #expect(Set(numbers).count == numbers.count, "each once")
        #expect(Set(1...12).union(21...41).isSubset(of: numbers))
    }
}
