import CanonicalJSON
import DirectoryEvents
import DirectoryRows
import EventLog
import EventSourcing
import FoundationEssentials
import TestSupport
import Testing

@testable import Directory
@testable import DirectoryAPI

/// What a caller sees is decided twice: in Swift for what mutations show, in SQL for reads and lists. Over random directories
/// both see the same, field by field, for every caller, entity and organization named by claim or header.
@Suite struct SightTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `Swift and SQL show every caller the same of every entity`(_ seed: UInt64) async throws {
        let server = try await Server.start()
        var directory = RandomSights(seed)
        try await server.given(directory.events())
        try await server.keep(directory.secrets, of: directory.organizations[0])
        let view = try await server.replayed()
        var seenWithKeys = 0
        for caller in directory.callers {
            let person =
                if let key = caller.key {
                    directory.signingKey(key).person(Person(id: caller.account.text, email: "", token: ""))
                } else {
                    try await server.person(caller.account.text, "", confinedTo: caller.claim?.text)
                }
            for (kind, shown, ids) in directory.entities {
                for id in ids {
                    let isSeen = try await expectSame(server, view, caller, person, kind, shown, id)
                    if isSeen, caller.key != nil { seenWithKeys += 1 }
                }
            }
            try await expectSameLists(server, view, caller, person, directory)
        }
        #expect(seenWithKeys > 20)
        try await server.stop()
    }

    /// - Returns: whether the caller sees it.
    private func expectSame(
        _ server: Server, _ view: View, _ caller: RandomSights.Caller, _ person: Person, _ kind: EntityKind,
        _ shown: Shown, _ id: UUID
    ) async throws -> Bool {
        let answer = try await server.get("/\(kind.word)/\(id.text)", as: person, in: caller.named?.text)
        #expect(answer.status == 200 || answer.status == 404 || answer.status == 401, "\(answer.text)")
        #expect(
            (answer.status == 200 ? answer.text : nil) == render(kind, shown, view, caller, id),
            "\(caller) at \(kind.word) \(id.text): \(answer.status)")
        return answer.status == 200
    }

    private func expectSameLists(
        _ server: Server, _ view: View, _ caller: RandomSights.Caller, _ person: Person, _ directory: RandomSights
    ) async throws {
        let unnamed = RandomSights.Caller(account: caller.account, claim: caller.claim, named: nil, key: caller.key)
        let lists: [(EntityKind, Shown, [UUID])] = [
            (.organization, .organization, directory.organizations),
            (.account, .account, [UUID(text: server.admin.id)].compactMap(\.self) + directory.accounts),
        ]
        for (kind, shown, ids) in lists {
            let answer = try await server.get("/\(kind.word)", as: person)
            let seen = ids.compactMap { render(kind, shown, view, unnamed, $0) }
            // A token for an organization in which its account has no role finds nothing, not even an empty list.
            let expected = answer.status == 200 ? "[\(seen.joined(separator: ","))]" : ""
            #expect(answer.status == 200 ? answer.text == expected : seen.isEmpty, "\(caller) at \(kind.word)")
        }
        for group in directory.groups {
            try await expectSameMembers(
                server, view, unnamed, person, group, directory.members[group] ?? [])
        }
    }

    /// Of a group's members a caller is listed those accounts that it sees.
    private func expectSameMembers(
        _ server: Server, _ view: View, _ caller: RandomSights.Caller, _ person: Person, _ group: UUID,
        _ members: [UUID]
    ) async throws {
        let seen = Set(
            members.filter { render(.account, .account, view, caller, $0) != nil }.map(\.text))
        for query in ["", "?transitive=true", "?entity=ACCOUNT&membership=MEMBER"] {
            let answer = try await server.get("/group/\(group.text)/members\(query)", as: person)
            guard answer.status == 200 else {
                #expect(render(.group, .group, view, caller, group) == nil, "\(caller): \(answer.text)")
                continue
            }
            #expect(Set(answer.elements.compactMap { $0["entity"]?.string }) == seen, "\(caller) at \(query)")
        }
    }

    /// What Swift shows; `nil` where it shows nothing.
    private func render(
        _ kind: EntityKind, _ shown: Shown, _ view: View, _ caller: RandomSights.Caller, _ id: UUID
    ) -> String? {
        guard
            let authority = try? Authority(
                Directory.Caller(
                    .id(caller.account), claimedOrganization: caller.claim, namedOrganization: caller.named,
                    key: caller.key.map { Directory.Caller.Key($0.id, limitedTo: $0.limit) }),
                in: view), (try? authority.checkStatedOrganization()) != nil
        else { return nil }
        func sees<P: OrganizationEntityProjection>(_ entities: P.Type) -> Bool {
            (try? view.visible(entities, id, authority)) != nil
        }
        let isSeen =
            (kind.entities as? any OrganizationEntityProjection.Type).map { sees($0) }
            ?? ((try? view.visibleAccount(id, authority)) != nil)
        guard isSeen, let shown = try? shown.render(view, authority, id) else { return nil }
        return String(decoding: shown.json, as: UTF8.self)
    }
}

/// Keeps secrets, with an event that changes no row.
private struct KeepSecrets: Command {
    let organization: UUID
    let secrets: [(Secrets.Key, Secret)]

    var loads: [Load] { [] }

    func decide(_ view: View, at now: Instant) -> (Decision<DirectoryEvent>, Void) {
        let event = DirectoryEvent.organization(organization, .importCompleted(import: organization, lines: 1))
        let writes = secrets.map { key, secret in SideWrite(Secrets.self, key) { _ in secret } }
        return (Decision([Proposed(event)], by: .system, writing: writes), ())
    }

    func respond(_ view: View, _ outcome: Outcome, _ finding: Void) {}
}

extension Server {
    fileprivate func keep(_ secrets: [UUID: [UInt8]], of organization: UUID) async throws {
        let sealed = try secrets.map { id, secret in
            let key = Secrets.Key(owner: id)
            return (key, try service.secrets.seal(secret, for: key))
        }
        try await service.processor.submit(KeepSecrets(organization: organization, secrets: sealed))
    }

    /// The whole log, folded into a view of values.
    fileprivate func replayed() async throws -> View {
        let view = View(complete: true)
        let (statement, parameters) = Replaying.page(after: 0, limit: 100_000)
        let events: [Event<DirectoryEvent>] = try Replaying.events(try await service.reads.read(statement, parameters))
        for event in events {
            func fold<P: Projection>(_ projection: P.Type) where P.Payload == DirectoryEvent {
                view.table(projection).apply(event)
                _ = view.table(projection).takeChanges()
            }
            for projection in Directory.projections { fold(projection) }
        }
        return view
    }
}

/// A small random directory: every role and some words that are none, linked and unlinked employees, some of whom have left,
/// inactive accounts and organizations, hidden fields, and callers with every claim and header.
private struct RandomSights {
    struct Caller: CustomStringConvertible {
        let account: UUID
        let claim, named: UUID?
        var key: Key?
        var description: String {
            let limit = key.map { ", key limited to \($0.limit)\($0.isDeleted ? ", deleted" : "")" } ?? ""
            return "\(account.text), claim \(claim?.text ?? "-"), header \(named?.text ?? "-")\(limit)"
        }
    }

    /// A key of an organization.
    struct Key {
        let id, organization: UUID
        let limit: Role
        let isDeleted: Bool
    }

    let organizations: [UUID]
    let accounts: [UUID]
    let employees: [UUID]
    /// Some of each limit in each organization.
    let keys: [Key]
    let groups: [UUID]
    /// The accounts in each group.
    private(set) var members: [UUID: [UUID]] = [:]
    private let apps: [UUID]
    private var random: SeededGenerator

    init(_ seed: UInt64) {
        var random = SeededGenerator(seed)
        func ids(_ count: Int) -> [UUID] { (0..<count).map { _ in UUID(high: random.next(), low: random.next()) } }
        (organizations, accounts, employees, groups, apps) = (ids(3), ids(8), ids(10), ids(3), ids(6))
        keys = organizations.flatMap { organization in
            Role.limits.map { limit in
                Key(id: ids(1)[0], organization: organization, limit: limit, isDeleted: random.chance(15))
            }
        }
        self.random = random
    }

    /// The entities, by kind, and how each is shown.
    var entities: [(EntityKind, Shown, [UUID])] {
        [
            (.organization, .organization, organizations), (.employee, .employee, employees),
            (.account, .account, accounts), (.group, .group, groups),
        ]
    }

    /// The secrets of the keys: their ids, as nobody should do it.
    var secrets: [UUID: [UInt8]] {
        Dictionary(uniqueKeysWithValues: keys.map { ($0.id, Array($0.id.text.utf8)) })
    }

    func signingKey(_ key: Key) -> SigningKey {
        SigningKey(id: key.id.text, organization: key.organization.text, secret: Array(key.id.text.utf8))
    }

    /// Every account, with no organization stated or one of them by claim, header or key, as often as chance has it.
    var callers: [Caller] {
        var random = random
        let withKeys = accounts.flatMap { account in
            keys.filter { _ in random.chance(25) }.map { key in
                Caller(
                    account: account, claim: key.organization, named: random.chance(20) ? key.organization : nil,
                    key: key)
            }
        }
        return withKeys
            + accounts.flatMap { account in
                [Caller(account: account, claim: nil, named: nil)]
                    + organizations.flatMap { organization in
                        [
                            random.chance(40) ? Caller(account: account, claim: organization, named: nil) : nil,
                            random.chance(40) ? Caller(account: account, claim: nil, named: organization) : nil,
                        ].compactMap(\.self)
                    }
            }
    }

    /// The accounts that have a grant or an employee in an organization after these events.
    private func tied(to organization: UUID, by events: [DirectoryEvent]) -> Set<UUID> {
        var grants: Set<[String]> = []
        var accounts: Set<UUID> = []
        for event in events {
            switch event {
            case .account(let account, organization, .roleGranted(let role, _, _)):
                grants.insert([account.text, role])
            case .account(let account, organization, .roleRevoked(let role, _)):
                grants.remove([account.text, role])
            case .employee(_, organization, .created(_, _, _, _, let account?)): accounts.insert(account)
            default: break
            }
        }
        return accounts.union(grants.compactMap { UUID(text: $0[0]) })
    }

    mutating func events() -> [DirectoryEvent] {
        var events: [DirectoryEvent] = []
        for (number, id) in organizations.enumerated() {
            events.append(.organization(id, .created(name: "Org \(number)", alias: "org-\(number)")))
        }
        for (number, id) in accounts.enumerated() {
            events.append(.account(id, organization: nil, .created(email: "a\(number)@example.org", name: nil)))
        }
        let roles = ["OWNER", "ADMIN", "MANAGER", "EMPLOYEE", "AUDITOR", "INVENTED"]
        for account in accounts {
            if random.chance(10) {
                events.append(.account(account, organization: nil, .roleGranted(role: "SYSTEM_ADMIN", employee: nil)))
            }
            for organization in organizations where random.chance(35) {
                let role = random.pick(roles)
                events.append(.account(account, organization: organization, .roleGranted(role: role, employee: nil)))
                if random.chance(20) {
                    events.append(
                        .account(account, organization: organization, .roleRevoked(role: role, employee: nil)))
                }
            }
        }
        for (number, id) in employees.enumerated() {
            let organization = random.pick(organizations)
            func happened(_ event: EmployeeEvent) { events.append(.employee(id, organization: organization, event)) }
            func happened(_ event: EntityEvent) { events.append(.employee(id, organization: organization, event)) }
            let account = random.chance(60) ? random.pick(accounts) : nil
            happened(
                .created(
                    name: "Person \(number)", email: "p\(number)@example.org", role: nil, type: "EMPLOYEE",
                    account: account))
            if random.chance(50) {
                happened(.profileChanged([ProfileChange("birthDate", from: nil, to: "1990-01-01")]))
            }
            if random.chance(20) { happened(.deactivated) }
        }
        for key in keys {
            let (limit, name) = (key.limit.rawValue, Erasable("key \(key.limit)"))
            events.append(.organization(key.organization, .keyCreated(key.id, limitToRole: limit, name: name)))
            guard key.isDeleted else { continue }
            events.append(.organization(key.organization, .keyDeleted(key.id, limitToRole: limit, name: name)))
        }
        for (number, id) in groups.enumerated() {
            let organization = organizations[number]
            events.append(.group(id, organization: organization, .created(name: "G", type: "TEAM")))
            // Only accounts with a role there can be members.
            let tied = tied(to: organization, by: events)
            for account in accounts where tied.contains(account) && random.chance(70) {
                members[id, default: []].append(account)
                events.append(
                    .membership(
                        EntityReference(.account, account), organization: organization, .joined(id, type: "MEMBER")))
            }
        }
        events += integrations()
        if random.chance(50) { events.append(.organization(organizations[2], .deactivated)) }
        if random.chance(50) { events.append(.account(accounts[7], organization: nil, .deactivated)) }
        return events
    }

    /// Apps of all organizations, and what entities are in them and prefer.
    private mutating func integrations() -> [DirectoryEvent] {
        var events: [DirectoryEvent] = []
        for (number, app) in apps.enumerated() {
            let organization = organizations[number % organizations.count]
            events.append(
                .app(
                    app, organization: organization,
                    .added(
                        type: "SLACK", internal: random.chance(50) ? true : nil, name: "App \(number)",
                        externalID: random.chance(50) ? "E" : nil, appData: .value(["b": 1, "a": .string("\(number)")]))
                ))
            if random.chance(50) {
                events.append(.app(app, organization: organization, .secretsChanged(SecretNames(set: ["b", "a"]))))
            }
            if random.chance(30) { events.append(.app(app, organization: organization, .deactivated)) }
        }
        let ofOrganizations = organizations.map { (EntityReference(.organization, $0), Optional($0)) }
        let ofAccounts = accounts.map { (EntityReference(.account, $0), UUID?.none) }
        for (entity, organization) in ofOrganizations + ofAccounts {
            for number in 0..<3 where random.chance(50) {
                let id = UUID(high: random.next(), low: random.next())
                events.append(
                    .entity(
                        entity, organization: organization,
                        .preferencesSet(id, namespace: "n\(number)", values: Change(from: nil, to: ["a": 1]))))
            }
            for number in apps.indices where random.chance(50) {
                let place = organizations[number % organizations.count]
                guard organization == nil || organization == place else { continue }
                let id = UUID(high: random.next(), low: random.next())
                events.append(
                    .entity(
                        entity, organization: place,
                        .mappingSet(
                            app: apps[number], mapping: id, namespace: "user",
                            [ValueChange("mappedId", from: nil, to: .string(id.text))],
                            secrets: SecretNames(set: random.chance(50) ? ["token"] : []))))
            }
        }
        return events
    }
}
