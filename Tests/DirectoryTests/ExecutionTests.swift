import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import Testing

/// What holds for every mutation: caller, current organization, `If-Match`, repeats, and their order.
@Suite struct ExecutionTests {
    let world = World()
    let owner: UUID
    let acme: UUID

    init() {
        owner = world.account("Owner@example.com")
        acme = world.organization(owner: owner)
    }

    private func rename(_ name: String) -> ChangeOrganization {
        ChangeOrganization(nil, name: .set(name), alias: .keep, ownerEmail: nil, ownerID: world.newID())
    }

    private func key(_ word: String, body: UInt8 = 1) -> Idempotency {
        Idempotency(
            credential: "k", method: "PATCH", path: "/p", key: word, body: [body], digestedBy: World.secretKeys)
    }

    @Test func `A caller is an active account`() throws {
        refused(.unauthenticated) { try world.when(rename("B"), by: world.newID()) }
        try world.execute(rename("C"), by: Caller(.email(SearchText.emailKey("OWNER@EXAMPLE.COM"))))
        world.given(.account(owner, organization: nil, .deactivated))
        refused(.unauthenticated) { try world.when(rename("B"), by: owner) }
    }

    @Test func `The current organization is the claimed, the named or the only one`() throws {
        let other = world.organization("Other", owner: owner)
        refused(.invalid) { try world.when(rename("B"), by: owner) }
        #expect(try world.when(rename("B"), by: owner, in: other).first?.stream == other)
        let claimed = Caller(.id(owner), claimedOrganization: acme)
        #expect(try world.execute(rename("B"), by: claimed).events.first?.stream == acme)
        refused(.notFound) { try world.when(rename("B"), by: owner, in: world.newID()) }
        let linked = world.account("linked@example.com")
        _ = world.employee("L", in: acme, account: linked)
        refused(.forbidden) { try world.when(rename("B"), by: linked) }
    }

    @Test func `A system admin acts as owner everywhere`() throws {
        let system = world.account("system@example.com")
        world.grant(system, "SYSTEM_ADMIN", in: nil)
        refused(.invalid) { try world.when(rename("B"), by: system) }
        #expect(try world.when(rename("B"), by: system, in: acme).count == 1)
        #expect(world.events.last?.author.role == "SYSTEM_ADMIN")
        #expect(try world.when(SetStatus(.inactive, of: OrganizationStatus(acme)), by: system).count == 1)
    }

    @Test func `The trail names the role that permitted the change`() throws {
        world.grant(owner, "ADMIN", in: acme)
        try world.when(rename("B"), by: owner)
        #expect(world.events.last?.author == Author(account: owner, role: "OWNER", origin: .null))
        try world.when(ChangeAccount(.id(owner), name: .set("O"), email: .keep), by: owner)
        #expect(world.events.last?.author.role == "ACCOUNT")
    }

    @Test func `A precondition is checked after rights and before rules`() throws {
        let anna = world.employee("Anna", in: acme)
        _ = world.employee("Bert", in: acme, email: "bert@x.de")
        let tag = EntityTag(Position(world.events.count - 1)).description
        let taken = ChangeEmployee(
            anna, name: .keep, email: .set("bert@x.de"), account: .keep, role: .keep, type: .keep)
        refused(.preconditionFailed) { try world.execute(taken, by: Caller(.id(owner)), if: .tags(["\"1\""])) }
        refused(.conflict, at: "/email") {
            try world.execute(taken, by: Caller(.id(owner)), if: .tags(["\"1\"", tag]))
        }
        let reader = world.account("reader@example.com", "AUDITOR", in: acme)
        refused(.forbidden) { try world.execute(taken, by: Caller(.id(reader)), if: .tags(["\"1\""])) }
        refused(.notFound) {
            try world.execute(
                SetStatus(.inactive, of: EmployeeStatus(world.newID())), by: Caller(.id(owner)), if: .exists)
        }
        try world.execute(SetStatus(.inactive, of: EmployeeStatus(anna)), by: Caller(.id(owner)), if: .exists)
    }

    @Test func `An account's tag covers the caller's grants too`() throws {
        let member = world.account("member@example.com", "EMPLOYEE", in: acme)
        let tag = "\"\(world.events.count)-3\""
        let same = ChangeAccount(.id(member), name: .keep, email: .keep)
        try world.execute(same, by: Caller(.id(owner)), if: .tags([tag]))
        world.grant(owner, "ADMIN", in: acme)
        refused(.preconditionFailed) { try world.execute(same, by: Caller(.id(owner)), if: .tags([tag])) }
    }

    @Test func `A repeat appends nothing, and another body is refused`() throws {
        let caller = Caller(.id(owner))
        let first = try world.execute(rename("B"), by: caller, key: key("a"))
        #expect(first.events.count == 1)
        let position = Position(world.events.count)
        try world.execute(rename("C"), by: caller, key: key("b"))
        guard case .toRead(let entity, let at) = try world.execute(rename("B"), by: caller, key: key("a")).execution
        else {
            Issue.record("not a repeat")
            return
        }
        #expect(entity == acme && at == position)
        #expect(world.organizationRow(acme).name == "C")
        refused(.rule) { try world.execute(rename("D"), by: caller, key: key("a", body: 2)) }
        // A repeat does not fail its own If-Match, and is subject to today's rights.
        try world.execute(rename("B"), by: caller, if: .tags(["\"1\""]), key: key("a"))
        let second = world.account("second@example.com", "OWNER", in: acme)
        try world.when(RevokeRole(.id(owner), organization: acme, role: "OWNER"), by: second)
        refused(.invalid) { try world.execute(rename("B"), by: caller, key: key("a")) }
    }

    @Test func `A key belongs to its account`() throws {
        let second = world.account("second@example.com", "OWNER", in: acme)
        try world.execute(rename("B"), by: Caller(.id(owner)), key: key("a"))
        #expect(try world.execute(rename("C"), by: Caller(.id(second)), key: key("a", body: 2)).events.count == 1)
    }

    @Test func `A command that appends nothing keeps no receipt`() throws {
        let name = world.organizationRow(acme).name
        try world.execute(rename(name), by: Caller(.id(owner)), key: key("a"))
        #expect(try world.execute(rename("B"), by: Caller(.id(owner)), key: key("a", body: 2)).events.count == 1)
    }
}
