import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import GroupsProjection
import OrganizationsProjection
import TestSupport

/// Random mutations by random callers, most of them about entities that exist.
struct RandomDirectory {
    let world = World()
    var random: SeededGenerator
    private(set) var accounts: [UUID] = []
    private(set) var organizations: [UUID] = []
    private(set) var employees: [UUID] = []
    private(set) var groups: [UUID: [UUID]] = [:]
    private(set) var apps: [AppAddress] = []
    /// Webhooks, deleted ones too.
    private(set) var webhooks: [WebhookAddress] = []
    /// Where mappings, preferences and grants were made, those that have ended since too.
    private(set) var mapped: [MappingAddress] = []
    private(set) var preferred: [(entity: EntityReference, namespace: String)] = []
    private var joined: [(member: UUID, organization: UUID)] = []
    private var granted: [(account: UUID, organization: UUID?, role: String)] = []
    /// Keys of organizations, deleted ones too.
    private var keys: [(key: Caller.Key, organization: UUID)] = []
    /// How many organizations to look around in were made.
    var demonstrations = 0
    /// How many events have been looked at.
    private var noted = 0

    /// Few, in several spellings, so that they collide.
    private static let addresses = [
        "a@x.de", "A@x.de", "b@x.de", "c@x.de", "d@x.de", "e\u{301}@x.de", "\u{E9}@x.de", "e@x.de", "f@x.de", "g@x.de",
    ]
    private static let roles = ["OWNER", "ADMIN", "MANAGER", "EMPLOYEE", "AUDITOR", "SYSTEM_ADMIN", "WIZARD"]
    private static let types = ["DIRECT", "DIRECT", "DIRECT", "DOTTED_LINE"]

    init(_ seed: UInt64) throws {
        random = SeededGenerator(seed)
        let root = world.newID()
        try world.submit(Bootstrap(email: "root@x.de", newAccount: root))
        accounts.append(root)
        // Not as the organization to look around in, which is made only where its alias is free.
        for name in ["Alpha", "Beta"] {
            let id = world.newID()
            try world.when(
                CreateOrganization(id: id, name: name, alias: nil, ownerEmail: nil, ownerID: world.newID()), by: root)
            organizations.append(id)
        }
    }

    /// A mutation and its caller.
    mutating func next() -> (mutation: any Mutation, caller: Caller) {
        note()
        if random.chance(25) { return groupMutation() }
        if random.chance(20) { return (integrationMutation(), integrationCaller()) }
        let caller = caller()
        if random.chance(1), let erasure = erasure() { return (erasure, caller) }
        return (random.chance(4) ? key() : mutation(), caller)
    }

    /// Any account, with a claim, a header or an organization's key now and then.
    mutating func caller() -> Caller {
        var caller = Caller(.id(random.chance(40) ? accounts[0] : random.pick(accounts)))
        if random.chance(30) { caller.namedOrganization = random.pick(organizations) }
        if random.chance(10) { caller.claimedOrganization = random.pick(organizations) }
        if random.chance(20), let (key, organization) = keys.randomElement(using: &random) {
            caller.key = key
            caller.claimedOrganization = organization
            caller.namedOrganization = nil
        }
        return caller
    }

    /// Adds the entities that were just created to those that mutations are about.
    private mutating func note() {
        let latest = world.events.suffix(max(8, world.events.count - noted))
        noted = world.events.count
        for event in latest {
            switch event.payload {
            case .organization(let organization, .keyCreated(let id, let limit, _)):
                guard let limit = Role(rawValue: limit), !keys.contains(where: { $0.key.id == id }) else { continue }
                keys.append((Caller.Key(id, limitedTo: limit), organization))
            case .app(let id, let organization, .added):
                if !apps.contains(where: { $0.id == id }) { apps.append(AppAddress(organization, id)) }
            case .webhook(let id, let organization, .created):
                guard !webhooks.contains(where: { $0.id == id }) else { continue }
                webhooks.append(WebhookAddress(organization, id))
            case .entity(let entity, _, .mappingSet(let app, _, let namespace, _, _)):
                mapped = mapped.suffix(20) + [MappingAddress(entity, app, namespace.text ?? "")]
            case .entity(let entity, _, .preferencesSet(_, let namespace, _)):
                preferred = preferred.suffix(20) + [(entity, namespace.text ?? "")]
            case .membership(let member, let organization, .joined) where member.kind != .group:
                joined = joined.suffix(20) + [(member.id, organization)]
            case .account(let account, let organization, .roleGranted(let role, _, _)):
                granted = granted.suffix(20) + [(account, organization, role)]
            default: continue
            }
        }
        for event in latest where event.payload.isCreation {
            let id = event.payload.stream
            switch event.payload.entity.kind {
            case .account: if !accounts.contains(id) { accounts.append(id) }
            case .organization: if !organizations.contains(id) { organizations.append(id) }
            case .employee: if !employees.contains(id) { employees.append(id) }
            case .group:
                guard let organization = event.payload.encoded.organization else { continue }
                if groups[organization]?.contains(id) != true { groups[organization, default: []].append(id) }
            }
        }
    }

    /// A mutation of groups, or of memberships in those of one organization; by the first account, where it is to succeed.
    private mutating func groupMutation() -> (mutation: any Mutation, caller: Caller) {
        if random.chance(10), let (member, organization) = joined.randomElement(using: &random) {
            let groups = world.groups(of: member, in: organization)
            return (
                ReplaceMemberships(of: member, groups.map { ($0, random.pick(["MEMBER", "LEAD"])) }),
                Caller(.id(accounts[0]), namedOrganization: organization)
            )
        }
        let organization = random.pick(organizations)
        let places = random.chance(90) ? [organization] : organizations
        let groups = places.flatMap { self.groups[$0] ?? [] }
        func group() -> UUID { groups.isEmpty || random.chance(2) ? world.newID() : random.pick(groups) }
        func member() -> UUID { random.chance(60) ? group() : random.chance(50) ? employee() : random.pick(accounts) }
        func memberships() -> [(group: UUID, type: String)] {
            var wanted: [UUID] = []
            for _ in 0..<Int.random(in: 0..<4, using: &random) {
                let group = group()
                if !wanted.contains(group) { wanted.append(group) }
            }
            return wanted.map { ($0, random.pick(["MEMBER", "MEMBER", "LEAD"])) }
        }
        let mutation: any Mutation =
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<4 where groups.count < 6: CreateGroup(id: world.newID(), name: "G", type: "TEAM")
            case 4: ChangeGroup(group(), name: edit("G"), type: .set(random.pick(["TEAM", "GUILD"])))
            case 5 where random.chance(60):
                ChangeProfile(of: Groups.self, group(), ProfileEdits(["icon": edit("i")], replaces: random.chance(30)))
            case 5: SetStatus(.inactive, of: GroupStatus(group()))
            case 6..<9: SetStatus(.active, of: GroupStatus(group()))
            case 9..<11: LeaveGroup(member(), group: group())
            default: ReplaceMemberships(of: member(), memberships())
            }
        let account = random.chance(80) ? accounts[0] : random.pick(accounts)
        return (mutation, Caller(.id(account), namedOrganization: organization))
    }

    private mutating func mutation() -> any Mutation {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<2 where organizations.count < 5: createOrganization()
        case 0..<6: changeOrganization()
        case 6..<8:
            ChangeProfile(
                of: Organizations.self, organization(), ProfileEdits(fields("mission"), replaces: random.chance(30)))
        case 8: SetStatus(.inactive, of: OrganizationStatus(random.pick(organizations)))
        case 9..<12: SetStatus(.active, of: OrganizationStatus(random.pick(organizations)))
        case 12..<16: CreateAccount(id: world.newID(), name: nil, email: address())
        case 16..<20: ChangeAccount(account(), name: edit("N"), email: random.chance(60) ? .set(address()) : .keep)
        case 20..<23: SetStatus(.inactive, of: AccountStatus(account()))
        case 23..<27: SetStatus(.active, of: AccountStatus(account()))
        case 27..<40: grant()
        case 40..<47: revoke()
        case 47..<57 where employees.count < 40: createEmployee()
        case 47..<64: changeEmployee()
        case 64..<68: ChangeEmployeeProfile(employee(), ProfileEdits(fields("gender"), replaces: random.chance(30)))
        case 68..<72: SetStatus(.inactive, of: EmployeeStatus(employee()))
        case 72..<77: SetStatus(.active, of: EmployeeStatus(employee()))
        case 77..<90: assignManager()
        case 90..<95: replaceManagers()
        default: RemoveManager(employee(), manager: employee())
        }
    }

    /// Of anybody but the first account, which does most of what succeeds.
    private mutating func erasure() -> (any Mutation)? {
        if random.chance(50) { return EraseEmployee(employee(), reason: "R") }
        return accounts.dropFirst().randomElement(using: &random).map { EraseAccount(.id($0), reason: "R") }
    }

    private mutating func key() -> any Mutation {
        if random.chance(20), let (key, organization) = keys.randomElement(using: &random) {
            return DeleteKey(KeyAddress(random.chance(20) ? self.organization() : organization, key.id))
        }
        return CreateKey(
            KeyAddress(organization(), world.newID()), name: "K",
            limit: random.chance(30) ? nil : random.pick(Self.roles), secret: .sealed([1]))
    }

    private mutating func createOrganization() -> any Mutation {
        CreateOrganization(
            id: world.newID(), name: "Alpha", alias: random.chance(30) ? "alpha-\(random.next() % 4)" : nil,
            ownerEmail: random.chance(50) ? address() : nil, ownerID: world.newID())
    }

    private mutating func changeOrganization() -> any Mutation {
        ChangeOrganization(
            organization(), name: edit("Alpha"), alias: random.chance(30) ? .set("alpha-\(random.next() % 4)") : .keep,
            ownerEmail: random.chance(30) ? address() : nil, ownerID: world.newID())
    }

    private mutating func grant() -> any Mutation {
        GrantRole(
            account(), organization: organization(), role: random.pick(Self.roles),
            employee: random.chance(40) ? employee() : nil)
    }

    private mutating func revoke() -> any Mutation {
        guard random.chance(70), let grant = granted.randomElement(using: &random) else {
            return RevokeRole(account(), organization: organization(), role: random.pick(Self.roles))
        }
        return RevokeRole(.id(grant.account), organization: grant.organization, role: grant.role)
    }

    private mutating func createEmployee() -> any Mutation {
        CreateEmployee(
            id: world.newID(), name: "E", email: address(), account: random.chance(40) ? random.pick(accounts) : nil,
            role: nil, type: nil)
    }

    private mutating func changeEmployee() -> any Mutation {
        let account: FieldEdit<UUID> =
            random.chance(30) ? .clear : random.chance(50) ? .set(random.pick(accounts)) : .keep
        return ChangeEmployee(
            employee(), name: edit("E"), email: random.chance(40) ? .set(address()) : .keep, account: account,
            role: edit("Boss"), type: random.chance(50) ? .keep : edit("TYPE"))
    }

    /// Mostly a new line; now and then another type for one that is there.
    private mutating func assignManager() -> any Mutation {
        let lines = employees.flatMap { employee in world.row(employee).managers.map { (employee, $0.manager) } }
        var (employee, manager) = (employee(), employee())
        if random.chance(30), let line = lines.randomElement(using: &random) {
            (employee, manager) = line
        } else if random.chance(70), let first = employees.first(where: { $0 == employee }).map(world.row) {
            manager = random.pick(employees.filter { world.row($0).organization == first.organization })
        }
        return AssignManager(employee, manager: manager, type: random.pick(["DIRECT", "DOTTED_LINE"]))
    }

    private mutating func replaceManagers() -> any Mutation {
        var lines: [(manager: UUID, type: String)] = []
        for _ in 0..<Int.random(in: 0..<4, using: &random) {
            let manager = employee()
            guard !lines.contains(where: { $0.manager == manager }) else { continue }
            lines.append((manager, random.pick(Self.types)))
        }
        return ReplaceManagers(employee(), lines: lines)
    }

    // MARK: Arguments

    mutating func address() -> String { random.pick(Self.addresses) }

    mutating func employee() -> UUID {
        employees.isEmpty || random.chance(2) ? world.newID() : random.pick(employees)
    }

    private mutating func account() -> AccountReference {
        random.chance(20) ? .email(address()) : .id(random.pick(accounts))
    }

    private mutating func organization() -> UUID? { random.chance(20) ? nil : random.pick(organizations) }

    mutating func edit(_ word: String) -> FieldEdit<String> {
        random.chance(50) ? .keep : .set("\(word)\(random.next() % 3)")
    }

    private mutating func fields(_ name: String) -> [String: FieldEdit<String>] {
        random.chance(20) ? [name: .clear] : [name: .set("\(random.next() % 3)"), "location": edit("Rome")]
    }
}
