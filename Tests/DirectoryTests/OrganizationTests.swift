import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import OrganizationsProjection
import Testing

@Suite struct OrganizationTests {
    let world = World()
    let ada: UUID

    init() { ada = world.account("ada@example.com") }

    private func create(_ name: String, alias: String? = nil, owner: String? = nil) -> CreateOrganization {
        CreateOrganization(id: world.newID(), name: name, alias: alias, ownerEmail: owner, ownerID: world.newID())
    }

    private func change(
        _ id: UUID?, name: FieldEdit<String> = .keep, alias: FieldEdit<String> = .keep, owner: String? = nil
    ) -> ChangeOrganization {
        ChangeOrganization(id, name: name, alias: alias, ownerEmail: owner, ownerID: world.newID())
    }

    private func alias(_ events: [DirectoryEvent]) -> String? {
        for case .organization(_, .created(_, let alias)) in events { return alias.text }
        return nil
    }

    // MARK: Creating

    @Test func `Any account makes an organization and owns it`() throws {
        let id = world.newID()
        let events = try world.when(
            CreateOrganization(id: id, name: "Acme", alias: nil, ownerEmail: nil, ownerID: world.newID()), by: ada)
        #expect(
            events == [
                .organization(id, .created(name: "Acme", alias: "acme")),
                .account(ada, organization: id, .roleGranted(role: "OWNER", employee: nil)),
            ])
        #expect(world.organizationRow(id).owners == [ada])
    }

    @Test func `The owner's account is made if there is none`() throws {
        let (id, owner) = (world.newID(), world.newID())
        let events = try world.when(
            CreateOrganization(id: id, name: "Acme", alias: nil, ownerEmail: "Bob@example.com", ownerID: owner), by: ada
        )
        #expect(events.first == .account(owner, organization: nil, .created(email: "Bob@example.com", name: nil)))
        #expect(world.organizationRow(id).owners == [owner])
        // The caller is then not a member, and does not see it.
        refused(.notFound) { try world.when(change(id, name: .set("Mine")), by: ada) }
    }

    @Test func `The owner's address is compared without case`() throws {
        let events = try world.when(create("Acme", owner: "ADA@example.com"), by: ada)
        #expect(events.count == 2)
    }

    @Test func `An inactive account owns nothing`() throws {
        let bob = world.account("bob@example.com")
        world.given(.account(bob, organization: nil, .deactivated))
        refused(.rule, at: "/ownerEmail") { try world.when(create("Acme", owner: "bob@example.com"), by: ada) }
    }

    @Test func `A confined token makes no organization`() throws {
        let acme = world.organization(owner: ada)
        refused(.forbidden) { try world.execute(create("B"), by: Caller(.id(ada), claimedOrganization: acme)) }
    }

    // MARK: Aliases

    @Test func `A taken alias is a conflict`() throws {
        _ = world.organization(alias: "acme", owner: ada)
        refused(.conflict, at: "/alias") { try world.when(create("B", alias: "acme"), by: ada) }
    }

    @Test func `The alias of an inactive organization stays taken`() throws {
        let acme = world.organization(alias: "acme", owner: ada)
        world.given(.organization(acme, .deactivated))
        refused(.conflict, at: "/alias") { try world.when(create("B", alias: "acme"), by: ada) }
        #expect(alias(try world.when(create("Acme"), by: ada)) == "acme-2")
    }

    @Test(arguments: [
        ("Acme", "acme"), ("Ärger & Söhne GmbH", "arger-sohne-gmbh"), ("  --A  b--  ", "a-b"), ("Straße", "strasse"),
        ("A\u{301}b", "ab"), ("日本", "org-1"), ("Łódź", "lodz"), ("Søren & Æsir", "soren-aesir"), ("O’Brien", "o-brien"),
        ("IŞIK", "isik"), ("株式会社 ABC", "abc"), ("X", "x-2"), ("!!!", "org-1"), ("42", "42"),
        ("Acme Acme", "acme-acme"), (String(repeating: "a", count: 80), String(repeating: "a", count: 63)),
        (String(repeating: "a", count: 62) + " b", String(repeating: "a", count: 62)),
    ])
    func `An alias is derived from the name`(_ name: String, _ expected: String) throws {
        #expect(alias(try world.when(create(name), by: ada)) == expected)
    }

    @Test func `Taken aliases get numbers`() throws {
        let derived = try (1...9).map { _ in alias(try world.when(create("Acme"), by: ada)) }
        #expect(derived == ["acme"] + (2...9).map { "acme-\($0)" })
        let nameless = try (1...3).map { _ in alias(try world.when(create("?"), by: ada)) }
        #expect(nameless == ["org-1", "org-2", "org-3"])
        let long = String(repeating: "a", count: 70)
        _ = try world.when(create(long), by: ada)
        #expect(alias(try world.when(create(long), by: ada)) == String(repeating: "a", count: 61) + "-2")
    }

    // MARK: Changing

    @Test func `Only a field that changes is an event`() throws {
        let acme = world.organization("Acme", alias: "acme", owner: ada)
        #expect(try world.when(change(acme, name: .set("Acme"), alias: .set("acme")), by: ada).isEmpty)
        #expect(
            try world.when(change(nil, name: .set("Bcme"), alias: .set("bcme")), by: ada) == [
                .organization(acme, .renamed(Change(from: "Acme", to: "Bcme"))),
                .organization(acme, .aliasChanged(Change(from: "acme", to: "bcme"))),
            ])
    }

    @Test func `Another encoding of the same letter is a change`() throws {
        let acme = world.organization("Caf\u{E9}", owner: ada)
        let events = try world.when(change(acme, name: .set("Cafe\u{301}")), by: ada)
        #expect(events.count == 1)
        #expect(world.organizationRow(acme).name.isIdentical(to: "Cafe\u{301}"))
    }

    @Test func `Owners and admins change an organization`() throws {
        let acme = world.organization(owner: ada)
        let admin = world.account("admin@example.com", "ADMIN", in: acme)
        #expect(try world.when(change(acme, name: .set("By admin")), by: admin).count == 1)
        for role in ["MANAGER", "EMPLOYEE", "AUDITOR"] {
            let other = world.account("\(role)@example.com", role, in: acme)
            refused(.forbidden) { try world.when(change(acme, name: .set("Mine")), by: other) }
        }
        let stranger = world.account("stranger@example.com")
        refused(.notFound) { try world.when(change(acme, name: .set("Mine")), by: stranger) }
    }

    @Test func `The alias of another organization is a conflict`() throws {
        _ = world.organization("B", alias: "bcme", owner: ada)
        let acme = world.organization("A", alias: "acme", owner: ada)
        refused(.conflict, at: "/alias") { try world.when(change(acme, alias: .set("bcme")), by: ada) }
    }

    @Test func `Only an owner adds an owner`() throws {
        let acme = world.organization(owner: ada)
        let admin = world.account("admin@example.com", "ADMIN", in: acme)
        let bob = world.account("bob@example.com")
        refused(.forbidden) { try world.when(change(acme, owner: "bob@example.com"), by: admin) }
        // An account that is OWNER already is not added.
        #expect(try world.when(change(acme, owner: "ada@example.com"), by: admin).isEmpty)
        #expect(
            try world.when(change(acme, owner: "bob@example.com"), by: ada) == [
                .account(bob, organization: acme, .roleGranted(role: "OWNER", employee: nil))
            ])
        #expect(try world.when(change(acme, owner: "new@example.com"), by: bob).count == 2)
        #expect(world.organizationRow(acme).owners.count == 3)
    }

    // MARK: Profiles

    @Test func `A profile is changed or replaced`() throws {
        let acme = world.organization(owner: ada)
        func edit(_ fields: [String: FieldEdit<String>], replaces: Bool) throws -> [String: String] {
            try world.when(
                ChangeProfile(of: Organizations.self, acme, ProfileEdits(fields, replaces: replaces)), by: ada)
            return world.organizationRow(acme).profile.values
        }
        #expect(try edit([:], replaces: false).isEmpty)
        let both = try edit(["website": .set("https://a.example"), "timezone": .set("UTC")], replaces: false)
        #expect(both == ["timezone": "UTC", "website": "https://a.example"])
        #expect(try edit(["mission": .set("m")], replaces: true) == ["mission": "m"])
        #expect(try edit(["mission": .clear], replaces: false).isEmpty)
        let admin = world.account("m@example.com", "MANAGER", in: acme)
        refused(.forbidden) {
            try world.when(ChangeProfile(of: Organizations.self, nil, ProfileEdits([:], replaces: false)), by: admin)
        }
    }

    // MARK: Status

    @Test func `Only an owner deactivates and activates`() throws {
        let acme = world.organization(owner: ada)
        let admin = world.account("admin@example.com", "ADMIN", in: acme)
        refused(.forbidden) { try world.when(SetStatus(.inactive, of: OrganizationStatus(acme)), by: admin) }
        #expect(
            try world.when(SetStatus(.inactive, of: OrganizationStatus(acme)), by: ada) == [
                .organization(acme, .deactivated)
            ])
        #expect(try world.when(SetStatus(.inactive, of: OrganizationStatus(acme)), by: ada).isEmpty)
        refused(.forbidden) { try world.when(SetStatus(.active, of: OrganizationStatus(acme)), by: admin) }
        #expect(
            try world.when(SetStatus(.active, of: OrganizationStatus(acme)), by: ada) == [
                .organization(acme, .activated)
            ])
        #expect(try world.when(SetStatus(.active, of: OrganizationStatus(acme)), by: ada).isEmpty)
    }

    @Test func `An inactive organization takes no change`() throws {
        let acme = world.organization(owner: ada)
        let admin = world.account("admin@example.com", "ADMIN", in: acme)
        let anna = world.employee("Anna", in: acme)
        let bert = world.employee("Bert", in: acme)
        let carl = world.employee("Carl", in: acme)
        world.given(.employee(carl, organization: acme, .deactivated))
        world.line(anna, to: bert, in: acme)
        try world.when(SetStatus(.inactive, of: OrganizationStatus(acme)), by: ada)
        func refusedHere(_ mutation: some Mutation) { refused(.rule) { try world.when(mutation, by: ada) } }
        refusedHere(change(acme, name: .set("B")))
        refusedHere(change(acme, owner: "x@example.com"))
        refusedHere(ChangeProfile(of: Organizations.self, acme, ProfileEdits(["mission": .set("m")], replaces: false)))
        refusedHere(
            CreateEmployee(id: world.newID(), name: "N", email: "n@x.de", account: nil, role: nil, type: nil))
        refusedHere(
            ChangeEmployee(anna, name: .set("B"), email: .keep, account: .keep, role: .keep, type: .keep))
        refusedHere(ChangeEmployeeProfile(anna, ProfileEdits(["bio": .set("b")], replaces: false)))
        refusedHere(AssignManager(bert, manager: anna, type: "DOTTED_LINE"))
        refusedHere(ReplaceManagers(anna, lines: []))
        refusedHere(RemoveManager(anna, manager: bert))
        refusedHere(SetStatus(.inactive, of: EmployeeStatus(anna)))
        refusedHere(SetStatus(.active, of: EmployeeStatus(carl)))
        refusedHere(GrantRole(.id(ada), organization: acme, role: "ADMIN", employee: nil))
        refusedHere(RevokeRole(.id(admin), organization: acme, role: "ADMIN"))
    }
}
