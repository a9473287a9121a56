import CanonicalJSON
import DirectoryEvents
import Synchronization
import Testing

@testable import DirectoryAPI

/// Lists: order, pages that show one moment, streams, names.
@Suite struct ListTests {
    private func pages(_ server: Server, _ path: String, as caller: Person, between: () async throws -> Void = {})
        async throws -> (ids: [String], positions: Set<Int>)
    {
        var (ids, positions): ([String], Set<Int>) = ([], [])
        var path: String? = path
        while let current = path {
            let page = try await server.get(current, as: caller)
            #expect(page.status == 200)
            ids += page.ids
            positions.insert(page.position)
            path = page.nextPath
            try await between()
        }
        return (ids, positions)
    }

    /// Seven employees, and the first page of three.
    struct Paged {
        let server: Server
        let organization: String
        let owner: Person
        let people: [String]
        let first: Answer
        /// The path of the second page.
        let second: String

        static func make() async throws -> Paged {
            let server = try await Server.shared
            let (organization, owner) = try await server.makeOrganization()
            var people: [String] = []
            for _ in 0..<7 { people.append(try await server.makeEmployee(organization, by: owner, name: "Old Name")) }
            let first = try await server.get("/employee?limit=3", as: owner)
            return Paged(
                server: server, organization: organization, owner: owner, people: people, first: first,
                second: try #require(first.nextPath))
        }
    }

    @Test func `All pages of a list show one moment, while others write`() async throws {
        let list = try await Paged.make()
        let (server, owner, people) = (list.server, list.owner, list.people)
        #expect(list.first.ids == Array(people[..<3]))
        // What changes after the first page's moment does not show.
        try await server.patch("/employee/\(people[4])", as: owner, #"{"name":"New Name"}"#)
        try await server.delete("/employee/\(people[5])", as: owner)
        let added = try await server.makeEmployee(list.organization, by: owner)
        let page = try await server.get(list.second, as: owner)
        #expect(page.ids == Array(people[3..<6]))
        #expect(page.json.array?.map { $0["name"]?.string } == ["Old Name", "Old Name", "Old Name"])
        #expect(page.json.array?.last?["active"]?.bool == true)
        #expect(page.position == list.first.position)
        let last = try await server.get(try #require(page.nextPath), as: owner)
        #expect(last.ids == [people[6]])
        #expect(last.nextPath == nil)
        #expect(try await server.get("/employee", as: owner).ids == people + [added])
    }

    @Test func `A cursor is valid for its path and filters only, with any limit`() async throws {
        let list = try await Paged.make()
        let cursor = try #require(list.second.split(separator: "cursor=").last)
        for path in ["/employee?limit=3&status=ACTIVE", "/account?limit=3", "/employee/by-name/old?limit=3"] {
            let answer = try await list.server.get("\(path)&cursor=\(cursor)", as: list.owner)
            #expect(answer.status == 400, "\(path)")
        }
        let shorter = try await list.server.get("/employee?limit=2&cursor=\(cursor)", as: list.owner)
        #expect(shorter.ids == Array(list.people[3..<5]))
        #expect(try await list.server.get("/employee?cursor=\(cursor)", as: list.owner).status == 400)
    }

    @Test func `A cursor is valid in its organization only, and for those who see that today`() async throws {
        let list = try await Paged.make()
        let (_, stranger) = try await list.server.makeOrganization()
        #expect(try await list.server.get(list.second, as: stranger).status == 400)
        #expect(try await list.server.get(list.second, as: stranger, in: list.organization).status == 404)
    }

    @Test func `The pages of every list together are the whole list`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        for _ in 0..<4 {
            let employee = try await server.makeEmployee(cast.organization, by: cast.owner, name: "Paul Page")
            try await server.assign(cast.managerEmployee, to: employee, by: cast.owner)
            _ = try await server.makeOrganization(cast.owner)
            let chained = try await server.makeEmployee(cast.organization, by: cast.owner)
            try await server.assign(employee, to: chained, by: cast.owner)
        }
        let deepest = try await server.get("/employee", as: cast.owner, in: cast.organization).ids.last ?? ""
        for path in [
            "/organization", "/account", "/account/org-admins", "/account/for-org",
            "/account/\(cast.employee.id)/employees",
            "/employee", "/employee?status=ACTIVE", "/employee?manager=none", "/employee/by-name/paul",
            "/employee/by-manager/\(cast.managerEmployee)", "/employee/by-manager/\(cast.managerEmployee)?depth=all",
            "/employee/\(deepest)/chain",
        ] {
            let confined = try await server.confined(cast.owner, to: cast.organization)
            for caller in [confined, path == "/organization" ? cast.owner : confined] {
                let whole = try await server.get(path, as: caller)
                let mark = path.contains("?") ? "&" : "?"
                for limit in [1, 2, 1000] {
                    let paged = try await pages(server, "\(path)\(mark)limit=\(limit)", as: caller)
                    #expect(paged.ids == whole.ids, "\(path) by \(limit)")
                    #expect(paged.positions.count == 1)
                }
                #expect(!whole.ids.isEmpty, "\(path)")
            }
        }
    }

    @Test func `A list of 3,000 employees is streamed and shows one moment`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        #expect(try await server.get("/employee", as: owner).text == "[]")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<30 {
                group.addTask {
                    for index in 0..<100 {
                        let made = try await server.post(
                            "/employee", as: owner, #"{"name":"S","email":"s\#(client * 100 + index)@example.org"}"#)
                        #expect(made.status == 201)
                    }
                }
            }
            try await group.waitForAll()
        }
        async let list = server.get("/employee", as: owner)
        for index in 0..<20 {
            let made = try await server.post(
                "/employee", as: owner, #"{"name":"Late","email":"late\#(index)@example.org"}"#)
            #expect(made.status == 201)
        }
        let whole = try await list
        #expect(whole.status == 200)
        let seen = whole.elements
        let late = seen.filter { $0["name"]?.string == "Late" }.count
        #expect(seen.count == 3000 + late, "\(seen.count), of which late \(late)")
        let ids = seen.map { $0["id"]?.string ?? "" }
        #expect(Set(ids).count == seen.count)
        let paged = try await pages(server, "/employee?limit=1000", as: owner) {
            try await server.patch("/organization/\(organization)", as: owner, #"{"name":"\#(unique("Busy "))"}"#)
        }
        #expect(paged.ids.count == 3020)
        #expect(paged.positions.count == 1)
        try await expectOneMoment(server, owner, first: ids[0], last: ids[2999])
    }

    /// Counts up the roles of the first and the last employee by turns while the whole list is read: at every moment the last
    /// one's is the first one's, or one after it.
    private func expectOneMoment(_ server: Server, _ owner: Person, first: String, last: String) async throws {
        let isRead = Atomic(false)
        func count() async throws -> Int {
            var count = 0
            while !isRead.load(ordering: .relaxed) {
                count += 1
                for employee in [first, last] {
                    let counted = try await server.patch("/employee/\(employee)", as: owner, #"{"role":"\#(count)"}"#)
                    #expect(counted.status == 200)
                }
            }
            return count
        }
        async let counted = count()
        var seen: Set<Int> = []
        for _ in 0..<5 {
            let list = try await server.get("/employee", as: owner).elements
            func number(_ id: String) throws -> Int {
                let employee = try #require(list.first { $0["id"]?.string == id })
                return employee["role"]?.string.flatMap { Int($0) } ?? 0
            }
            #expect([0, 1].contains(try number(first) - number(last)))
            seen.insert(try number(first))
        }
        isRead.store(true, ordering: .relaxed)
        #expect(try await counted > 1, "they were not counted meanwhile")
        #expect(seen.count > 1, "each list was read before the next count")
    }

    @Test func `A search by name ignores apostrophes, marks, and what makes a Latin letter another`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let people = ["Işık Işıksız", "Łukasz", "Søren", "مُحَمَّد", "Sinéad O’Brien", "Anne-Marie", "Straße"]
        var ids: [String] = []
        for name in people { ids.append(try await server.makeEmployee(organization, by: owner, name: name)) }
        for (text, index) in [
            ("IŞIK", 0), ("isik", 0), ("lukasz", 1), ("soren", 2), ("محمد", 3), ("obrien", 4), ("brien", 4),
            ("o'brien", 4),
            ("o brien sinead", 4), ("annemarie", 5), ("marie", 5), ("anne marie", 5), ("anne-mar", 5), ("STRASSE", 6),
        ] {
            let found = try await server.get("/employee/by-name/\(PercentDecoding.encode(text))", as: owner).ids
            #expect(found == [ids[index]], "\(text)")
        }
    }

    @Test func `A search with a hyphen finds in order, page by page, each once`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        var ids: [String] = []
        for name in ["Marie Anne", "Annemarie", "Anne-Marie", "Anne Mariella"] {
            ids.append(try await server.makeEmployee(organization, by: owner, name: name))
        }
        #expect(try await server.get("/employee/by-name/anne-marie", as: owner).ids == ids)
        let first = try await server.get("/employee/by-name/anne-marie?limit=3", as: owner)
        #expect(first.ids == Array(ids.prefix(3)))
        #expect(try await server.get(first.nextPath ?? "", as: owner).ids == Array(ids.suffix(1)))
    }

    @Test func `A search by name matches word beginnings without case or accents`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        var people: [String: String] = [:]
        for name in [
            "Jörg Straßer", "Åsa Öberg", "山田 太郎", "Иван Иванов", "José María Núñez", "O'Brien Anne-Marie", "X",
        ] {
            people[name] = try await server.makeEmployee(organization, by: owner, name: name)
        }
        func find(_ text: String) async throws -> [String] {
            let ids = try await server.get("/employee/by-name/\(PercentDecoding.encode(text))", as: owner).ids
            return ids.compactMap { id in people.first { $0.value == id }?.key }
        }
        for (text, name) in [
            ("jorg", "Jörg Straßer"), ("JÖRG", "Jörg Straßer"), ("strasser", "Jörg Straßer"),
            ("STRASS", "Jörg Straßer"),
            ("straß jö", "Jörg Straßer"), ("asa o", "Åsa Öberg"), ("山", "山田 太郎"), ("太郎 山田", "山田 太郎"),
            ("иван", "Иван Иванов"),
            ("jose nu", "José María Núñez"), ("nun\u{303}ez", "José María Núñez"),
            ("marie brien", "O'Brien Anne-Marie"), ("x", "X"),
        ] {
            let found = try await find(text)
            #expect(found == [name], "\(text) (\(SearchText.words(text))): \(found)")
        }
        for text in ["org", "jorg jorge", "jorg nobody", " ", "%", "_", "*", "'", "\u{1F986}"] {
            #expect(try await find(text).isEmpty, "\(text)")
        }
        try await server.patch("/employee/\(people["X"] ?? "")", as: owner, #"{"name":"Yvonne"}"#)
        #expect(try await find("x").isEmpty)
        #expect(try await find("yv") == ["X"])
        let one = try await server.get("/employee/\(people["X"] ?? "")", as: owner)
        #expect(try await server.get("/employee/by-name/yv", as: owner).text == "[\(one.text)]")
    }
}
