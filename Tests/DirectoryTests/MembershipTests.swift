import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import GroupMembershipsProjection
import Testing

@Suite struct MembershipTests {
    let world = World()
    let owner: UUID
    let acme: UUID
    let groups: [UUID]
    let employee: UUID

    init() {
        let world = world
        owner = world.account("owner@example.com")
        let acme = world.organization(owner: owner)
        self.acme = acme
        groups = (0..<5).map { world.group("G\($0)", in: acme) }
        employee = world.employee("E", in: acme)
    }

    @discardableResult
    private func set(_ entity: UUID, _ wanted: [(Int, String)], by caller: UUID? = nil) throws -> [DirectoryEvent] {
        try world.when(
            ReplaceMemberships(of: entity, wanted.map { (groups[$0.0], $0.1) }), by: caller ?? owner, in: acme)
    }

    private func join(_ group: Int, _ others: Int...) throws {
        try set(groups[group], others.map { ($0, "MEMBER") })
    }

    private func happened(_ entity: UUID, _ kind: EntityKind, _ events: MembershipEvent...) -> [DirectoryEvent] {
        events.map { .membership(EntityReference(kind, entity), organization: acme, $0) }
    }

    @Test func `A set of memberships adds what is new, ends what is missing, changes types, and nothing else`() throws {
        #expect(
            try set(employee, [(0, "MEMBER"), (1, "LEAD")])
                == happened(employee, .employee, .joined(groups[0], type: "MEMBER"), .joined(groups[1], type: "LEAD")))
        #expect(try set(employee, [(1, "LEAD"), (0, "MEMBER")]).isEmpty)
        #expect(
            try set(employee, [(2, "MEMBER"), (1, "MEMBER")])
                == happened(
                    employee, .employee, .left(groups[0], type: "MEMBER"), .joined(groups[2], type: "MEMBER"),
                    .typeChanged(groups[1], Change(from: "LEAD", to: "MEMBER"))))
        #expect(try set(employee, []).count == 2)
        #expect(world.groups(of: employee, in: acme).isEmpty)
    }

    @Test func `Memberships in INACTIVE groups stay, are not changed and do not begin`() throws {
        try set(employee, [(0, "MEMBER"), (1, "MEMBER")])
        try world.when(SetStatus(.inactive, of: GroupStatus(groups[0])), by: owner)
        #expect(try set(employee, []) == happened(employee, .employee, .left(groups[1], type: "MEMBER")))
        #expect(try set(employee, [(0, "MEMBER")]).isEmpty)
        refused(.rule, at: "/0/groupId") { try set(employee, [(0, "LEAD")]) }
        refused(.rule, at: "/1/groupId") {
            try world.when(SetStatus(.inactive, of: GroupStatus(groups[2])), by: owner)
            return try set(employee, [(1, "MEMBER"), (2, "MEMBER")])
        }
        #expect(
            try world.when(LeaveGroup(employee, group: groups[0]), by: owner)
                == happened(employee, .employee, .left(groups[0], type: "MEMBER")))
        refused(.notFound) { try world.when(LeaveGroup(employee, group: groups[0]), by: owner) }
    }

    @Test func `No group becomes a member of itself, however far`() throws {
        refused(.rule, at: "/0/groupId") { try join(0, 0) }
        try join(0, 1)
        try join(1, 2, 3)
        try join(3, 4)
        refused(.rule, at: "/0/groupId") { try join(4, 0) }
        refused(.rule, at: "/0/groupId") { try join(2, 1) }
        #expect(world.groups(of: groups[4], in: acme).isEmpty)
    }

    @Test func `INACTIVE groups count where a cycle is looked for`() throws {
        try join(0, 1)
        try join(1, 2)
        try world.when(SetStatus(.inactive, of: GroupStatus(groups[1])), by: owner)
        refused(.rule, at: "/0/groupId") { try join(2, 0) }
    }

    @Test func `A group may be in one group over several ways`() throws {
        try join(0, 1, 2)
        try join(1, 3)
        try join(2, 3)
        try join(0, 1, 2, 3)
        #expect(world.groups(of: groups[0], in: acme) == [groups[1], groups[2], groups[3]])
        refused(.rule, at: "/0/groupId") { try join(3, 0) }
    }

    @Test func `A member is an employee, a group, or an account with a role in the organization`() throws {
        let member = world.account("member@example.com", "WIZARD", in: acme)
        #expect(try set(member, [(0, "MEMBER")]).count == 1)
        let linked = world.account("linked@example.com")
        _ = world.employee("Linked", in: acme, account: linked)
        #expect(try set(linked, [(0, "MEMBER")]).count == 1)
        for nobody in [world.account("nobody@example.com"), world.newID(), acme] {
            refused(.notFound) { try set(nobody, [(0, "MEMBER")]) }
        }
        let other = world.organization("Other", owner: owner)
        refused(.rule, at: "/0/groupId") {
            try world.when(
                ReplaceMemberships(of: world.employee("F", in: other), [(groups[0], "MEMBER")]), by: owner)
        }
    }

    @Test func `Of an account only the memberships in the current organization are touched`() throws {
        let other = world.organization("Other", owner: owner)
        let foreign = world.group(in: other)
        try world.when(ReplaceMemberships(of: owner, [(foreign, "MEMBER")]), by: owner, in: other)
        try set(owner, [(0, "MEMBER")])
        #expect(try set(owner, []) == happened(owner, .account, .left(groups[0], type: "MEMBER")))
        #expect(world.groups(of: owner, in: other) == [foreign])
        refused(.notFound) { try world.when(LeaveGroup(owner, group: foreign), by: owner, in: acme) }
        refused(.invalid) { try world.when(ReplaceMemberships(of: owner, []), by: owner) }
    }

    @Test func `What is INACTIVE joins no group, and leaves the ones that it is in`() throws {
        try join(0, 1)
        try world.when(SetStatus(.inactive, of: GroupStatus(groups[0])), by: owner)
        refused(.rule) { try join(0, 1, 2) }
        refused(.rule) { try set(groups[0], [(1, "LEAD")]) }
        #expect(try set(groups[0], []).count == 1)
        let member = world.account("member@example.com", "ADMIN", in: acme)
        world.given(.account(member, organization: nil, .deactivated))
        refused(.rule) { try set(member, [(1, "MEMBER")]) }
        try world.when(SetStatus(.inactive, of: EmployeeStatus(employee)), by: owner)
        refused(.rule) { try set(employee, [(1, "MEMBER")]) }
    }

    @Test func `An INACTIVE organization's memberships do not change`() throws {
        try set(employee, [(0, "MEMBER")])
        world.given(.organization(acme, .deactivated))
        refused(.rule) { try set(employee, []) }
        refused(.rule) { try world.when(LeaveGroup(employee, group: groups[0]), by: owner) }
    }

    @Test func `An employee's memberships end when it is deactivated, and do not return`() throws {
        try set(employee, [(0, "MEMBER"), (1, "LEAD")])
        let events = try world.when(SetStatus(.inactive, of: EmployeeStatus(employee)), by: owner)
        #expect(
            events == happened(
                employee, .employee, .left(groups[0], type: "MEMBER"), .left(groups[1], type: "LEAD"))
                + [.employee(employee, organization: acme, .deactivated)])
        try world.when(SetStatus(.active, of: EmployeeStatus(employee)), by: owner)
        #expect(world.groups(of: employee, in: acme).isEmpty)
    }

    @Test func `An account's memberships end with its last role, in the same append`() throws {
        let account = world.account("a@example.com", "ADMIN", in: acme)
        world.grant(account, "AUDITOR", in: acme)
        try set(account, [(0, "MEMBER")])
        func revoke(_ role: String) throws -> [DirectoryEvent] {
            try world.when(RevokeRole(.id(account), organization: acme, role: role), by: owner)
        }
        #expect(try revoke("ADMIN").count == 1)
        let person = world.employee("Person", in: acme, account: account)
        #expect(try revoke("AUDITOR").count == 1)
        // Its active employee still gives it a role.
        #expect(world.groups(of: account, in: acme) == [groups[0]])
        let left = happened(account, .account, .left(groups[0], type: "MEMBER"))
        #expect(try world.when(SetStatus(.inactive, of: EmployeeStatus(person)), by: owner).suffix(1) == left[...])
    }

    @Test func `They end with a grant that is tied to the employee, and with its link`() throws {
        for ends in [true, false] {
            let account = world.account("a\(ends)@example.com")
            let person = world.employee("P\(ends)", in: acme, account: account)
            world.grant(account, "MANAGER", in: acme, tiedTo: person)
            try set(account, [(0, "MEMBER"), (1, "MEMBER")])
            let mutation: any Mutation =
                ends
                ? SetStatus(.inactive, of: EmployeeStatus(person))
                : ChangeEmployee(person, name: .keep, email: .keep, account: .clear, role: .keep, type: .keep)
            try world.when(mutation, by: owner)
            #expect(world.groups(of: account, in: acme).isEmpty)
        }
        let account = world.account("c@example.com", "AUDITOR", in: acme)
        let person = world.employee("C", in: acme, account: account)
        try set(account, [(0, "MEMBER")])
        try world.when(SetStatus(.inactive, of: EmployeeStatus(person)), by: owner)
        #expect(world.groups(of: account, in: acme) == [groups[0]])
    }

    @Test func `An entity is in at most 1,000 groups of an organization`() throws {
        let many = (0...1_000).map { _ in world.group(in: acme) }
        func set(_ groups: some Sequence<UUID>) throws -> [DirectoryEvent] {
            try world.when(ReplaceMemberships(of: employee, groups.map { ($0, "MEMBER") }), by: owner)
        }
        refused(.rule) { try set(many) }
        #expect(try set(many.dropLast()).count == 1_000)
        #expect(try set(many.dropFirst()).count == 2)
        // Those in INACTIVE groups stay, and count.
        try world.when(SetStatus(.inactive, of: GroupStatus(many[1])), by: owner)
        refused(.rule) { try set([many[0]] + many.dropFirst(2)) }
    }

    @Test func `If-Match names the last event that changed the entity's memberships`() throws {
        func execute(_ tag: String) throws {
            _ = try world.execute(
                ReplaceMemberships(of: employee, [(groups[0], "LEAD")]), by: Caller(.id(owner)), if: .tags([tag]))
        }
        refused(.preconditionFailed) { try execute("\"1\"") }
        try execute("\"0\"")
        let position = world.events.count
        try world.when(ChangeGroup(groups[0], name: .set("New"), type: .keep), by: owner)
        try execute("\"\(position)\"")
        try execute("\"\(position).2.17\"")
        refused(.preconditionFailed) { try execute("\"\(position)1\"") }
    }

    @Test func `Only OWNER and ADMIN change memberships`() throws {
        let auditor = world.account("auditor@example.com", "AUDITOR", in: acme)
        refused(.forbidden) { try set(employee, [], by: auditor) }
        try set(employee, [(0, "MEMBER")], by: world.account("admin@example.com", "ADMIN", in: acme))
        refused(.forbidden) { try world.when(LeaveGroup(employee, group: groups[0]), by: auditor) }
    }
}
