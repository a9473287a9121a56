import CanonicalJSON
import Testing

@Suite struct OrganizationTests {
    let server: Server

    init() async throws { server = try await Server.shared }

    @Test func `The list shows the organizations that the caller sees`() async throws {
        let cast = try await Cast.make(server)
        let second = try await server.makeOrganization(cast.owner)
        #expect(try await server.get("/organization", as: cast.owner).ids == [cast.organization, second])
        #expect(try await server.get("/organization", as: cast.employee).ids == [cast.organization])
        let all = try await server.get("/organization", as: server.admin)
        #expect(Set(all.ids).isSuperset(of: [cast.organization, second, cast.foreign]))
        #expect(all.header("Directory-Position") != nil)
        let nobody = try await server.makeAccount()
        #expect(try await server.get("/organization", as: nobody).text == "[]")
    }

    @Test func `X-Organization does not narrow the list of organizations, a claim does`() async throws {
        let cast = try await Cast.make(server)
        let second = try await server.makeOrganization(cast.owner)
        #expect(try await server.get("/organization", as: cast.owner, in: second).ids == [cast.organization, second])
        #expect(try await server.get("/organization", as: cast.owner, in: cast.foreign).status == 404)
        let confined = try await server.confined(cast.owner, to: second)
        #expect(try await server.get("/organization", as: confined).ids == [second])
    }

    @Test func `Apps, keys, preferences and mappings are shown to those who administer`() async throws {
        let cast = try await Cast.make(server)
        let path = "/organization/\(cast.organization)"
        for caller in [cast.owner, cast.administrator, cast.auditor, server.admin] {
            let answer = try await server.get(path, as: caller)
            for name in ["apps", "keys", "preferences", "mappings"] {
                #expect(answer.json[name]?.array?.count == 0, "\(name) for \(caller.email)")
            }
        }
    }

    @Test func `Other members see the public fields alone, in a list too`() async throws {
        let cast = try await Cast.make(server)
        let path = "/organization/\(cast.organization)"
        for caller in [cast.manager, cast.employee] {
            let answer = try await server.get(path, as: caller)
            #expect(answer.names == ["id", "name", "active", "status", "created", "alias", "owners"])
            let listed = try await server.get("/organization", as: caller)
            #expect(listed.text == "[\(answer.text)]")
        }
    }

    @Test func `Any account makes an organization and becomes its OWNER`() async throws {
        let account = try await server.makeAccount()
        let name = unique("Ärzte & Söhne ")
        let made = try await server.post("/organization", as: account, #"{"name":"\#(name)"}"#)
        #expect(made.status == 201)
        #expect(made.header("Location") == "/api/v1/organization/\(made.id)")
        #expect(made["name"] == name)
        #expect(made.json["active"]?.bool == true)
        #expect(made.json["status"]?["current"]?.string == "ACTIVE")
        #expect(made.json["created"]?["createdBy"]?.string == account.id)
        #expect(made.json["owners"]?.array?.map(\.string) == [account.id])
        #expect(made.tag == "\"\(made.position)h\"")
        #expect(made["alias"]?.hasPrefix("arzte-sohne-") == true)
    }

    @Test func `Ids are UUIDs of version 7, times have microseconds`() async throws {
        let account = try await server.makeAccount()
        let made = try await server.post("/organization", as: account, #"{"name":"Timed"}"#)
        let time = made.json["created"]?["createdAt"]?.string ?? ""
        #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/) != nil)
        #expect(made.id.dropFirst(14).first == "7")
    }

    @Test func `An alias that is not given is derived from the name`() async throws {
        let account = try await server.makeAccount()
        func alias(_ name: String) async throws -> String? {
            try await server.post("/organization", as: account, #"{"name":"\#(name)"}"#)["alias"]
        }
        let stem = unique("twice")
        #expect(try await alias(stem) == stem)
        #expect(try await alias(stem) == "\(stem)-2")
        #expect(try await alias(stem) == "\(stem)-3")
        #expect(try await alias("山田")?.hasPrefix("org-") == true)
    }

    @Test func `An alias is unique`() async throws {
        let account = try await server.makeAccount()
        let stem = unique("taken")
        try await server.post("/organization", as: account, #"{"name":"\#(stem)"}"#)
        let taken = try await server.post("/organization", as: account, #"{"name":"x","alias":"\#(stem)"}"#)
        #expect(taken.status == 409)
        #expect(taken.pointers == ["/alias"])
    }

    @Test func `An alias is 2 to 63 lower-case letters, digits and hyphens`() async throws {
        let account = try await server.makeAccount()
        for bad in ["A", "UPPER", "x", "white space", "ü-umlaut", String(repeating: "a", count: 64)] {
            let refused = try await server.post("/organization", as: account, #"{"name":"x","alias":"\#(bad)"}"#)
            #expect(refused.status == 400, "\(bad)")
            #expect(refused.pointers == ["/alias"])
        }
    }

    @Test func `The account of ownerEmail is OWNER instead, and is made if there is none`() async throws {
        let account = try await server.makeAccount()
        let email = unique("new-owner") + "@example.org"
        let made = try await server.post(
            "/organization", as: account, #"{"name":"\#(unique("o"))","ownerEmail":"\#(email)"}"#)
        #expect(made.status == 201)
        let owner = try await server.get("/account/\(email)", as: server.admin)
        #expect(made.json["owners"]?.array?.map(\.string) == [owner.id])
        // The caller is not a member, and so does not see it.
        #expect(try await server.get("/organization/\(made.id)", as: account).status == 404)
        #expect(owner.json["grants"]?.array?.map { $0["orgId"]?.string } == [made.id])
    }

    @Test func `An inactive account cannot become OWNER`() async throws {
        let account = try await server.makeAccount()
        let inactive = try await server.makeAccount()
        try await server.delete("/account/\(inactive.id)", as: server.admin)
        let refused = try await server.post(
            "/organization", as: account, #"{"name":"x","ownerEmail":"\#(inactive.email)"}"#)
        #expect(refused.status == 422)
        #expect(refused.pointers == ["/ownerEmail"])
    }

    @Test func `A bad body names every field at fault at once`() async throws {
        let account = try await server.makeAccount()
        let refused = try await server.post(
            "/organization", as: account, #"{"alias":7,"ownerEmail":"nobody","nonsense":1,"a/b~c":2}"#)
        #expect(refused.status == 400)
        #expect(refused.pointers == ["/alias", "/a~1b~0c", "/name", "/nonsense", "/ownerEmail"])
    }

    @Test func `A body without a name, or that is not an object, is 400`() async throws {
        let account = try await server.makeAccount()
        #expect(try await server.post("/organization", as: account, #"{"name":""}"#).status == 400)
        #expect(try await server.post("/organization", as: account, #"{"name":null}"#).status == 400)
        #expect(try await server.post("/organization", as: account, #"[]"#).status == 400)
        let problem = try await server.post("/organization", as: account, "{")
        #expect(problem.status == 400)
        #expect(problem["instance"]?.hasPrefix("urn:uuid:") == true)
    }

    @Test func `The only organization of the caller is the current one`() async throws {
        let (organization, owner) = try await server.makeOrganization()
        let renamed = try await server.patch("/organization", as: owner, #"{"name":"Only"}"#)
        #expect(renamed.status == 200)
        #expect(renamed.id == organization)
        #expect(renamed["name"] == "Only")
    }

    @Test func `With several organizations the current one is the claim's or the header's`() async throws {
        let (organization, owner) = try await server.makeOrganization()
        let second = try await server.makeOrganization(owner)
        let unclear = try await server.patch("/organization", as: owner, #"{"name":"Which"}"#)
        #expect(unclear.status == 400)
        #expect(try await server.patch("/organization", as: owner, in: second, #"{"name":"Second"}"#).id == second)
        let confined = try await server.confined(owner, to: second)
        #expect(try await server.patch("/organization", as: confined, #"{"name":"Third"}"#).id == second)
        #expect(try await server.patch("/organization", as: confined, in: organization, #"{"name":"x"}"#).status == 400)
    }

    @Test func `A malformed organization in the header is 400, an unknown one 404`() async throws {
        let (_, owner) = try await server.makeOrganization()
        #expect(try await server.patch("/organization", as: owner, in: "nonsense", #"{"name":"x"}"#).status == 400)
        let unknown = "01890000-0000-7000-8000-000000000000"
        for caller in [owner, server.admin] {
            #expect(try await server.patch("/organization", as: caller, in: unknown, #"{"name":"x"}"#).status == 404)
            #expect(try await server.get("/employee", as: caller, in: unknown).status == 404)
            #expect(try await server.get("/organization/profile", as: caller, in: unknown).status == 404)
            #expect(try await server.get("/account/me", as: caller, in: unknown).status == 404)
        }
    }

    @Test func `An organization is found by id and by alias`() async throws {
        let (organization, owner) = try await server.makeOrganization()
        let byID = try await server.get("/organization/\(organization)", as: owner)
        let alias = try #require(byID["alias"])
        let byAlias = try await server.get("/organization/alias/\(alias)", as: owner)
        #expect(byAlias.body == byID.body)
        #expect(byAlias.tag == byID.tag)
    }

    @Test func `An unknown organization is 404`() async throws {
        let (organization, owner) = try await server.makeOrganization()
        for missing in ["nonsense", "01890000-0000-7000-8000-000000000000", organization + "0"] {
            #expect(try await server.get("/organization/\(missing)", as: owner).status == 404)
            #expect(try await server.get("/organization/\(missing)", as: server.admin).status == 404)
            #expect(try await server.get("/organization/alias/\(missing)", as: owner).status == 404)
        }
        // Ids are read in either case and answered in lower case.
        #expect(try await server.get("/organization/\(organization.uppercased())", as: owner).id == organization)
        let other = try await server.makeOrganization(owner)
        #expect(try await server.get("/organization/\(organization)", as: owner, in: other).status == 404)
    }

    @Test func `PATCH changes the named fields`() async throws {
        let (organization, owner) = try await server.makeOrganization()
        let path = "/organization/\(organization)"
        let before = try await server.get(path, as: owner)
        let alias = unique("alias")
        let changed = try await server.patch(path, as: owner, #"{"alias":"\#(alias)"}"#)
        #expect(changed["alias"] == alias)
        #expect(changed["name"] == before["name"])
    }

    @Test func `A change that repeats what is there moves no tag`() async throws {
        let (organization, owner) = try await server.makeOrganization()
        let path = "/organization/\(organization)"
        let alias = unique("alias")
        let changed = try await server.patch(path, as: owner, #"{"alias":"\#(alias)"}"#)
        let again = try await server.patch(path, as: owner, #"{"alias":"\#(alias)"}"#)
        #expect(again.status == 200)
        #expect(again.tag == changed.tag)
        #expect(again.body == changed.body)
        #expect(try await server.patch(path, as: owner, "{}").tag == changed.tag)
    }

    @Test func `Neither name nor alias can be cleared, nor another's alias taken`() async throws {
        let (organization, owner) = try await server.makeOrganization()
        let path = "/organization/\(organization)"
        let alias = unique("alias")
        try await server.patch(path, as: owner, #"{"alias":"\#(alias)"}"#)
        for bad in [#"{"name":null}"#, #"{"name":""}"#, #"{"alias":null}"#] {
            #expect(try await server.patch(path, as: owner, bad).status == 400, "\(bad)")
        }
        let other = try await server.makeOrganization(owner)
        #expect(try await server.patch("/organization/\(other)", as: owner, #"{"alias":"\#(alias)"}"#).status == 409)
    }

    @Test func `Only an OWNER adds an OWNER with ownerEmail`() async throws {
        let cast = try await Cast.make(server)
        let path = "/organization/\(cast.organization)"
        let email = unique("second-owner") + "@example.org"
        let body = #"{"ownerEmail":"\#(email)"}"#
        #expect(try await server.patch(path, as: cast.administrator, body).status == 403)
        let added = try await server.patch(path, as: cast.owner, body)
        #expect(added.status == 200)
        #expect(added.json["owners"]?.array?.count == 3)
        let again = try await server.patch(path, as: cast.administrator, body)
        #expect(again.status == 200, "naming an OWNER again changes nothing, and is not refused")
        #expect(again.tag == added.tag)
    }

    @Test func `Only an OWNER deactivates an organization; a repeat is no change`() async throws {
        let cast = try await Cast.make(server)
        let path = "/organization/\(cast.organization)"
        #expect(try await server.delete(path, as: cast.administrator).status == 403)
        let gone = try await server.delete(path, as: cast.owner)
        #expect(gone.status == 200)
        #expect(gone.json["active"]?.bool == false)
        #expect(gone.json["status"]?["current"]?.string == "INACTIVE")
        #expect(gone.json["status"]?["changedBy"]?.string == cast.owner.id)
        let again = try await server.delete(path, as: cast.owner)
        #expect(again.status == 200)
        #expect(again.body == gone.body)
    }

    @Test func `An inactive organization can be read but not changed`() async throws {
        let cast = try await Cast.make(server)
        let path = "/organization/\(cast.organization)"
        try await server.delete(path, as: cast.owner)
        #expect(try await server.get("/employee", as: cast.employee).status == 200)
        let refused: [(String, String, String?)] = [
            ("PATCH", path, #"{"name":"New"}"#), ("POST", "\(path)/profile", #"{"mission":"New"}"#),
            ("POST", "/employee", #"{"name":"N","email":"n@example.org"}"#),
            ("PATCH", "/employee/\(cast.employeeEmployee)", #"{"name":"New"}"#),
            ("DELETE", "/employee/\(cast.employeeEmployee)", nil),
            ("PATCH", "/employee/\(cast.employeeEmployee)/profile", #"{"bio":"New"}"#),
            (
                "POST", "/employee/\(cast.managerEmployee)/managers",
                #"{"managerId":"\#(cast.employeeEmployee)","type":"DOTTED"}"#
            ),
            ("DELETE", "/employee/\(cast.employeeEmployee)/managers/\(cast.managerEmployee)", nil),
            ("POST", "/account/\(cast.employee.id)/grant", #"{"orgId":"\#(cast.organization)","role":"ADMIN"}"#),
            ("DELETE", "/account/\(cast.employee.id)/grant?orgId=\(cast.organization)&role=EMPLOYEE", nil),
        ]
        for (method, path, body) in refused {
            let answer = try await server.send(method, path, as: cast.owner, in: cast.organization, body)
            #expect(answer.status == 422, "\(method) \(path): \(answer.text)")
        }
    }

    @Test func `Only an OWNER activates an organization, which can then be changed again`() async throws {
        let cast = try await Cast.make(server)
        let path = "/organization/\(cast.organization)"
        try await server.delete(path, as: cast.owner)
        #expect(try await server.post("\(path)/activate", as: cast.administrator).status == 403)
        let back = try await server.post("\(path)/activate", as: cast.owner)
        #expect(back.json["active"]?.bool == true)
        #expect(try await server.post("\(path)/activate", as: cast.owner).tag == back.tag)
        #expect(try await server.patch(path, as: cast.owner, #"{"name":"New"}"#).status == 200)
    }

    /// The two paths of a new organization's profile, with its whole profile set.
    private func profile() async throws -> (organization: String, owner: Person, paths: [String]) {
        let (organization, owner) = try await server.makeOrganization()
        try await server.post("/organization/profile", as: owner, Self.profile)
        return (organization, owner, ["/organization/profile", "/organization/\(organization)/profile"])
    }

    private static let profile =
        #"{"logoUrl":"https://example.org/l","timezone":"Europe/Berlin","location":"Köln","countryCode":"DE","companySize":"11-50","website":"https://example.org","mission":"Ordnung"}"#

    @Test func `POST replaces an organization's profile, on both paths`() async throws {
        let (organization, owner, paths) = try await profile()
        for path in paths {
            let empty = try await server.post(path, as: owner, "{}")
            #expect(empty.status == 201)
            #expect(empty.text == "{}")
            #expect(empty.header("Location") == "/api/v1/organization/\(organization)/profile")
            let set = try await server.post(path, as: owner, Self.profile)
            #expect(set.status == 201)
            #expect(set.text == Self.profile)
            #expect(try await server.get(path, as: owner).body == set.body)
            #expect(try await server.get("/organization/\(organization)", as: owner).tag == set.tag)
            let replaced = try await server.post(path, as: owner, #"{"mission":"Chaos"}"#)
            #expect(replaced.status == 201)
            #expect(replaced.text == #"{"mission":"Chaos"}"#)
            let whole = try await server.get("/organization/\(organization)", as: owner)
            #expect(whole.json["profile"]?["mission"]?.string == "Chaos")
        }
    }

    @Test func `PATCH changes the named fields of a profile, and null clears one`() async throws {
        let (_, owner, paths) = try await profile()
        for path in paths {
            try await server.post(path, as: owner, Self.profile)
            let patched = try await server.patch(path, as: owner, #"{"mission":null,"location":"Bonn"}"#)
            #expect(patched.json["mission"] == nil)
            #expect(patched["location"] == "Bonn")
            #expect(patched["website"] == "https://example.org")
        }
    }

    @Test func `A bad profile names every field at fault`() async throws {
        let (_, owner, paths) = try await profile()
        for path in paths {
            let bad = try await server.patch(path, as: owner, #"{"mission":7,"motto":"x"}"#)
            #expect(bad.pointers == ["/mission", "/motto"])
        }
    }
}
