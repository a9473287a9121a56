import CanonicalJSON
import TestSupport
import Testing

@testable import DirectoryAPI

/// Random requests of operations that change something, most of them about what is there. Some are refused: that is a change of
/// nothing.
struct RandomHistory {
    /// Where each command ended that changed something, in order.
    private(set) var ends: [Int] = []
    /// The operations that have changed something.
    private(set) var done: Set<String> = []

    let server: Server
    /// What is drawn from; what is there twice is drawn twice as often.
    let operations: [DirectoryAPI.Operation]
    /// Whether what changes is often as it was before: it is said in few words, and has no secrets, which are never shown.
    let changesBack: Bool
    /// Have rights of every kind in the first organization, which do not change.
    let readers: [Person]
    var random: SeededGenerator
    /// By the names of their schemas. The first organization has most of the others.
    private(set) var ids: [String: [String]] = ["Organization": [], "Account": [], "Employee": []]
    /// After how many commands an entity was there, by its id.
    private var born: [String: Int] = [:]
    private(set) var addresses: [String] = []
    private(set) var aliases: [String] = ["none"]
    /// What can be taken back, by operation: the path, and the query if it takes one.
    private var takenBack: [String: [String]] = [:]

    /// Begins with a few of everything, since most operations suppose something.
    static func make(
        _ server: Server, _ seed: UInt64, of operations: [DirectoryAPI.Operation] = everything,
        changesBack: Bool = false
    ) async throws -> RandomHistory {
        let organization = try await server.makeOrganization(server.admin)
        var readers: [Person] = []
        for role in ["OWNER", "AUDITOR", "EMPLOYEE"] {
            readers.append(try await server.makeMember(role, of: organization, by: server.admin))
        }
        var history = RandomHistory(
            server: server, operations: operations, changesBack: changesBack, readers: readers,
            random: SeededGenerator(seed))
        history.ids["Organization"] = [organization]
        history.ends = [try await server.get("/account/me", as: server.admin).position]
        let first = [
            ("createOrganization", 1), ("createAccount", 3), ("createEmployee", 5), ("createGroup", 3), ("addApp", 2),
            ("createOrganizationKey", 2), ("createWebhook", 2),
        ]
        for (name, count) in first {
            guard let operation = operations.first(where: { $0.name == name }) else { continue }
            var made = 0
            for _ in 0..<20 where made < count { made += try await history.attempt(operation) ? 1 : 0 }
            try #require(made == count, "\(name), seed \(seed)")
        }
        return history
    }

    private init(
        server: Server, operations: [DirectoryAPI.Operation], changesBack: Bool, readers: [Person],
        random: SeededGenerator
    ) {
        (self.server, self.operations, self.changesBack) = (server, operations, changesBack)
        (self.readers, self.random) = (readers, random)
    }

    /// The operations that change something; an erasure changes the past as well, which is another matter.
    static let everything = Operations.all.filter {
        $0.method != .get && $0.body?.name != "SecretQuery" && $0.name != "testWebhook" && !$0.name.hasPrefix("erase")
    }

    /// Requests the operations in any order, again and again until each has changed something.
    mutating func run() async throws {
        for _ in 0..<20 {
            let left = operations.filter { !done.contains($0.name) }
            for operation in left.shuffled(using: &random) {
                for _ in 0..<3 where try await attempt(operation) { break }
            }
        }
    }

    /// Requests one operation, whichever is drawn.
    mutating func change() async throws { _ = try await attempt(random.pick(operations)) }

    /// Requests an operation. What a deactivation prevents comes back at once where it is an organization, and now and then
    /// otherwise.
    /// - Parameter exactly: the path; a random one if `nil`.
    /// - Returns: whether it changed something.
    private mutating func attempt(_ operation: DirectoryAPI.Operation, exactly: String? = nil) async throws -> Bool {
        let known = takenBack["\(operation.method.rawValue) \(operation.path.text)"] ?? []
        let drawn = known.isEmpty || random.chance(10) ? self.path(of: operation) : random.pick(known)
        let path = exactly ?? drawn
        let body = operation.body.map { self.body(named: $0.name) }
        let answer = try await server.send(
            operation.method.rawValue, path, as: server.admin, in: place(of: operation), body?.canonicalText())
        guard answer.status < 300, let last = ends.last, answer.position > last else { return false }
        ends.append(answer.position)
        done.insert(operation.name)
        note(answer, operation, path, body)
        if operation.name == "deactivateOrganization" || (operation.name.hasPrefix("deactivate") && random.chance(50)),
            let reverse = Self.everything.first(where: { $0.path.text == "\(operation.path.text)/activate" })
        {
            _ = try await attempt(reverse, exactly: "\(path)/activate")
        }
        return true
    }

    /// The current organization, mostly the first one; `nil` where the path names one.
    mutating func place(of operation: DirectoryAPI.Operation) -> String? {
        operation.path.parameters.contains("organization") ? nil : pick("Organization")
    }

    /// Remembers what was made, and what can be taken back from now on.
    private mutating func note(_ answer: Answer, _ operation: DirectoryAPI.Operation, _ path: String, _ body: JSON?) {
        if answer.status == 201, let schema = operation.response.schema, !schema.hasSuffix("Profile") {
            ids[schema, default: []].append(answer.id)
            born[answer.id] = ends.count - 1
        }
        if let alias = answer["alias"] { aliases.append(alias) }
        if operation.name == "createAccount", let address = answer["email"] { addresses.append(address) }
        func takesBack(_ method: String, _ pattern: String, _ path: String) {
            takenBack["\(method) \(pattern)", default: []].append(path)
        }
        let pattern = operation.path.text
        switch operation.name {
        case "assignManager", "replaceManagers":
            for line in answer.json.array ?? [] {
                takesBack(
                    "DELETE", "/api/v1/employee/{employee}/managers/{manager}", "\(path)/\(text(line, "managerId"))")
            }
        case "replaceGroupsOfEntity":
            for group in body?.array ?? [] {
                takesBack("DELETE", "\(pattern)/{group}", "\(path)/\(text(group, "groupId"))")
            }
        case "grantRole":
            let grant = "?orgId=\(text(body, "orgId"))&role=\(text(body, "role"))"
            takesBack("DELETE", pattern, path + grant)
        case "createOrganizationKey", "createCurrentOrganizationKey":
            takesBack("DELETE", "\(pattern)/{key}", "\(path)/\(answer.id)")
        case _ where operation.method == .put: takesBack("DELETE", pattern, path)
        case _ where operation.method == .delete: takesBack("POST", "\(pattern)/activate", "\(path)/activate")
        default: break
        }
    }

    private func text(_ json: JSON?, _ name: String) -> String { json?[name]?.string ?? "" }

    /// The path of an operation, about what is there.
    mutating func path(of operation: DirectoryAPI.Operation) -> String {
        var path = operation.path.text
        for parameter in operation.path.described {
            path = path.replacing("{\(parameter.name)}", with: PercentDecoding.encode(value(of: parameter)))
        }
        return path
    }

    private mutating func value(of parameter: PathParameter) -> String {
        parameter.entities.isEmpty ? random.pick(texts(of: parameter)) : pick(random.pick(parameter.entities))
    }

    /// All paths of an operation that are about what was there after that many commands, or after the next one.
    func paths(of operation: DirectoryAPI.Operation, after commands: Int) -> [String] {
        operation.path.described.reduce([operation.path.text]) { paths, parameter in
            let known = parameter.entities.flatMap { ids[$0] ?? [] }.filter { born[$0] ?? 0 <= commands + 1 }
            let values = Set(parameter.entities.isEmpty ? texts(of: parameter) : known).sorted()
            return paths.flatMap { path in
                values.map { path.replacing("{\(parameter.name)}", with: PercentDecoding.encode($0)) }
            }
        }
    }

    /// What a parameter that takes no id may be; some of it is there, and what is more often is drawn more often.
    private func texts(of parameter: PathParameter) -> [String] {
        switch parameter.name {
        case "alias": return aliases
        case "name": return ["ada", "kel", "bru sil", "odegard"]
        case "type": return ["SLACK", "SLACK", "OTHER"]
        case "externalId": return ["T1", "T2"]
        case "key": return ["plan"]
        case "value": return ["gold", "tin"]
        // The last two are one name to Unicode, and not to a directory.
        case "namespace": return ["user", "user", "e\u{301}", "\u{E9}"]
        case "mappedId": return ["U1", "U2"]
        default:
            Issue.record("{\(parameter.name)} has no values")
            return [""]
        }
    }

    /// The first organization.
    var organization: String { ids["Organization"]?.first ?? "" }

    /// The id of something that is there: of organizations mostly the first.
    mutating func pick(_ schema: String) -> String {
        let known = ids[schema] ?? []
        return known.isEmpty || (schema == "Organization" && random.chance(80)) ? organization : random.pick(known)
    }
}
