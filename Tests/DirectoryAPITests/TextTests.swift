import CanonicalJSON
import EventSourcing
import Testing

@testable import DirectoryAPI

/// What a text may be and how it is compared, as a client sees it; each rule with all its cases is tested next to its code.
@Suite struct TextTests {
    let server: Server

    init() async throws { server = try await Server.shared }

    private func name(_ text: String, _ email: String = unique("t") + "@example.org") -> String {
        JSON.object([.init(name: "name", value: .string(text)), .init(name: "email", value: .string(email))])
            .canonicalText()
    }

    // MARK: Addresses

    @Test(arguments: [
        ("mo\u{DF}", "moss"), ("\u{17F}am", "sam"), ("m\u{131}ke", "mike"), ("\u{FB01}n", "fin"),
        ("\u{20041}\u{307}", "\u{227}"),
    ])
    func `Addresses that only folding makes the same belong to two accounts`(_ one: String, _ other: String)
        async throws
    {
        let domain = "@\(unique("d")).example"
        let (organization, owner) = try await server.makeOrganization()
        let made = try await server.post("/account", as: server.admin, #"{"email":"\#(other)\#(domain)"}"#)
        let grant = "/account/\(PercentDecoding.encode(one + domain))/grant"
        let role = #"{"orgId":"\#(organization)","role":"EMPLOYEE"}"#
        #expect(try await server.post(grant, as: owner, role).status == 404)
        let token = try await server.issuer.token(subject: one + domain, expires: .distantFuture)
        #expect(try await server.send("GET", "/account/me", token: token).status == 401)
        let second = try await server.post("/account", as: server.admin, #"{"email":"\#(one)\#(domain)"}"#)
        #expect(second.status == 201)
        #expect(second.id != made.id)
        #expect(try await server.post(grant, as: owner, role).id == second.id)
        #expect(try await server.send("GET", "/account/me", token: token).id == second.id)
    }

    @Test(arguments: [
        ("\u{390}", "\u{399}\u{308}\u{301}"), ("\u{1FD3}", "\u{3B9}\u{308}\u{301}"),
        ("\u{130}\u{323}", "I\u{323}\u{307}"),
        ("andr\u{E9}", "ANDRE\u{301}"), ("\u{3C2}", "\u{3A3}"),
    ])
    func `An address is the same composed, decomposed and in either case`(_ one: String, _ other: String) async throws {
        let domain = "@\(unique("d")).example"
        let (organization, owner) = try await server.makeOrganization()
        let made = try await server.post("/account", as: server.admin, #"{"email":"\#(one)\#(domain)"}"#)
        #expect(made.status == 201, "\(made.text)")
        let again = try await server.post("/account", as: server.admin, #"{"email":"\#(other)\#(domain)"}"#)
        #expect(again.status == 409)
        let path = "/account/\(PercentDecoding.encode(other + domain))"
        #expect(try await server.get(path, as: server.admin).id == made.id)
        let employee = try await server.post("/employee", as: owner, in: organization, name("N", one + domain))
        let found = try await server.get("/employee?email=\(PercentDecoding.encode(other + domain))", as: owner)
        #expect(found.ids == [employee.id])
    }

    @Test(arguments: [
        "a@\u{301}@x.de", "a@exa!mple.com", "a\u{200B}b@x.de", "a@x\u{200D}y.de", "a\u{3164}@x.de", "a@\u{301}x.de",
    ])
    func `An address is judged by its code points, wherever one comes in`(_ email: String) async throws {
        let (organization, owner) = try await server.makeOrganization()
        for (path, field, body) in [
            ("/account", "email", #"{"email":"\#(email)"}"#), ("/employee", "email", name("N", email)),
            ("/organization", "ownerEmail", #"{"name":"N","ownerEmail":"\#(email)"}"#),
        ] {
            let refused = try await server.post(path, as: owner, in: path == "/employee" ? organization : nil, body)
            #expect(refused.status == 400, "\(path)")
            #expect(refused.pointers == ["/\(field)"], "\(path)")
        }
        let query = try await server.get("/employee?email=\(PercentDecoding.encode(email))", as: owner)
        #expect(query.status == 400)
        let token = try await server.issuer.token(subject: email, expires: .distantFuture)
        #expect(try await server.send("GET", "/account/me", token: token).status == 401)
    }

    @Test func `A search for what is no address is 400, and a plus is explained`() async throws {
        let (organization, owner) = try await server.makeOrganization()
        for query in ["abc", "ann+tag@x.example", "@", "a@b@c", "a%20b@x.example"] {
            let answer = try await server.get("/employee?email=\(query)", as: owner)
            #expect(answer.status == 400, "\(query)")
            #expect(answer.pointers == ["?email"])
            #expect(answer.text.contains("%2B") == query.contains("+"), "\(answer.text)")
        }
        let made = try await server.post("/employee", as: owner, in: organization, name("N", "ann+tag@x.example"))
        #expect(try await server.get("/employee?email=ann%2Btag@x.example", as: owner).ids == [made.id])
        let time = try await server.get("/audit?since=2026-11-24T07:00:00+01:00", as: owner)
        #expect(time.status == 400)
        #expect(time.text.contains("%2B"))
    }

    // MARK: Texts

    @Test(arguments: [
        " ", "\u{3000}", "\u{2800}", "\u{3164}", "\u{115F}\u{1160}", "\u{FFA0}", "\u{301}", "\u{200E}", "a\u{200B}b",
        "a\u{202E}b", "a\u{2067}b", "\u{FEFF}a", "a\u{AD}b", "a\u{2060}b", "a\nb", "a\tb", "a\u{7F}", "a\u{9B}",
        "a\u{200D}",
    ])
    func `A name is visible, and has no control or invisible character`(_ text: String) async throws {
        let (organization, owner) = try await server.makeOrganization()
        let employee = try await server.makeEmployee(organization, by: owner)
        let body = JSON.object([.init(name: "name", value: .string(text))]).canonicalText()
        for (method, path, body) in [
            ("POST", "/employee", name(text)), ("POST", "/account", name(text)), ("POST", "/organization", body),
            ("PATCH", "/organization", body), ("PATCH", "/account/\(owner.id)", body),
            ("PATCH", "/employee/\(employee)", body),
            ("PATCH", "/employee/\(employee)/profile", body.replacing("name", with: "firstName")),
        ] {
            let refused = try await server.send(method, path, as: owner, body)
            #expect(refused.status == 400, "\(method) \(path): \(refused.text)")
        }
    }

    @Test func `Every text refuses control and invisible characters; prose has lines`() async throws {
        let (organization, owner) = try await server.makeOrganization()
        let employee = try await server.makeEmployee(organization, by: owner)
        for (path, field) in [
            ("/employee/\(employee)", "role"), ("/employee/\(employee)/profile", "bio"),
            ("/employee/\(employee)/profile", "location"), ("/employee/\(employee)/profile", "profileImage"),
            ("/employee/\(employee)/profile", "employeeNumber"), ("/organization/profile", "mission"),
            ("/organization/profile", "website"), ("/organization/profile", "companySize"),
        ] {
            for text in [#"a\u0007"#, #"a\u202eb"#, #"a\u200bb"#, #"\ufeffa"#, #"a\r\nb"#] {
                let refused = try await server.patch(path, as: owner, #"{"\#(field)":"\#(text)"}"#)
                #expect(refused.status == 400, "\(field) \(text)")
                #expect(refused.pointers == ["/\(field)"])
            }
            let lines = try await server.patch(path, as: owner, #"{"\#(field)":"a\n\tb"}"#)
            #expect(lines.status == (["bio", "mission"].contains(field) ? 200 : 400), "\(field)")
        }
    }

    @Test func `An empty optional text is no value`() async throws {
        let (organization, owner) = try await server.makeOrganization()
        let account = try await server.post(
            "/account", as: server.admin, #"{"name":"","email":"\#(unique("e"))@example.org"}"#)
        #expect(account.status == 201)
        #expect(account.json["name"] == nil)
        let made = try await server.post(
            "/employee", as: owner, in: organization,
            #"{"name":"N","email":"n@example.org","role":"","type":""}"#)
        #expect(made.status == 201)
        #expect(made.json["role"] == nil)
        #expect(made["type"] == "EMPLOYEE")
        let path = "/employee/\(made.id)"
        try await server.patch(path, as: owner, #"{"role":"Cook"}"#)
        #expect(try await server.patch(path, as: owner, #"{"role":""}"#).json["role"] == nil)
        let profile = #"{"bio":"b","birthDate":"1990-01-01","timezone":"UTC"}"#
        try await server.post("\(path)/profile", as: owner, profile)
        let cleared = try await server.patch(
            "\(path)/profile", as: owner, #"{"bio":"","birthDate":"","timezone":"","gender":""}"#)
        #expect(cleared.text == "{}")
        let again = try await server.patch("\(path)/profile", as: owner, #"{"bio":"","birthDate":null}"#)
        #expect(again.tag == cleared.tag, "nothing was left to clear")
        #expect(try await server.patch(path, as: owner, #"{"name":""}"#).status == 400)
        #expect(try await server.patch("/organization", as: owner, #"{"alias":""}"#).status == 400)
        let named = try await server.post("/organization", as: owner, #"{"name":"Łódź","alias":"","ownerEmail":""}"#)
        #expect(named["alias"]?.hasPrefix("lodz") == true, "\(named.text)")
    }

    @Test func `A birth date is from 1900 to today`() async throws {
        let team = try await Team.make(1)
        let path = "/employee/\(team.people[0])/profile"
        for (date, status) in [
            ("1899-12-31", 400), ("1900-01-01", 200), ("2001-02-03", 200), ("9999-12-31", 400), ("0001-01-01", 400),
        ] {
            let answer = try await server.patch(path, as: team.owner, #"{"birthDate":"\#(date)"}"#)
            #expect(answer.status == status, "\(date)")
        }
        #expect(try await server.patch(path, as: team.owner, #"{"joinDate":"9999-12-31"}"#).status == 200)
    }

    @Test func `A time zone is one of the tz database, a country one of ISO 3166-1`() async throws {
        let team = try await Team.make(1)
        let employee = "/employee/\(team.people[0])/profile"
        for (path, field, good, bad) in [
            (employee, "timezone", "Asia/Calcutta", "Asia/Atlantis"),
            ("/organization/profile", "timezone", "UTC", "utc+1"),
            ("/organization/profile", "countryCode", "AX", "UK"),
            ("/organization/profile", "countryCode", "KR", "\u{212A}R"),
        ] {
            #expect(try await server.patch(path, as: team.owner, #"{"\#(field)":"\#(good)"}"#)[field] == good)
            let refused = try await server.patch(path, as: team.owner, #"{"\#(field)":"\#(bad)"}"#)
            #expect(refused.status == 400, "\(bad)")
            #expect(refused.pointers == ["/\(field)"])
        }
    }

    @Test func `A text beyond ASCII is no other spelling of a word or a parameter`() async throws {
        let (_, owner) = try await server.makeOrganization()
        for query in [
            "actor=\u{17F}ystem", "entityType=\u{212A}EY", "order=a\u{17F}c", "type=employee.\u{301}x",
            "requestId=a b",
            "limit=\u{661}", "requestId=\u{E9}",
        ] {
            let encoded = query.split(separator: "=", maxSplits: 1).map { PercentDecoding.encode(String($0)) }
            let answer = try await server.get(
                "/audit?\(encoded.joined(separator: "="))", as: owner)
            #expect(answer.status == 400, "\(query)")
        }
    }

    @Test func `A mark does not hide an ampersand, or a slash in a pointer`() async throws {
        let values = try QueryString("limit=1&\u{301}=2&&status=active").parts
        #expect(values.map(\.name) == ["limit", "\u{301}", "status"])
        let (_, owner) = try await server.makeOrganization()
        let answer = try await server.patch("/organization", as: owner, "{\"a/\u{301}~\u{301}b\":1}")
        #expect(answer.pointers.map { Array($0.utf8) } == [Array("/a~1\u{301}~0\u{301}b".utf8)])
    }

    @Test func `A client's name is recorded without what no text may have`() async throws {
        let (organization, owner) = try await server.makeOrganization()
        let made = try await server.post(
            "/employee", as: owner, in: organization, name("N"), headers: ["User-Agent": "curl\u{202E}/8"])
        let trail = try await server.get("/employee/\(made.id)/history", as: owner)
        #expect(trail.elements.first?["context"]?["userAgent"] == "curl/8")
    }

    @Test func `An error in a body's JSON tells the byte at fault once`() async throws {
        let (_, owner) = try await server.makeOrganization()
        for (body, byte) in [(#"{"name":x}"#, 8), (#"{"name":"a","name":"b"}"#, 12), (#"{"é":"\q"}"#, 7), ("", 0)] {
            let answer = try await server.patch("/organization", as: owner, body)
            #expect(answer.status == 400)
            let detail = answer["detail"] ?? ""
            #expect(detail.split(separator: "byte ").count == 2, "\(detail)")
            #expect(detail.contains("(byte \(byte))"), "\(detail)")
        }
    }
}
