import AccountsProjection
import Directory
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import Foundation
import GrantsProjection
import GroupMembershipsProjection
import MembershipSetsProjection
import OrganizationsProjection
import ReportingLinesProjection

/// What holds in every directory, expressed differently from the rules themselves.
struct Invariants {
    private var owned: Set<UUID> = []
    private var checked = 0
    private var inactive: Set<UUID> = []
    private var keys: [UUID: (organization: UUID, limit: String)] = [:]

    private struct Membership {
        let key: GroupMembership.Key
        let kind: EntityKind
        let organization: UUID
        let joined: Position
    }

    private var memberships: [GroupMembership.Key: Membership] = [:]
    private var integrations = IntegrationInvariants()
    private var erased: Set<UUID> = []

    struct Keys {
        var accounts: [UUID] = []
        var organizations: [UUID] = []
        var employees: [UUID] = []
        var groups: [UUID] = []
    }

    static func keys(of world: World) -> Keys {
        var keys = Keys()
        for event in world.events where event.payload.isCreation {
            let entity = event.payload.entity
            switch entity.kind {
            case .account: keys.accounts.append(entity.id)
            case .organization: keys.organizations.append(entity.id)
            case .employee: keys.employees.append(entity.id)
            case .group: keys.groups.append(entity.id)
            }
        }
        return keys
    }

    /// The rules that are broken, in words.
    mutating func broken(in world: World) throws -> [String] {
        let keys = Self.keys(of: world)
        let employees = keys.employees.map(world.row)
        let accounts = keys.accounts.map(world.accountRow)
        let organizations = keys.organizations.map(world.organizationRow)
        var broken: [String] = []
        func check(_ holds: Bool, _ rule: String) { if !holds { broken.append(rule) } }

        check(areUnique(accounts.compactMap { $0.emailKey }), "two accounts have one address")
        check(areUnique(organizations.map { $0.alias }), "two organizations have one alias")
        let active = employees.filter(\.isActive)
        check(
            areUnique(active.map { "\($0.organization) \($0.emailKey ?? $0.id.text)" }),
            "two active employees have one address"
        )
        check(
            areUnique(active.compactMap { employee in employee.account.map { "\(employee.organization) \($0)" } }),
            "an account is linked to two active employees of an organization")
        check(employees.allSatisfy { $0.isActive || $0.managers.isEmpty }, "an inactive employee reports to somebody")
        for type in ["DIRECT", "DOTTED_LINE"] { check(!hasCycle(employees, type), "there is a circle over \(type)") }
        check(try linesAgree(employees, world), "the two forms of the reporting lines differ")

        let grants = try keys.accounts.flatMap { try world.view.rows(Grants.byAccountAnywhere, [.uuid($0)]) ?? [] }
        let resting = Set(accounts.filter { !$0.isActive }.map(\.id))
        for organization in organizations {
            let owners = grants.filter { $0.key.organization == organization.id && $0.key.role == "OWNER" }
            check(Set(owners.map(\.key.account)) == Set(organization.owners), "owners differ from the grants")
            let hasOwner = owners.contains { !resting.contains($0.key.account) }
            check(hasOwner || !owned.contains(organization.id), "an organization lost its last active OWNER")
            if hasOwner { owned.insert(organization.id) }
        }
        check(
            grants.contains { $0.key.organization == nil && !resting.contains($0.key.account) },
            "the platform lost its last active SYSTEM_ADMIN")
        for grant in grants {
            check(
                (grant.key.role == "SYSTEM_ADMIN") == (grant.key.organization == nil), "SYSTEM_ADMIN is the platform's")
            guard let bearer = grant.employee else { continue }
            let employee = world.row(bearer)
            check(
                employee.isActive && employee.account == grant.key.account
                    && employee.organization == grant.key.organization,
                "a grant is tied to an employee of another account")
        }
        broken += try brokenByMemberships(keys, grants, world) + integrations.broken(in: world)
        broken += changesByKeys(world) + changesOfErased(world) + changesInInactive(world)
        return broken
    }

    /// What no membership may be, whatever the status of its group.
    private mutating func brokenByMemberships(_ keys: Keys, _ grants: [Grant], _ world: World) throws -> [String] {
        followMemberships(world)
        var broken: [String] = []
        func check(_ holds: Bool, _ rule: String) { if !holds { broken.append(rule) } }
        let employees = Dictionary(uniqueKeysWithValues: keys.employees.map { ($0, world.row($0)) })
        let groups = Dictionary(uniqueKeysWithValues: keys.groups.map { ($0, world.groupRow($0)) })
        let ofGroups = memberships.values.filter { $0.kind == .group }
        check(
            !hasCycle(Dictionary(grouping: ofGroups, by: \.key.member).mapValues { Set($0.map(\.key.group)) }),
            "a group is a member of itself")
        for membership in ofGroups {
            check(
                groups[membership.key.member]?.organization == membership.organization, "a group is in a foreign group")
        }
        for membership in memberships.values where membership.kind == .employee {
            let employee = employees[membership.key.member]
            check(employee?.isActive == true, "an inactive employee is in a group")
            check(employee?.organization == membership.organization, "an employee is in a foreign group")
        }
        for membership in memberships.values where membership.kind == .account {
            let account = membership.key.member
            let isLinked = employees.values.contains {
                $0.isActive && $0.account == account && $0.organization == membership.organization
            }
            check(
                isLinked
                    || grants.contains { $0.key.account == account && $0.key.organization == membership.organization },
                "an account without a role in an organization is in one of its groups")
        }
        for membership in memberships.values {
            check(
                try world.view.row(GroupMemberships.self, membership.key)?.organization == membership.organization,
                "the memberships differ from the events")
            check(
                groups[membership.key.group]?.organization == membership.organization,
                "a membership is of another organization than its group")
            let key = MembershipSet.Key(member: membership.key.member, organization: membership.organization)
            check(
                try world.view.version(MembershipSets.self, key)?.since ?? 0 >= membership.joined,
                "a membership is newer than its set")
        }
        return broken
    }

    private mutating func followMemberships(_ world: World) {
        for event in world.events[checked...] {
            guard case .membership(let member, let organization, let change) = event.payload else { continue }
            let key = GroupMembership.Key(member: member.id, group: change.group)
            switch change {
            case .joined:
                memberships[key] = Membership(
                    key: key, kind: member.kind, organization: organization, joined: event.position)
            case .left: memberships[key] = nil
            case .typeChanged: break
            }
        }
    }

    private func areUnique(_ texts: [String]) -> Bool { Set(texts.map { Array($0.utf8) }).count == texts.count }

    /// Whether there is a circle: repeatedly removing all who report to none of the others leaves somebody.
    private func hasCycle(_ employees: [Employee], _ type: String) -> Bool {
        hasCycle(
            Dictionary(
                uniqueKeysWithValues: employees.map { employee in
                    (employee.id, Set(employee.managers.filter { $0.type == type }.map(\.manager)))
                }))
    }

    private func hasCycle(_ edges: [UUID: Set<UUID>]) -> Bool {
        var above = edges
        while true {
            let free = above.filter { $0.value.allSatisfy { above[$0] == nil } }.map(\.key)
            if free.isEmpty { return !above.isEmpty }
            for id in free { above[id] = nil }
        }
    }

    private func linesAgree(_ employees: [Employee], _ world: World) throws -> Bool {
        try employees.allSatisfy { employee in
            try employee.managers.allSatisfy { line in
                let key = ReportingLine.Key(employee: employee.id, manager: line.manager)
                return try world.view.row(ReportingLines.self, key)?.type == line.type
            }
        }
    }

    /// Follows the log, and finds changes that a key must not have signed.
    private mutating func changesByKeys(_ world: World) -> [String] {
        world.events[checked...].compactMap { event in
            var broken: String?
            if let id = event.author.key {
                let (type, place) = (event.payload.encoded.type, event.payload.encoded.organization)
                switch keys[id] {
                case nil: broken = "a key that does not exist signed \(type)"
                case (let organization, let limit)?:
                    let isOwn = place == organization || type == "account.created"
                    let isAllowed =
                        switch limit {
                        case "OWNER": true
                        case "ADMIN": event.payload.encoded.data?["role"] != "OWNER"
                        case "MANAGER", "EMPLOYEE": type == "employee.profile_changed"
                        // That it reads the trail is recorded.
                        case "AUDITOR": type.contains(".audit_")
                        default: false
                        }
                    if !isOwn || !isAllowed { broken = "a key limited to \(limit) signed \(type)" }
                }
            }
            switch event.payload {
            case .organization(let id, .keyCreated(let key, let limit, _)): keys[key] = (id, limit)
            case .organization(_, .keyDeleted(let key, _, _)): keys[key] = nil
            default: break
            }
            return broken
        }
    }

    /// Follows the log, and finds changes of what has been erased.
    private mutating func changesOfErased(_ world: World) -> [String] {
        world.events[checked...].compactMap { event in
            if erased.contains(event.payload.stream) { return "\(event.payload.encoded.type) after an erasure" }
            if event.payload.isErasure { erased.insert(event.payload.stream) }
            return nil
        }
    }

    /// Whether an event is of a command that erases somebody, by whatever else ends with that.
    private func isOfErasure(_ event: Event<DirectoryEvent>, _ world: World) -> Bool {
        world.events[Int(event.position - 1)...].first { $0.recordedAt != event.recordedAt || $0.payload.isErasure }
            .map { $0.recordedAt == event.recordedAt } ?? false
    }

    /// Follows the log, and finds changes in organizations that take none.
    private mutating func changesInInactive(_ world: World) -> [String] {
        defer { checked = world.events.count }
        return world.events[checked...].compactMap { event in
            switch event.payload {
            case .entity(let entity, _, .activated) where entity.kind == .organization: inactive.remove(entity.id)
            case .entity(let entity, _, .deactivated) where entity.kind == .organization: inactive.insert(entity.id)
            default:
                if case .trail = event.payload { return nil }
                if let id = event.payload.encoded.organization, inactive.contains(id), !isOfErasure(event, world) {
                    return "an INACTIVE organization took \(event.payload.encoded.type)"
                }
            }
            return nil
        }
    }
}
