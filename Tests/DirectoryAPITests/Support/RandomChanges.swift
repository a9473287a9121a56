import CanonicalJSON
import TestSupport
import Testing

/// Random changes of every kind to one organization, as requests. Some are refused: that is a change of nothing.
struct RandomChanges {
    let server: Server
    let organization: String
    private(set) var accounts: [String] = []
    private(set) var people: [String] = []
    private(set) var groups: [String] = []
    private(set) var apps: [String] = []
    private var keys: [String] = []
    private var random: SeededGenerator

    fileprivate struct Request {
        let method, path: String
        var json: String?
    }

    static func make(_ server: Server, seed: UInt64) async throws -> RandomChanges {
        var changes = RandomChanges(
            server: server, organization: try await server.makeOrganization(server.admin), random: SeededGenerator(seed)
        )
        for _ in 0..<4 { changes.accounts.append(try await server.makeAccount().id) }
        return changes
    }

    private init(server: Server, organization: String, random: SeededGenerator) {
        (self.server, self.organization, self.random) = (server, organization, random)
    }

    /// Makes a change.
    /// - Returns: the position of the log after it.
    mutating func next() async throws -> Int {
        let request = request()
        let answer = try await server.send(
            request.method, request.path, as: server.admin, in: organization, request.json)
        #expect(answer.status < 500, "\(request): \(answer.text)")
        if answer.status == 201 {
            switch request.path {
            case "/employee": people.append(answer.id)
            case "/group": groups.append(answer.id)
            case "/organization/\(organization)/apps": apps.append(answer.id)
            case "/organization/\(organization)/keys": keys.append(answer.id)
            default: break
            }
        }
        return answer.position
    }

    fileprivate mutating func request() -> Request {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<8: people.count < 12 ? hire() : patchPerson()
        case 8..<12: groups.count < 6 ? makeGroup() : patchGroup()
        case 12..<26: patchPerson()
        case 26..<32: Request(method: "PATCH", path: "/employee/\(person())/profile", json: profile("bio", "gender"))
        case 32..<46: line()
        case 46..<60: membership()
        case 60..<66: Request(method: status(), path: "", json: nil).completed(by: statusPath())
        case 66..<74: grant()
        case 74..<78: patchGroup()
        case 78..<82: patchOrganization()
        case 82..<90: integration()
        case 90..<96: preference()
        default: key()
        }
    }

    private mutating func hire() -> Request {
        let link = random.chance(30) ? #","account":"\#(account())""# : ""
        return Request(
            method: "POST", path: "/employee",
            json: #"{"name":"\#(word())","email":"\#(unique("r"))@example.org","role":"\#(word())"\#(link)}"#)
    }

    private mutating func patchPerson() -> Request {
        let fields = [
            #""name":"\#(word())""#, #""role":\#(random.chance(30) ? "null" : "\"\(word())\"")"#,
            #""type":"\#(word())""#, #""account":\#(random.chance(40) ? "null" : "\"\(account())\"")"#,
            #""email":"\#(word())\#(organization)@example.org""#,
        ]
        return Request(method: "PATCH", path: "/employee/\(person())", json: "{\(some(fields))}")
    }

    private mutating func makeGroup() -> Request {
        Request(method: "POST", path: "/group", json: #"{"name":"\#(word())","type":"TEAM"}"#)
    }

    private mutating func patchGroup() -> Request {
        if random.chance(30) {
            return Request(
                method: "PATCH", path: "/group/\(group())/profile", json: profile("description", "description"))
        }
        return Request(
            method: "PATCH", path: "/group/\(group())",
            json: "{\(some([#""name":"\#(word())""#, #""type":"\#(word())""#]))}")
    }

    private mutating func patchOrganization() -> Request {
        if random.chance(50) {
            return Request(
                method: "PATCH", path: "/organization/\(organization)/profile", json: profile("mission", "location"))
        }
        return Request(method: "PATCH", path: "/organization/\(organization)", json: #"{"name":"\#(word())"}"#)
    }

    private mutating func line() -> Request {
        let path = "/employee/\(person())/managers"
        if random.chance(20) { return Request(method: "DELETE", path: "\(path)/\(person())") }
        let type = random.pick(["DIRECT", "DIRECT", "DOTTED"])
        let line = #"{"managerId":"\#(person())","type":"\#(type)"}"#
        return random.chance(50)
            ? Request(method: "POST", path: path, json: line) : Request(method: "PUT", path: path, json: "[\(line)]")
    }

    private mutating func membership() -> Request {
        let member = random.chance(50) ? person() : random.chance(50) ? group() : account()
        if random.chance(20) { return Request(method: "DELETE", path: "/entity/\(member)/groups/\(group())") }
        let wanted = Set((0..<Int.random(in: 0..<3, using: &random)).map { _ in group() }).sorted()
        let elements = wanted.map { #"{"groupId":"\#($0)","type":"\#(random.pick(["MEMBER", "LEAD"]))"}"# }
        return Request(
            method: "POST", path: "/entity/\(member)/groups", json: "[\(elements.joined(separator: ","))]")
    }

    private mutating func grant() -> Request {
        let (account, role) = (account(), random.pick(["ADMIN", "AUDITOR", "EMPLOYEE"]))
        guard random.chance(60) else {
            return Request(method: "DELETE", path: "/account/\(account)/grant?orgId=\(organization)&role=\(role)")
        }
        let tie = random.chance(40) ? #","employeeId":"\#(person())""# : ""
        return Request(
            method: "POST", path: "/account/\(account)/grant",
            json: #"{"orgId":"\#(organization)","role":"\#(role)"\#(tie)}"#)
    }

    private mutating func status() -> String { random.chance(50) ? "DELETE" : "POST" }

    private mutating func statusPath() -> String {
        random.chance(60) ? "/employee/\(person())" : random.chance(50) ? "/group/\(group())" : "/account/\(account())"
    }

    private mutating func integration() -> Request {
        if apps.count < 2 || random.chance(10) {
            return Request(
                method: "POST", path: "/organization/\(organization)/apps",
                json: #"{"type":"SLACK","name":"\#(word())","appData":{"plan":"\#(word())"}}"#)
        }
        let app = random.pick(apps)
        if random.chance(40) {
            return Request(
                method: "PATCH", path: "/organization/\(organization)/apps/\(app)",
                json: "{\(some([#""name":"\#(word())""#, #""externalId":null"#, #""externalId":"\#(word())""#]))}")
        }
        if random.chance(20) {
            return Request(method: status(), path: "").completed(by: "/organization/\(organization)/apps/\(app)")
        }
        let path = "\(entity())/mappings/\(app)/user"
        if random.chance(25) { return Request(method: "DELETE", path: path) }
        let reference = random.chance(50) ? #","reference":"\#(word())""# : ""
        return Request(method: "PUT", path: path, json: #"{"mappedId":"\#(word())"\#(reference)}"#)
    }

    private mutating func preference() -> Request {
        // Of accounts the trail of an organization has none.
        var of = entity()
        while of.hasPrefix("/account") { of = entity() }
        // Two names that are one to Unicode, and not to a directory.
        let path = "\(of)/preferences/\(random.pick(["ui", "%C3%A9", "e%CC%81"]))"
        return random.chance(25)
            ? Request(method: "DELETE", path: path)
            : Request(method: "PUT", path: path, json: #"{"values":{"theme":"\#(word())"}}"#)
    }

    private mutating func key() -> Request {
        let path = "/organization/\(organization)/keys"
        if random.chance(50), !keys.isEmpty {
            return Request(method: "DELETE", path: "\(path)/\(random.pick(keys))")
        }
        return Request(method: "POST", path: path, json: #"{"name":"\#(word())","limitToRole":"EMPLOYEE"}"#)
    }

    // MARK: Parts

    /// Few, so that what changed often changes back.
    private mutating func word() -> String { random.pick(["a", "b", "c"]) }

    private mutating func some(_ fields: [String]) -> String {
        var fields = fields.shuffled(using: &random)
        fields.removeFirst(Int.random(in: 0..<fields.count, using: &random))
        var names: Set<Substring> = []
        return fields.filter { names.insert($0.prefix { $0 != ":" }).inserted }.joined(separator: ",")
    }

    private mutating func profile(_ first: String, _ second: String) -> String {
        #"{"\#(random.chance(50) ? first : second)":\#(random.chance(30) ? "null" : "\"\(word())\"")}"#
    }

    private mutating func person() -> String { people.isEmpty ? organization : random.pick(people) }
    private mutating func group() -> String { groups.isEmpty ? organization : random.pick(groups) }
    private mutating func account() -> String { random.pick(accounts) }

    private mutating func entity() -> String {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: "/organization/\(organization)"
        case 1: "/account/\(account())"
        case 2: "/group/\(group())"
        default: "/employee/\(person())"
        }
    }
}

extension RandomChanges.Request {
    /// A change of the status of what is at a path.
    fileprivate func completed(by path: String) -> Self {
        Self(method: method, path: method == "POST" ? "\(path)/activate" : path)
    }
}
