import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import GrantsProjection
import Testing

@Suite struct AccountTests {
    let world = World()
    let system: UUID
    let owner: UUID
    let acme: UUID

    init() {
        system = world.account("system@example.com")
        world.grant(system, "SYSTEM_ADMIN", in: nil)
        owner = world.account("owner@example.com")
        acme = world.organization(owner: owner)
    }

    private func create(_ email: String) -> CreateAccount { CreateAccount(id: world.newID(), name: "N", email: email) }

    private func change(_ id: UUID, name: FieldEdit<String> = .keep, email: FieldEdit<String> = .keep) -> ChangeAccount
    {
        ChangeAccount(.id(id), name: name, email: email)
    }

    // MARK: Creating

    @Test func `Owners, admins and system admins make accounts`() throws {
        let admin = world.account("admin@example.com", "ADMIN", in: acme)
        for (index, caller) in [owner, admin, system].enumerated() {
            #expect(try world.when(create("new\(index)@example.com"), by: caller).count == 1)
        }
        for role in ["MANAGER", "EMPLOYEE", "AUDITOR", "WIZARD"] {
            let other = world.account("\(role)@example.com", role, in: acme)
            refused(.forbidden) { try world.when(create("x@example.com"), by: other) }
        }
        refused(.forbidden) { try world.when(create("x@example.com"), by: world.account("nobody@example.com")) }
    }

    @Test func `An address is unique among all accounts, whatever its case`() throws {
        let bob = world.account("Bob@Example.com")
        refused(.conflict, at: "/email") { try world.when(create("bob@example.COM"), by: owner) }
        world.given(.account(bob, organization: nil, .deactivated))
        refused(.conflict, at: "/email") { try world.when(create("bob@example.com"), by: owner) }
        _ = world.account("andr\u{E9}@example.com")
        refused(.conflict, at: "/email") { try world.when(create("ANDRE\u{301}@example.com"), by: owner) }
        #expect(try world.when(create("andre@example.com"), by: owner).count == 1)
    }

    @Test func `A confined token is valid in its organization alone`() throws {
        let other = world.organization(owner: world.account("o@example.com"))
        world.grant(owner, "EMPLOYEE", in: other)
        refused(.forbidden) {
            try world.execute(create("x@example.com"), by: Caller(.id(owner), claimedOrganization: other))
        }
        try world.execute(create("y@example.com"), by: Caller(.id(owner), claimedOrganization: acme))
    }

    // MARK: Seeing

    @Test func `The maker of an account sees it until it has a grant`() throws {
        let new = world.newID()
        try world.when(CreateAccount(id: new, name: nil, email: "new@example.com"), by: owner)
        #expect(try world.when(change(new), by: owner).isEmpty)
        let other = world.organization(owner: world.account("o@example.com"))
        world.grant(new, "EMPLOYEE", in: other)
        refused(.notFound) { try world.when(change(new), by: owner) }
    }

    @Test func `Owners, admins and auditors see the accounts of their organization`() throws {
        let member = world.account("member@example.com", "EMPLOYEE", in: acme)
        let linked = world.account("linked@example.com")
        _ = world.employee("Linked", in: acme, account: linked)
        for role in ["OWNER", "ADMIN", "AUDITOR"] {
            let caller = world.account("\(role)@example.com", role, in: acme)
            #expect(try world.when(change(member), by: caller).isEmpty)
            #expect(try world.when(change(linked), by: caller).isEmpty)
        }
        for role in ["MANAGER", "EMPLOYEE"] {
            let caller = world.account("\(role)@example.com", role, in: acme)
            refused(.notFound) { try world.when(change(member), by: caller) }
        }
    }

    @Test func `Grants elsewhere are hidden`() throws {
        let other = world.organization(owner: world.account("o@example.com"))
        let member = world.account("member@example.com", "EMPLOYEE", in: acme)
        world.grant(member, "ADMIN", in: other)
        func grantsShown(to caller: UUID) throws -> [UUID?] {
            let authority = try Authority(Caller(.id(caller)), in: world.view)
            let grants = try #require(try world.view.rows(Grants.byAccountAnywhere, [.uuid(member)]))
            return try grants.filter { try authority.sees($0) }.map(\.key.organization)
        }
        #expect(try grantsShown(to: owner) == [acme])
        #expect(try Set(grantsShown(to: member)) == [acme, other])
    }

    // MARK: Changing

    @Test func `An account changes its own name, and nobody else does`() throws {
        let bob = world.account("bob@example.com", "EMPLOYEE", in: acme)
        #expect(
            try world.when(change(bob, name: .set("Bob")), by: bob) == [
                .account(bob, organization: nil, .renamed(Change(from: nil, to: "Bob")))
            ])
        refused(.forbidden) { try world.when(change(bob, name: .set("Rob")), by: owner) }
        refused(.forbidden) { try world.when(change(bob, name: .clear), by: owner) }
        #expect(try world.when(change(bob, name: .set("Rob")), by: system).count == 1)
        #expect(try world.when(change(bob, name: .clear), by: bob).count == 1)
    }

    @Test func `Only a system admin changes an address`() throws {
        refused(.forbidden) { try world.when(change(owner, email: .set("new@example.com")), by: owner) }
        refused(.forbidden) {
            try world.when(change(owner, name: .set("N"), email: .set("OWNER@example.com")), by: owner)
        }
        #expect(try world.when(change(owner, email: .set("OWNER@example.com")), by: system).count == 1)
        refused(.conflict, at: "/email") {
            try world.when(change(owner, email: .set("System@example.com")), by: system)
        }
    }

    @Test func `A change that repeats the current value is not refused`() throws {
        let bob = world.account("bob@example.com", name: "Bob")
        world.grant(bob, "EMPLOYEE", in: acme)
        let same = change(bob, name: .set("Bob"), email: .set("bob@example.com"))
        #expect(try world.when(same, by: bob).isEmpty)
        #expect(try world.when(same, by: owner).isEmpty)
        #expect(try world.when(change(bob, name: .set("Rob"), email: .set("bob@example.com")), by: bob).count == 1)
    }

    @Test func `An account is found by its address`() throws {
        let byEmail = ChangeAccount(AccountReference("OWNER@example.com"), name: .set("O"), email: .keep)
        #expect(try world.when(byEmail, by: owner).count == 1)
        refused(.notFound) {
            try world.when(ChangeAccount(AccountReference("system@example.com"), name: .keep, email: .keep), by: owner)
        }
        refused(.notFound) {
            try world.when(ChangeAccount(AccountReference("%%"), name: .keep, email: .keep), by: owner)
        }
    }

    // MARK: Status

    @Test func `Only a system admin changes the status`() throws {
        let bob = world.account("bob@example.com", "ADMIN", in: acme)
        refused(.forbidden) { try world.when(SetStatus(.inactive, of: AccountStatus(.id(bob))), by: owner) }
        refused(.forbidden) { try world.when(SetStatus(.inactive, of: AccountStatus(.id(bob))), by: bob) }
        #expect(try world.when(SetStatus(.inactive, of: AccountStatus(.id(bob))), by: system).count == 1)
        #expect(try world.when(SetStatus(.inactive, of: AccountStatus(.id(bob))), by: system).isEmpty)
        refused(.unauthenticated) { try world.when(change(bob), by: bob) }
        #expect(world.grants(of: bob) == ["ADMIN"])
        refused(.forbidden) { try world.when(SetStatus(.active, of: AccountStatus(.id(bob))), by: owner) }
        #expect(try world.when(SetStatus(.active, of: AccountStatus(.id(bob))), by: system).count == 1)
        #expect(try world.when(SetStatus(.active, of: AccountStatus(.id(bob))), by: system).isEmpty)
    }

    @Test func `The last active owner and the last system admin stay`() throws {
        refused(.rule) { try world.when(SetStatus(.inactive, of: AccountStatus(.id(owner))), by: system) }
        refused(.rule) { try world.when(SetStatus(.inactive, of: AccountStatus(.id(system))), by: system) }
        let second = world.account("second@example.com", "OWNER", in: acme)
        #expect(try world.when(SetStatus(.inactive, of: AccountStatus(.id(owner))), by: system).count == 1)
        refused(.rule) { try world.when(SetStatus(.inactive, of: AccountStatus(.id(second))), by: system) }
        let other = world.account("other@example.com")
        world.grant(other, "SYSTEM_ADMIN", in: nil)
        // An account may deactivate itself, and gets an answer.
        #expect(try world.when(SetStatus(.inactive, of: AccountStatus(.id(system))), by: system).count == 1)
    }

    @Test func `A confined token does not act as system admin`() throws {
        let bob = world.account("bob@example.com", "EMPLOYEE", in: acme)
        let confined = Caller(.id(system), claimedOrganization: acme)
        refused(.forbidden) { try world.execute(change(bob, email: .set("x@example.com")), by: confined) }
        refused(.notFound) {
            try world.execute(
                SetStatus(.inactive, of: AccountStatus(.id(world.account("far@example.com")))), by: confined)
        }
        try world.execute(
            ChangeOrganization(acme, name: .set("By system"), alias: .keep, ownerEmail: nil, ownerID: world.newID()),
            by: confined)
    }
}
