import CanonicalJSON
import TestSupport
import Testing

/// The bodies of random requests, about what is there.
extension RandomHistory {
    /// A body; one that is not known fails the test.
    mutating func body(named name: String) -> JSON {
        switch name {
        case "NewOrganization":
            object([("name", word()), ("alias", maybe(30, alias())), ("ownerEmail", maybe(30, known()))])
        case "OrganizationPatch":
            object([("name", maybe(60, word())), ("alias", maybe(50, alias())), ("ownerEmail", maybe(20, known()))])
        case "OrganizationProfile":
            object([("location", field()), ("countryCode", maybe(50, "DE")), ("mission", maybe(50, word()))])
        case "NewOrganizationKey":
            object([("name", word()), ("limitToRole", maybe(50, .string(random.pick(["ADMIN", "AUDITOR"]))))])
        case "NewAccount": object([("email", address()), ("name", maybe(50, person()))])
        case "AccountPatch": object([("name", maybe(60, person())), ("email", maybe(50, address()))])
        case "NewGrant":
            object([
                ("orgId", .string(pick("Organization"))),
                ("role", .string(random.pick(["ADMIN", "MANAGER", "EMPLOYEE", "OWNER"]))),
                ("employeeId", maybe(30, .string(pick("Employee")))),
            ])
        case "NewEmployee":
            object([
                ("name", person()), ("email", address()), ("role", maybe(50, word())), ("type", maybe(30, "TEMP")),
                ("account", maybe(30, .string(pick("Account")))),
            ])
        case "EmployeePatch":
            object([
                ("name", maybe(50, person())), ("email", maybe(20, address())), ("role", maybe(50, field())),
                ("type", maybe(30, .string(random.pick(["TEMP", "EMPLOYEE"])))),
                ("account", maybe(30, random.chance(30) ? .null : .string(pick("Account")))),
            ])
        case "EmployeeProfile":
            object([("bio", field()), ("gender", maybe(50, field())), ("birthDate", maybe(30, "1990-12-10"))])
        case "GroupProfile": object([("description", field()), ("icon", maybe(30, "https://a.example/i.svg"))])
        case "ManagerAssignment": line(pick("Employee"))
        case "ManagerAssignmentList": .array(some("Employee").map { line($0) })
        case "NewGroup": object([("name", word()), ("type", .string(random.pick(["TEAM", "GUILD"])))])
        case "GroupPatch":
            object([("name", maybe(60, word())), ("type", maybe(50, .string(random.pick(["TEAM", "GUILD"]))))])
        case "MembershipDeclarationList":
            .array(
                some("Group").map { group in
                    object([("groupId", .string(group)), ("type", .string(random.pick(["MEMBER", "LEAD"])))])
                })
        case "NewApp":
            object([
                ("type", "SLACK"), ("externalId", .string(random.pick(["T1", "T2"]))), ("appData", plan()),
                ("secretData", maybe(50, secrets())), ("internal", maybe(50, true)),
            ])
        case "AppPatch":
            object([
                ("externalId", maybe(50, .string(random.pick(["T1", "T2"])))), ("appData", maybe(50, plan())),
                ("name", maybe(50, word())), ("secretData", maybe(30, secrets())),
            ])
        case "EntityMapping":
            object([
                ("mappedId", .string(random.pick(["U1", "U2"]))), ("reference", maybe(30, word())),
                ("mappingData", maybe(30, plan())), ("mappingSecrets", maybe(30, secrets())),
            ])
        case "NamespacedPreferences": object([("values", plan())])
        case "NewWebhook":
            object([
                ("url", hook()), ("types", .array([.string(random.pick(["employee.*", "group.created"]))])),
                ("name", maybe(50, word())),
            ])
        case "WebhookPatch":
            object([
                ("url", maybe(50, hook())), ("name", maybe(50, word())),
                ("active", maybe(50, .bool(random.chance(50)))),
            ])
        default: unknown(name)
        }
    }

    private mutating func maybe(_ percent: Int, _ value: JSON?) -> JSON? { random.chance(percent) ? value : nil }

    private mutating func word() -> JSON { .string("W\(random.next() % (changesBack ? 3 : 1000))") }
    /// A field of a profile; now and then cleared.
    private mutating func field() -> JSON { random.chance(20) ? .null : word() }
    private mutating func alias() -> JSON { .string("alias-\(random.next() % 1000)") }
    private mutating func hook() -> JSON { .string("https://hooks.invalid/\(random.next() % 1000)") }
    private mutating func plan() -> JSON { ["plan": .string(random.pick(["gold", "tin"])), "n": 1.5] }
    private mutating func secrets() -> JSON? {
        changesBack ? nil : ["token": .string("secret \(random.next() % 1000)")]
    }

    private mutating func person() -> JSON {
        .string(random.pick(["Ada Keller", "Bruno Silva", "Chloé Martin", "Dag Ødegård", "Ada Kellermann"]))
    }

    /// An address that hardly anybody has.
    private mutating func address() -> JSON {
        .string("p\(random.next() % (changesBack ? 50 : 1_000_000_000))@example.org")
    }

    /// An address of an account.
    private mutating func known() -> JSON { addresses.isEmpty ? address() : .string(random.pick(addresses)) }

    private mutating func line(_ manager: String) -> JSON {
        object([("managerId", .string(manager)), ("type", .string(random.pick(["DIRECT", "DIRECT", "DOTTED"])))])
    }

    /// Up to three that are there, each once; now and then none.
    private mutating func some(_ schema: String) -> [String] {
        var chosen: [String] = []
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let id = pick(schema)
            if !chosen.contains(id) { chosen.append(id) }
        }
        return chosen
    }
}

private func unknown(_ name: String) -> JSON {
    Issue.record("there is no random \(name)")
    return .null
}

/// An object of the members that have a value.
private func object(_ members: [(name: String, value: JSON?)]) -> JSON {
    .object(members.compactMap { member in member.value.map { JSON.Member(name: member.name, value: $0) } })
}
