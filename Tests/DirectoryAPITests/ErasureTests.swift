import CanonicalJSON
import DirectoryEvents
import EventSourcing
import Testing

@testable import DirectoryAPI

/// What everybody is shown of a person who was erased, of today and of any past day.
@Suite struct ErasureTests {
    /// Somebody of an organization: an employee with all that one can have, and its account.
    private struct Person {
        let cast: Cast
        let name: String
        let account: DirectoryAPITests.Person
        let employee: String
        let app: String
        var path: String { "/employee/\(employee)" }
        var server: Server { cast.server }
        var owner: DirectoryAPITests.Person { cast.owner }

        static func make() async throws -> Person {
            let server = try await Server.shared
            let cast = try await Cast.make(server)
            let name = unique("Ada")
            let account = try await server.makeAccount(name.lowercased())
            let employee = try await server.makeEmployee(
                cast.organization, by: cast.owner, name: "\(name) Byron", account: account)
            let app = try await server.makeApp(cast.organization, by: cast.owner)
            let person = Person(cast: cast, name: name, account: account, employee: employee, app: app)
            try await person.server.patch(person.path, as: cast.owner, #"{"role":"Countess"}"#)
            try await server.patch("\(person.path)/profile", as: cast.owner, #"{"bio":"b","gender":"female"}"#)
            try await server.put(
                "\(person.path)/mappings/\(app)/chat", as: cast.owner,
                #"{"mappedId":"\#(name)","mappingSecrets":{"pin":"1"}}"#)
            try await server.put("\(person.path)/preferences/ui", as: cast.owner, #"{"values":{"theme":"lilac"}}"#)
            return person
        }

        func erase(headers: [String: String] = [:]) async throws -> Answer {
            try await server.post("\(path)/erase", as: owner, #"{"reason":"GDPR_ART_17"}"#, headers: headers)
        }

        func get(_ path: String, asOf position: Int? = nil) async throws -> Answer {
            let moment = position.map { (path.contains("?") ? "&" : "?") + "asOf=\($0)" } ?? ""
            return try await server.get(path + moment, as: owner, in: cast.organization)
        }
    }

    private func isErased(_ entity: JSON) -> Bool {
        entity["name"] == "[erased]"
            && ["email", "role", "profile"].allSatisfy { entity[$0] == nil }
            && ["mappings", "preferences"].allSatisfy { entity[$0]?.array?.isEmpty ?? true }
    }

    @Test func `An erased employee is shown as such, by the answer and by every GET`() async throws {
        let person = try await Person.make()
        let before = try await person.get(person.path)
        let erased = try await person.erase()
        #expect(erased.status == 200)
        #expect(isErased(erased.json), "\(erased.text)")
        #expect(erased.json["status"]?["current"] == "ERASED" && erased.json["active"] == false)
        #expect(erased.json["account"] == nil && erased.json["managers"] == [])
        #expect(erased.json["type"] == before.json["type"] && erased.json["created"] == before.json["created"])
        let now = try await person.get(person.path)
        #expect(now.body == erased.body && now.tag == erased.tag && now.tag != before.tag)
        #expect(try await person.get("\(person.path)/profile").json == [:])
        // A repeat appends nothing.
        let again = try await person.erase()
        #expect(again.body == erased.body && again.tag == erased.tag)
        #expect(try await person.get("\(person.path)/history?order=desc&limit=1").types == ["employee.erased"])
        for (path, body) in [("activate", nil), ("profile", #"{"bio":"b"}"#)] as [(String, String?)] {
            #expect(try await person.server.post("\(person.path)/\(path)", as: person.owner, body).status == 422)
        }
        #expect(try await person.server.delete(person.path, as: person.owner).status == 422)
        #expect(try await person.get("/employee?status=ERASED").ids == [person.employee])
        // Its id in the app is free.
        let mapped = try await person.server.put(
            "/employee/\(person.cast.managerEmployee)/mappings/\(person.app)/chat", as: person.owner,
            #"{"mappedId":"\#(person.name)"}"#)
        #expect(mapped.status == 200, "\(mapped.text)")
    }

    @Test func `Every past day shows its status and ids, and nothing that was said`() async throws {
        let person = try await Person.make()
        let (owner, server) = (person.owner, person.server)
        try await server.assign(person.cast.managerEmployee, to: person.employee, by: owner)
        let managed = try await person.get(person.path)
        try await server.delete(person.path, as: owner)
        let left = try await person.get(person.path)
        let erased = try await person.erase()
        for day in [managed, left] {
            let then = try await person.get(person.path, asOf: day.position)
            #expect(isErased(then.json), "\(then.text)")
            for name in ["id", "organization", "account", "type", "active", "status", "created", "managers"] {
                #expect(then.json[name] == day.json[name], "\(name)")
            }
            #expect(then.tag == erased.tag, "what is shown of that day has changed")
            let known = ["If-None-Match": day.tag ?? ""]
            let asked = try await server.get(
                "\(person.path)?asOf=\(day.position)", as: owner, headers: known)
            #expect(asked.status == 200)
            #expect(try await person.get("\(person.path)/profile", asOf: day.position).json == [:])
        }
        let email = managed["email"] ?? ""
        for path in [
            "/employee/by-name/\(person.name)", "/employee?email=\(email)",
            "/entity/by-mapping/\(person.app)/chat/\(person.name)",
        ] {
            for position in [nil, managed.position, left.position] {
                #expect(try await person.get(path, asOf: position).elements == [], "\(path)")
            }
        }
        let chain = try await person.get("\(person.path)/chain", asOf: managed.position)
        #expect(chain.ids == [person.cast.managerEmployee])
        let listed = try await person.get("/employee?limit=1000", asOf: managed.position)
        #expect(listed.elements.filter { $0["name"] == "[erased]" }.map { $0["id"]?.string } == [person.employee])
    }

    @Test func `The tree of lines outlives who is erased from the middle of it`() async throws {
        let person = try await Person.make()
        let (server, owner, middle) = (person.server, person.owner, person.employee)
        let (top, report) = (person.cast.managerEmployee, person.cast.employeeEmployee)
        try await server.assign(top, to: middle, by: owner)
        try await server.put(
            "/employee/\(report)/managers", as: owner, #"[{"managerId":"\#(middle)","type":"DIRECT"}]"#)
        let lists = [
            "/employee/\(report)/chain", "/employee/by-manager/\(top)?depth=all", "/employee/by-manager/\(top)",
            "/employee/by-manager/\(middle)",
        ]
        let others = [
            "/employee/\(report)", "/employee/\(report)/managers", "/employee/\(top)",
            "/employee/by-manager/\(top)/counts",
        ]
        var (before, untouched): ([Answer], [Answer]) = ([], [])
        for path in lists { before.append(try await person.get(path)) }
        for path in others { untouched.append(try await person.get(path)) }
        #expect(before.map { Set($0.ids) } == [[middle, top], [middle, report], [middle], [report]])
        let day = try #require(before.first).position
        #expect(try await person.erase().status == 200)
        for (path, then) in zip(lists, before) {
            let shown = try await person.get(path, asOf: day)
            #expect(shown.ids == then.ids, "\(path)")
            for (now, then) in zip(shown.elements, then.elements) {
                #expect(now["id"]?.string == middle ? now["name"] == "[erased]" : now == then, "\(path): \(text(now))")
            }
        }
        for (path, then) in zip(others, untouched) {
            #expect(try await person.get(path, asOf: day).body == then.body, "\(path)")
        }
        // Today the line of the report leads to somebody who has none.
        #expect(try await person.get("/employee/\(report)").body == untouched.first?.body)
        #expect(try await person.get("/employee/\(report)/chain").ids == [middle])
        #expect(try await person.get("/employee/by-manager/\(middle)").ids == [report])
        #expect(try await person.get("/employee/by-manager/\(top)?depth=all").ids == [])
        #expect(try await person.get("/employee?manager=inactive").ids == [report])
    }

    @Test func `An erased account is shown to SYSTEM_ADMIN, and its token is nothing any longer`() async throws {
        let person = try await Person.make()
        let (server, account) = (person.server, person.account)
        let path = "/account/\(account.id)"
        try await server.put("\(path)/preferences/ui", as: account, #"{"values":{"theme":"lilac"}}"#)
        let before = try await server.get(path, as: server.admin)
        let erased = try await server.post("\(path)/erase", as: account, #"{"reason":"OWN_WISH"}"#)
        #expect(erased.status == 200)
        #expect(isErased(erased.json) && erased.json["status"]?["current"] == "ERASED", "\(erased.text)")
        #expect(erased.json["grants"] == [])
        #expect(try await server.get("/account/me", as: account).status == 401)
        let now = try await server.get(path, as: server.admin)
        #expect(now.body == erased.body)
        let then = try await server.get("\(path)?asOf=\(before.position)", as: server.admin)
        #expect(isErased(then.json) && then.json["grants"] == before.json["grants"], "\(then.text)")
        #expect(try await server.get("/account/\(account.email)", as: server.admin).status == 404)
        #expect(try await person.get(person.path).json["account"] == nil)
        #expect(try await person.get(person.path)["name"] == "\(person.name) Byron")
        // Whoever has its id is told; its organization does not see it any longer.
        #expect(try await server.get(path, as: person.owner).status == 404)
        let trail = try await person.get("/audit?actor=\(account.id)")
        #expect(trail.entries.allSatisfy { $0["actor"]?["name"] == "[erased]" }, "\(trail.text)")
        #expect(!trail.entries.isEmpty)
        for status in ["DELETE", "POST"] {
            let answer = try await server.send(status, status == "POST" ? "\(path)/activate" : path, as: server.admin)
            #expect(answer.status == 422)
        }
        // The address is free.
        #expect(try await server.post("/account", as: server.admin, #"{"email":"\#(account.email)"}"#).status == 201)
    }

    @Test func `The trail names what changed, and shows no value`() async throws {
        let person = try await Person.make()
        let before = try await person.get("\(person.path)/history")
        let erased = try await person.erase()
        let after = try await person.get("\(person.path)/history")
        #expect(after.positions.prefix(before.positions.count) == before.positions[...])
        func fields(_ entry: JSON) -> [String] { (entry["changes"]?.array ?? []).compactMap { $0["field"]?.string } }
        let renamed = try #require(after.entries.first { $0["type"] == "employee.role_changed" })
        #expect(text(renamed["changes"]) == #"[{"field":"/role"}]"#)
        let profile = try #require(after.entries.first { $0["type"] == "employee.profile_changed" })
        #expect(text(profile["changes"]) == #"[{"field":"/profile/bio"},{"field":"/profile/gender"}]"#)
        let created = try #require(after.entries.first)
        #expect(fields(created) == ["/name", "/email", "/type", "/account"], "\(text(created))")
        let last = try #require(after.entries.last)
        #expect(
            text(last["changes"]) == #"[{"field":"/status","to":"ERASED"},{"field":"/reason","to":"GDPR_ART_17"}]"#)
        for entry in after.entries { #expect(entry["targets"]?.array?.first?["name"] == "[erased]", "\(text(entry))") }
        for word in [person.name, "Countess", "female", "lilac", "chat"] { #expect(!after.text.contains(word)) }
        // What the commitments open to is gone, but for the erasure's own.
        let position = created["position"]?.integer ?? 0
        let opening = try await person.get("/audit/log/opening?position=\(position)")
        #expect(opening.status == 200 && opening.json["sealed"] == nil, "\(opening.text)")
        let entry = try await person.get("/audit/log/entry?position=\(position)")
        #expect(entry.json["sealed"]?.string?.count == 64)
        #expect(try await person.get("/audit/log/proof?position=\(position)").status == 200)
        #expect(erased.position > position)
    }

    @Test func `A repeat of an earlier request gets what is left, whatever its body`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        let headers = ["Idempotency-Key": unique("hire")]
        func hire(_ name: String) async throws -> Answer {
            try await server.post(
                "/employee", as: cast.owner, in: cast.organization,
                #"{"name":"\#(name)","email":"\#(name)@example.org"}"#, headers: headers)
        }
        let name = unique("repeated")
        let first = try await hire(name)
        #expect(first.status == 201)
        let erased = try await server.post("/employee/\(first.id)/erase", as: cast.owner, #"{"reason":"R"}"#)
        // What its body was is not known any longer, or it could be guessed.
        for name in [name, unique("other")] {
            let again = try await hire(name)
            #expect(again.status == 201 && again.id == first.id && isErased(again.json), "\(again.text)")
            #expect(again.position == first.position)
        }
        let list = try await server.get("/audit?organization=\(cast.organization)&order=desc&limit=1", as: cast.owner)
        #expect(list.positions == [erased.position])
    }

    @Test func `A search under way goes on without who was erased`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        let word = unique("sought")
        var ids: [String] = []
        for _ in 0..<5 {
            ids.append(try await server.makeEmployee(cast.organization, by: cast.owner, name: "\(word) Body"))
        }
        func next(_ path: String) async throws -> Answer {
            try await server.get(path, as: cast.owner, in: cast.organization)
        }
        let first = try await next("/employee/by-name/\(word)?limit=2")
        #expect(first.ids == Array(ids[..<2]))
        // One that has been shown, where the next page begins, and one that has not.
        for id in [ids[1], ids[3]] {
            #expect(try await server.post("/employee/\(id)/erase", as: cast.owner, #"{"reason":"R"}"#).status == 200)
        }
        let second = try await next(try #require(first.nextPath))
        #expect(second.ids == [ids[2], ids[4]])
        #expect(second.nextPath == nil)
        #expect(try await next("/employee/by-name/\(word)?asOf=\(first.position)").ids == [ids[0], ids[2], ids[4]])
    }

    @Test func `Two nodes show the same right after an erasure`() async throws {
        let one = try await Server.start()
        let two = try await Server.start(database: one.database)
        let (organization, owner) = try await one.makeOrganization()
        let id = try await one.makeEmployee(organization, by: owner, name: "Twice Known")
        // Both have it in what they keep.
        for node in [one, two] {
            try await node.patch("/employee/\(id)", as: owner, #"{"role":"\#(unique("r"))"}"#)
            #expect(try await node.get("/employee/by-name/twice?limit=1", as: owner).ids == [id])
        }
        let erased = try await one.post("/employee/\(id)/erase", as: owner, #"{"reason":"R"}"#)
        for node in [two, one] {
            #expect(try await node.get("/employee/\(id)", as: owner).body == erased.body)
            #expect(try await node.get("/employee/by-name/twice", as: owner).ids == [])
            let refused = try await node.patch("/employee/\(id)", as: owner, #"{"name":"Known again"}"#)
            #expect(refused.status == 422)
            let repeated = try await node.post("/employee/\(id)/erase", as: owner, #"{"reason":"R"}"#)
            #expect(repeated.body == erased.body && repeated.tag == erased.tag)
        }
        try await one.stop()
        try await two.stop()
    }

    @Test(arguments: ["{}", #"{"reason":""}"#, #"{"reason":"she asked for it"}"#, #"{"reason":"R","name":"Ada"}"#])
    func `The reason is a word, and nothing that identifies anybody`(_ body: String) async throws {
        let person = try await Person.make()
        let refused = try await person.server.post("\(person.path)/erase", as: person.owner, body)
        #expect(refused.status == 400)
        #expect(refused.pointers == [body.contains("name") ? "/name" : "/reason"])
    }

    @Test func `An employee is erased in an INACTIVE organization, whose every other change is refused`() async throws {
        let person = try await Person.make()
        try await person.server.delete("/organization/\(person.cast.organization)", as: person.owner)
        #expect(try await person.server.patch(person.path, as: person.owner, #"{"role":"r"}"#).status == 422)
        #expect(try await person.erase().status == 200)
        #expect(isErased(try await person.get(person.path).json))
    }
}
