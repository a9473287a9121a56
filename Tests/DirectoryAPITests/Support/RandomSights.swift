import CanonicalJSON
import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import TestSupport

@testable import DirectoryAPI

/// A small random directory: every role and some words that are none, linked and unlinked employees, some who have left,
/// inactive accounts and organizations, hidden fields, and callers with every claim and header.
struct RandomSights {
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
    /// The organizations of employees and groups.
    private var homes: [EntityReference: UUID] = [:]
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

    /// The entities, by kind, how each is shown, and which part of it.
    var entities: [(kind: EntityKind, shown: Presentation, part: String, ids: [UUID])] {
        [
            (.organization, .organization, "", organizations), (.account, .account, "", accounts),
            (.group, .group, "", groups), (.employee, .employee, "", employees),
            (.employee, .employeeProfile, "/profile", employees), (.employee, .managers, "/managers", employees),
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
            let colleagues = employees.prefix(number).filter { homes[EntityReference(.employee, $0)] == organization }
            homes[EntityReference(.employee, id)] = organization
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
            if random.chance(50), let manager = colleagues.randomElement(using: &random) {
                happened(.managerAssigned(manager, type: random.pick(["DIRECT", "DOTTED_LINE"])))
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
            homes[EntityReference(.group, id)] = organization
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
        let members = employees.map { EntityReference(.employee, $0) } + groups.map { EntityReference(.group, $0) }
        let places =
            organizations.map { (EntityReference(.organization, $0), Optional($0)) }
            + accounts.map { (EntityReference(.account, $0), UUID?.none) } + members.map { ($0, homes[$0]) }
        for (entity, organization) in places {
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
