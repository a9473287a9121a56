import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import Testing

@Suite struct EmployeeTests {
    let world = World()
    let owner: UUID
    let admin: UUID
    let acme: UUID
    let other: UUID

    init() {
        owner = world.account("owner@example.com")
        acme = world.organization(owner: owner)
        admin = world.account("admin@example.com", "ADMIN", in: acme)
        other = world.organization("Other", owner: world.account("o@example.com"))
    }

    private func create(_ email: String, account: UUID? = nil, role: String? = nil, type: String? = nil)
        -> CreateEmployee
    {
        CreateEmployee(id: world.newID(), name: "Anna", email: email, account: account, role: role, type: type)
    }

    private func change(
        _ id: UUID, name: FieldEdit<String> = .keep, email: FieldEdit<String> = .keep, account: FieldEdit<UUID> = .keep,
        role: FieldEdit<String> = .keep, type: FieldEdit<String> = .keep
    ) -> ChangeEmployee {
        ChangeEmployee(id, name: name, email: email, account: account, role: role, type: type)
    }

    // MARK: Creating

    @Test func `Owners and admins make employees`() throws {
        #expect(try world.when(create("a@x.de"), by: owner).count == 1)
        #expect(try world.when(create("b@x.de", role: "Boss", type: "CONTRACTOR"), by: admin).count == 1)
        for role in ["MANAGER", "EMPLOYEE", "AUDITOR"] {
            let caller = world.account("\(role)@example.com", role, in: acme)
            refused(.forbidden) { try world.when(create("c@x.de"), by: caller) }
        }
        refused(.invalid) { try world.when(create("c@x.de"), by: world.account("nobody@example.com")) }
        refused(.notFound) { try world.when(create("c@x.de"), by: owner, in: other) }
    }

    @Test func `An address is unique among active employees of one organization`() throws {
        let first = world.employee("A", in: acme, email: "Anna@x.de")
        refused(.conflict, at: "/email") { try world.when(create("anna@X.de"), by: owner) }
        _ = world.employee("A", in: other, email: "elsewhere@x.de")
        #expect(try world.when(create("elsewhere@x.de"), by: owner).count == 1)
        try world.when(SetStatus(.inactive, of: EmployeeStatus(first)), by: owner)
        let second = world.newID()
        try world.when(
            CreateEmployee(id: second, name: "B", email: "anna@x.de", account: nil, role: nil, type: nil), by: owner)
        refused(.conflict, at: "/email") { try world.when(SetStatus(.active, of: EmployeeStatus(first)), by: owner) }
        // An inactive employee may be given an address in use, but cannot be activated with it.
        #expect(try world.when(change(first, email: .set("elsewhere@x.de")), by: owner).count == 1)
        refused(.conflict, at: "/email") { try world.when(SetStatus(.active, of: EmployeeStatus(first)), by: owner) }
        #expect(try world.when(change(first, email: .set("free@x.de")), by: owner).count == 1)
        #expect(
            try world.when(SetStatus(.active, of: EmployeeStatus(first)), by: owner) == [
                .employee(first, organization: acme, .activated)
            ])
        #expect(try world.when(SetStatus(.active, of: EmployeeStatus(first)), by: owner).isEmpty)
    }

    // MARK: Changing

    @Test func `Each changed field is an event, an unchanged one is none`() throws {
        let anna = world.employee("Anna", in: acme, email: "anna@x.de")
        let events = try world.when(
            change(anna, name: .set("Anne"), email: .set("Anna@x.de"), role: .set("Boss"), type: .set("CONTRACTOR")),
            by: admin)
        #expect(
            events == [
                .employee(anna, organization: acme, .renamed(Change(from: "Anna", to: "Anne"))),
                .employee(anna, organization: acme, .emailChanged(Change(from: "anna@x.de", to: "Anna@x.de"))),
                .employee(anna, organization: acme, .roleChanged(Change(from: nil, to: "Boss"))),
                .employee(anna, organization: acme, .typeChanged(Change(from: "EMPLOYEE", to: "CONTRACTOR"))),
            ])
        #expect(try world.when(change(anna, name: .set("Anne"), role: .set("Boss")), by: admin).isEmpty)
        #expect(try world.when(change(anna, role: .clear), by: admin).count == 1)
        #expect(world.row(anna).role == nil)
    }

    @Test func `Composed and decomposed names differ`() throws {
        let anna = world.employee("Andr\u{E9}", in: acme, email: "a@x.de")
        #expect(try world.when(change(anna, name: .set("Andre\u{301}")), by: admin).count == 1)
        #expect(world.row(anna).name.isIdentical(to: "Andre\u{301}"))
    }

    @Test func `An employee of another organization is not found`() throws {
        let foreign = world.employee("F", in: other)
        for mutation in [change(foreign, name: .set("Mine")), change(world.newID(), name: .set("Mine"))] {
            refused(.notFound) { try world.when(mutation, by: owner) }
        }
        world.grant(owner, "OWNER", in: other)
        #expect(try world.when(change(foreign, name: .set("Mine")), by: owner).count == 1)
        // Unless the request names another organization.
        refused(.notFound) { try world.when(change(foreign, name: .set("Yours")), by: owner, in: acme) }
        refused(.notFound) {
            try world.execute(change(foreign, name: .set("Y")), by: Caller(.id(owner), claimedOrganization: acme))
        }
    }

    @Test func `A caller who may read but not change is forbidden`() throws {
        let anna = world.employee("Anna", in: acme, account: world.account("anna@example.com"))
        let caller = try #require(world.row(anna).account)
        refused(.forbidden) { try world.when(change(anna, name: .set("X")), by: caller) }
        refused(.forbidden) { try world.when(SetStatus(.inactive, of: EmployeeStatus(anna)), by: caller) }
        refused(.forbidden) { try world.when(SetStatus(.active, of: EmployeeStatus(anna)), by: caller) }
    }

    // MARK: Links

    @Test func `An account is linked to one active employee of an organization`() throws {
        let bob = world.account("bob@example.com", "EMPLOYEE", in: acme)
        let first = world.employee("First", in: acme, account: bob)
        refused(.conflict, at: "/account") { try world.when(create("b@x.de", account: bob), by: owner) }
        let second = world.employee("Second", in: acme)
        refused(.conflict, at: "/account") { try world.when(change(second, account: .set(bob)), by: owner) }
        try world.when(SetStatus(.inactive, of: EmployeeStatus(first)), by: owner)
        #expect(
            try world.when(change(second, account: .set(bob)), by: owner) == [
                .employee(second, organization: acme, .accountLinked(bob))
            ])
        refused(.conflict, at: "/account") { try world.when(SetStatus(.active, of: EmployeeStatus(first)), by: owner) }
        #expect(
            try world.when(change(first, account: .clear), by: owner) == [
                .employee(first, organization: acme, .accountUnlinked(bob))
            ])
        #expect(try world.when(SetStatus(.active, of: EmployeeStatus(first)), by: owner).count == 1)
    }

    @Test func `One account has employees in several organizations`() throws {
        let bob = world.account("bob@example.com", "EMPLOYEE", in: acme)
        _ = world.employee("Elsewhere", in: other, account: bob)
        #expect(try world.when(create("b@x.de", account: bob), by: owner).count == 1)
    }

    @Test func `A missing, unseen or inactive account is not linked`() throws {
        let anna = world.employee("Anna", in: acme)
        let stranger = world.account("stranger@example.com")
        for account in [stranger, world.newID()] {
            refused(.rule, at: "/account") { try world.when(create("b@x.de", account: account), by: owner) }
            refused(.rule, at: "/account") { try world.when(change(anna, account: .set(account)), by: owner) }
        }
        let resting = world.account("resting@example.com", "EMPLOYEE", in: acme)
        world.given(.account(resting, organization: nil, .deactivated))
        refused(.rule, at: "/account") { try world.when(create("b@x.de", account: resting), by: owner) }
        refused(.rule, at: "/account") { try world.when(change(anna, account: .set(resting)), by: owner) }
        try world.when(SetStatus(.inactive, of: EmployeeStatus(anna)), by: owner)
        refused(.rule, at: "/account") { try world.when(change(anna, account: .set(admin)), by: owner) }
    }

    @Test func `Nobody comes back with an account to which another employee is linked by now`() throws {
        let bob = world.account("bob@example.com", "EMPLOYEE", in: acme)
        let anna = world.employee("Anna", in: acme, account: bob)
        try world.when(SetStatus(.inactive, of: EmployeeStatus(anna)), by: owner)
        let next = world.employee("Next", in: acme, account: bob)
        refused(.conflict, at: "/account") { try world.when(SetStatus(.active, of: EmployeeStatus(anna)), by: owner) }
        try world.when(SetStatus(.inactive, of: EmployeeStatus(next)), by: owner)
        #expect(
            try world.when(SetStatus(.active, of: EmployeeStatus(anna)), by: owner) == [
                .employee(anna, organization: acme, .activated)
            ])
    }

    @Test func `Undoing a link ends the grants tied to the employee`() throws {
        let bob = world.account("bob@example.com", "AUDITOR", in: acme)
        let anna = world.employee("Anna", in: acme, account: bob)
        world.grant(bob, "MANAGER", in: acme, tiedTo: anna)
        #expect(
            try world.when(change(anna, account: .set(admin)), by: admin) == [
                .account(bob, organization: acme, .roleRevoked(role: "MANAGER", employee: anna)),
                .employee(anna, organization: acme, .accountUnlinked(bob)),
                .employee(anna, organization: acme, .accountLinked(admin)),
            ])
        #expect(world.grants(of: bob) == ["AUDITOR"])
    }

    @Test func `Only an owner undoes a link that ends an owner's grant`() throws {
        let bob = world.account("bob@example.com")
        let anna = world.employee("Anna", in: acme, account: bob)
        world.grant(bob, "OWNER", in: acme, tiedTo: anna)
        let edit = change(anna, account: .clear)
        refused(.forbidden) { try world.when(edit, by: admin) }
        // 403 comes before 412.
        refused(.forbidden) { try world.execute(edit, by: Caller(.id(admin)), if: .tags(["\"0\""])) }
        #expect(try world.when(edit, by: owner).count == 2)
    }

    // MARK: Deactivating

    @Test func `Leaving ends lines and grants, each with an event`() throws {
        let bob = world.account("bob@example.com")
        let anna = world.employee("Anna", in: acme, account: bob)
        let boss = world.employee("Boss", in: acme)
        let report = world.employee("Report", in: acme)
        world.line(anna, to: boss, in: acme)
        world.line(report, to: anna, in: acme)
        world.grant(bob, "MANAGER", in: acme, tiedTo: anna)
        world.grant(bob, "AUDITOR", in: acme)
        #expect(
            try world.when(SetStatus(.inactive, of: EmployeeStatus(anna)), by: admin) == [
                .employee(anna, organization: acme, .managerRemoved(boss, type: "DIRECT")),
                .employee(anna, organization: acme, .deactivated),
                .account(bob, organization: acme, .roleRevoked(role: "MANAGER", employee: anna)),
            ])
        #expect(try world.when(SetStatus(.inactive, of: EmployeeStatus(anna)), by: admin).isEmpty)
        #expect(world.row(report).managers.map(\.manager) == [anna])
        #expect(world.row(anna).account == bob)
        try world.when(SetStatus(.active, of: EmployeeStatus(anna)), by: admin)
        #expect(world.row(anna).managers.isEmpty)
        #expect(world.grants(of: bob) == ["AUDITOR"])
    }

    @Test func `Only an owner deactivates an owner's employee`() throws {
        let bob = world.account("bob@example.com")
        let anna = world.employee("Anna", in: acme, account: bob)
        world.grant(bob, "OWNER", in: acme, tiedTo: anna)
        refused(.forbidden) { try world.when(SetStatus(.inactive, of: EmployeeStatus(anna)), by: admin) }
        try world.when(RevokeRole(.id(owner), organization: acme, role: "OWNER"), by: owner)
        refused(.rule) { try world.when(SetStatus(.inactive, of: EmployeeStatus(anna)), by: bob) }
        world.grant(owner, "OWNER", in: acme)
        #expect(try world.when(SetStatus(.inactive, of: EmployeeStatus(anna)), by: bob).count == 2)
    }
}
