import TestSupport

/// One of many clients: most of what it asks for others ask for as well, and some things are its own.
struct ClientOfMany {
    private let ground: Ground
    private let number: Int
    private let place: Ground.Place
    private var random: SeededGenerator
    private var count = 0
    private var employee, group, app: String?
    private var keys: [String] = []

    init(_ number: Int, on ground: Ground) {
        self.ground = ground
        self.number = number
        // What is a client's own is in an organization that stays active.
        place = ground.places[number % (ground.places.count - 1)]
        random = SeededGenerator(UInt64(number))
    }

    /// Remembers what it has made.
    mutating func note(_ answer: Nodes.Answer, to change: Change) {
        guard answer.status == 201, let id = answer.id else { return }
        switch change.kind {
        case .employee: employee = employee ?? id
        case .group: group = group ?? id
        case .app: app = app ?? id
        case .key: keys.append(id)
        default: break
        }
    }

    mutating func next() -> Change {
        count += 1
        switch count {
        case 1: return newEmployee(email: "own\(number)@example.com")
        case 2: return newGroup()
        case 3 where number.isMultiple(of: 4): return newApp()
        default: break
        }
        switch Int.random(in: 0..<25, using: &random) {
        case 0: return Change(kind: .account, method: "POST", path: "/account", body: #"{"email":"\#(email())"}"#)
        case 1:
            return Change(
                kind: .organization, method: "POST", path: "/organization", body: #"{"name":"N","alias":"\#(alias())"}"#
            )
        case 2:
            return Change(
                kind: .alias, method: "PATCH", path: "/organization/\(anyPlace().organization)",
                body: #"{"alias":"\#(alias())"}"#)
        case 3: return newEmployee(email: email())
        case 4, 5: return link()
        case 6, 7, 8: return line()
        case 9, 10, 11: return memberships()
        case 12, 13: return grantOrRevocation()
        case 14: return keyOrItsDeletion()
        case 15, 16, 17, 18: return integration()
        case 19, 20, 21: return statusChange()
        default: return changeOfOwn()
        }
    }

    // MARK: Contended

    private mutating func link() -> Change {
        Change(
            kind: .link, method: "PATCH", path: "/employee/\(random.pick(place.employees))",
            body: random.chance(20) ? #"{"account":null}"# : #"{"account":"\#(random.pick(ground.accounts))"}"#)
    }

    private mutating func line() -> Change {
        let body =
            #"{"managerId":"\#(random.pick(place.employees))","type":"\#(random.pick(["DIRECT", "DOTTED_LINE"]))"}"#
        return Change(
            kind: .line, method: "POST", path: "/employee/\(random.pick(place.employees))/managers", body: body)
    }

    private mutating func memberships() -> Change {
        let groups = Set((0..<2).map { _ in random.pick(place.groups) }).sorted()
        let body = "[\(groups.map { #"{"groupId":"\#($0)"}"# }.joined(separator: ","))]"
        let (kind, entity): (Change.Kind, String) =
            switch Int.random(in: 0..<5, using: &random) {
            case 0: (.membership, random.pick(place.employees))
            case 1: (.accountMembership, random.pick(ground.accounts))
            default: (.nesting, random.pick(place.groups))
            }
        return Change(
            kind: kind, method: "POST", path: "/entity/\(entity)/groups", organization: place.organization, body: body)
    }

    private mutating func grantOrRevocation() -> Change {
        let (account, organization) = (random.pick(ground.accounts), anyPlace().organization)
        let role = random.pick(["OWNER", "OWNER", "ADMIN"])
        if random.chance(40) {
            return Change(
                kind: .grant, method: "POST", path: "/account/\(account)/grant",
                body: #"{"orgId":"\#(organization)","role":"\#(role)"}"#)
        }
        return Change(
            kind: .revocation, method: "DELETE", path: "/account/\(account)/grant?orgId=\(organization)&role=\(role)")
    }

    private mutating func statusChange() -> Change {
        if random.chance(15), let organization = ground.places.last?.organization {
            return random.chance(50)
                ? Change(kind: .suspension, method: "DELETE", path: "/organization/\(organization)")
                : Change(kind: .revival, method: "POST", path: "/organization/\(organization)/activate")
        }
        let entity = random.pick([
            "employee/\(random.pick(place.employees))", "group/\(random.pick(place.groups))",
            "account/\(random.pick(ground.accounts))",
            "organization/\(place.organization)/apps/\(place.app)",
        ])
        return random.chance(40)
            ? Change(kind: .deactivation, method: "DELETE", path: "/\(entity)")
            : Change(kind: .activation, method: "POST", path: "/\(entity)/activate")
    }

    private mutating func anyPlace() -> Ground.Place { random.pick(ground.places) }

    private mutating func email() -> String { "contended\(Int.random(in: 0..<30, using: &random))@example.com" }

    private mutating func alias() -> String { "alias-\(Int.random(in: 0..<12, using: &random))" }

    // MARK: Its own

    private func newEmployee(email: String) -> Change {
        Change(
            kind: .employee, method: "POST", path: "/employee", organization: place.organization,
            body: #"{"name":"E","email":"\#(email)"}"#)
    }

    private func newGroup() -> Change {
        Change(
            kind: .group, method: "POST", path: "/group", organization: place.organization,
            body: #"{"name":"G\#(number)","type":"TEAM"}"#)
    }

    private func newApp() -> Change {
        Change(
            kind: .app, method: "POST", path: "/organization/\(place.organization)/apps",
            body: #"{"type":"TEAMS","secretData":{"token":"s\#(number)"}}"#)
    }

    private mutating func keyOrItsDeletion() -> Change {
        let path = "/organization/\(place.organization)/keys"
        guard random.chance(40), let key = keys.popLast() else {
            return Change(kind: .key, method: "POST", path: path, body: #"{"name":"K","limitToRole":"AUDITOR"}"#)
        }
        return Change(kind: .keyDeletion, method: "DELETE", path: "\(path)/\(key)", isOwn: true)
    }

    /// Ids in an app are contended for; the mapping is the client's.
    private mutating func integration() -> Change {
        guard let employee else { return newEmployee(email: email()) }
        let mapping = "/employee/\(employee)/mappings/\(place.app)/user"
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return Change(kind: .mappingRemoval, method: "DELETE", path: mapping, isOwn: true)
        case 1: return preferences(.preferences, of: "employee/\(employee)", isOwn: true)
        case 2: return preferences(.accountPreferences, of: "account/\(random.pick(ground.accounts))", isOwn: false)
        default:
            let id = "U\(Int.random(in: 0..<12, using: &random))"
            return Change(
                kind: .mapping, method: "PUT", path: mapping, body: #"{"mappedId":"\#(id)"}"#, isOwn: true)
        }
    }

    private func preferences(_ kind: Change.Kind, of entity: String, isOwn: Bool) -> Change {
        Change(
            kind: kind, method: "PUT", path: "/\(entity)/preferences/ui",
            body: #"{"values":{"by":"\#(number)-\#(count)"}}"#, isOwn: isOwn)
    }

    private mutating func changeOfOwn() -> Change {
        let name = #"{"name":"N\#(number)-\#(count)"}"#
        if let app, random.chance(50) {
            return Change(
                kind: .ownApp, method: "PATCH", path: "/organization/\(place.organization)/apps/\(app)", body: name,
                isOwn: true)
        }
        if let group, random.chance(50) {
            return Change(kind: .ownGroup, method: "PATCH", path: "/group/\(group)", body: name, isOwn: true)
        }
        guard let employee else { return newEmployee(email: email()) }
        return Change(kind: .ownEmployee, method: "PATCH", path: "/employee/\(employee)", body: name, isOwn: true)
    }
}
