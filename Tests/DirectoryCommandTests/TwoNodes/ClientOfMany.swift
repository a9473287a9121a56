import TestSupport

/// One of many clients: most of what it asks for others ask for as well, and some things are its own.
struct ClientOfMany {
    let ground: Ground
    let number: Int
    let place: Ground.Place
    var random: SeededGenerator
    private(set) var count = 0
    private(set) var employee, group, app: String?
    /// The keys that it made and has not deleted.
    var keys: [String] = []
    /// Employees that are erased sooner or later.
    var spare: [String] = []
    /// The last line and membership that it has asked for, of which others may have made the same.
    private var line: (employee: String, manager: String)?
    private var membership: (member: String, group: String)?

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
        case .employee: if employee == nil { employee = id } else { spare.append(id) }
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
        switch Int.random(in: 0..<30, using: &random) {
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
        case 6, 7, 8: return newLine()
        case 9, 10, 11: return memberships()
        case 12, 13: return grantOrRevocation()
        case 14: return keyOrItsDeletion()
        case 15, 16, 17, 18: return integration()
        case 19, 20, 21: return statusChange()
        case 22: return accountChange()
        case 23: return profile()
        case 24, 25: return ending()
        case 26: return erasure()
        default: return changeOfOwn()
        }
    }

    // MARK: Contended

    private mutating func link() -> Change {
        Change(
            kind: .link, method: "PATCH", path: "/employee/\(random.pick(place.employees))",
            body: random.chance(20) ? #"{"account":null}"# : #"{"account":"\#(random.pick(ground.accounts))"}"#)
    }

    private mutating func newLine() -> Change {
        let (employee, manager) = (random.pick(place.employees), random.pick(place.employees))
        let body = #"{"managerId":"\#(manager)","type":"\#(random.pick(["DIRECT", "DOTTED_LINE"]))"}"#
        let path = "/employee/\(employee)/managers"
        line = (employee, manager)
        return random.chance(30)
            ? Change(kind: .lines, method: "PUT", path: path, body: "[\(body)]")
            : Change(kind: .line, method: "POST", path: path, body: body)
    }

    /// The end of a line or a membership.
    private mutating func ending() -> Change {
        if random.chance(50), let (employee, manager) = line {
            return Change(kind: .lineEnd, method: "DELETE", path: "/employee/\(employee)/managers/\(manager)")
        }
        guard let (member, group) = membership else { return memberships() }
        return Change(
            kind: .membershipEnd, method: "DELETE", path: "/entity/\(member)/groups/\(group)",
            organization: place.organization)
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
        membership = groups.first.map { (entity, $0) }
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

    private mutating func accountChange() -> Change {
        let field = random.chance(50) ? #""email":"\#(email())""# : #""name":"N\#(number)-\#(count)""#
        return Change(
            kind: .accountChange, method: "PATCH", path: "/account/\(random.pick(ground.accounts))", body: "{\(field)}")
    }

    private mutating func profile() -> Change {
        let (path, body) = random.pick([
            ("organization/\(place.organization)", #"{"mission":"M\#(number)-\#(count)"}"#),
            ("employee/\(random.pick(place.employees))", #"{"bio":"B\#(number)-\#(count)"}"#),
            ("group/\(random.pick(place.groups))", #"{"description":"D\#(number)-\#(count)"}"#),
        ])
        return Change(kind: .profile, method: random.pick(["PATCH", "POST"]), path: "/\(path)/profile", body: body)
    }

    private mutating func anyPlace() -> Ground.Place { random.pick(ground.places) }

    mutating func email() -> String { "contended\(Int.random(in: 0..<30, using: &random))@example.com" }

    private mutating func alias() -> String { "alias-\(Int.random(in: 0..<12, using: &random))" }
}
