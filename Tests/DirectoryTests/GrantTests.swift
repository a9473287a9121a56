import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import Testing

@Suite struct GrantTests {
    let world = World()
    let system: UUID
    let owner: UUID
    let admin: UUID
    let acme: UUID
    let other: UUID
    let stranger: UUID

    init() {
        system = world.account("system@example.com")
        world.grant(system, "SYSTEM_ADMIN", in: nil)
        owner = world.account("owner@example.com")
        acme = world.organization(owner: owner)
        admin = world.account("admin@example.com", "ADMIN", in: acme)
        other = world.organization("Other", owner: world.account("o@example.com"))
        stranger = world.account("stranger@example.com")
    }

    private func grant(
        _ account: UUID, _ role: String, in organization: UUID? = nil, tiedTo employee: UUID? = nil
    ) -> GrantRole { GrantRole(.id(account), organization: organization, role: role, employee: employee) }

    private func revoke(_ account: UUID, _ role: String, in organization: UUID? = nil) -> RevokeRole {
        RevokeRole(.id(account), organization: organization, role: role)
    }

    // MARK: Granting

    @Test func `Owners and admins grant in their organization`() throws {
        let member = world.account("member@example.com", "EMPLOYEE", in: acme)
        #expect(
            try world.when(grant(member, "MANAGER", in: acme), by: admin) == [
                .account(member, organization: acme, .roleGranted(role: "MANAGER", employee: nil))
            ])
        #expect(try world.when(grant(member, "MANAGER", in: acme), by: admin).isEmpty)
        // Without orgId, in the current organization.
        #expect(try world.when(grant(member, "ADMIN"), by: owner).count == 1)
        let auditor = world.account("auditor@example.com", "AUDITOR", in: acme)
        refused(.forbidden) { try world.when(grant(member, "AUDITOR", in: acme), by: auditor) }
        refused(.forbidden) { try world.when(grant(member, "OWNER", in: acme), by: auditor) }
    }

    @Test func `Only an owner grants owner`() throws {
        refused(.forbidden) { try world.when(grant(admin, "OWNER", in: acme), by: admin) }
        #expect(try world.when(grant(admin, "OWNER", in: acme), by: owner).count == 1)
    }

    @Test func `An organization that the caller does not see is a field at fault`() throws {
        refused(.rule, at: "/orgId") { try world.when(grant(admin, "ADMIN", in: other), by: owner) }
        refused(.rule, at: "/orgId") { try world.when(grant(admin, "ADMIN", in: world.newID()), by: owner) }
        world.grant(owner, "OWNER", in: other)
        // Nor is one outside the organization that was named.
        refused(.rule, at: "/orgId") { try world.when(grant(admin, "ADMIN", in: other), by: owner, in: acme) }
        #expect(try world.when(grant(admin, "ADMIN", in: other), by: owner).count == 1)
    }

    @Test func `Without a current organization one must be named`() throws {
        world.grant(owner, "OWNER", in: other)
        refused(.invalid) { try world.when(grant(admin, "ADMIN"), by: owner) }
        #expect(try world.when(grant(admin, "MANAGER"), by: owner, in: acme).count == 1)
    }

    @Test func `An account that the caller does not see is reached only by its address`() throws {
        refused(.notFound) { try world.when(grant(stranger, "EMPLOYEE", in: acme), by: admin) }
        let byEmail = GrantRole(.email("Stranger@example.com"), organization: acme, role: "EMPLOYEE", employee: nil)
        let bystander = world.account("by@example.com", "EMPLOYEE", in: acme)
        // A caller who may not grant is not told that it exists.
        refused(.notFound) { try world.when(byEmail, by: bystander) }
        #expect(try world.when(byEmail, by: admin).count == 1)
        let missing = GrantRole(.email("missing@example.com"), organization: acme, role: "EMPLOYEE", employee: nil)
        refused(.notFound) { try world.when(missing, by: admin) }
        let foreign = GrantRole(.email("o@example.com"), organization: other, role: "EMPLOYEE", employee: nil)
        refused(.notFound) { try world.when(foreign, by: admin) }
    }

    @Test func `SYSTEM_ADMIN is granted on the platform alone`() throws {
        refused(.rule, at: "/role") { try world.when(grant(admin, "SYSTEM_ADMIN", in: acme), by: owner) }
        refused(.forbidden) { try world.when(grant(owner, "SYSTEM_ADMIN"), by: owner) }
        refused(.rule, at: "/employeeId") {
            try world.when(grant(owner, "SYSTEM_ADMIN", tiedTo: world.employee("E", in: acme)), by: system)
        }
        #expect(
            try world.when(grant(owner, "SYSTEM_ADMIN"), by: system) == [
                .account(owner, organization: nil, .roleGranted(role: "SYSTEM_ADMIN", employee: nil))
            ])
    }

    @Test func `A word that is not a role gives no right`() throws {
        let wizard = world.account("wizard@example.com", "EMPLOYEE", in: acme)
        #expect(try world.when(grant(wizard, "WIZARD", in: acme), by: owner).count == 1)
        try world.when(revoke(wizard, "EMPLOYEE", in: acme), by: owner)
        refused(.notFound) { try world.when(SetStatus(.inactive, of: OrganizationStatus(acme)), by: wizard) }
        // It is its own to give up, though its account sees nothing of the organization.
        #expect(try world.when(revoke(wizard, "WIZARD", in: acme), by: wizard).count == 1)
    }

    @Test func `An inactive account, organization or employee takes no grant`() throws {
        let bob = world.account("bob@example.com", "EMPLOYEE", in: acme)
        world.given(.account(bob, organization: nil, .deactivated))
        refused(.rule) { try world.when(grant(bob, "ADMIN", in: acme), by: owner) }
        let gone = world.employee("Gone", in: acme)
        world.given(.employee(gone, organization: acme, .deactivated))
        refused(.rule, at: "/employeeId") {
            try world.when(grant(admin, "MANAGER", in: acme, tiedTo: gone), by: owner)
        }
    }

    // MARK: Employees

    @Test func `A grant with an employee links the two`() throws {
        let anna = world.employee("Anna", in: acme)
        #expect(
            try world.when(grant(admin, "MANAGER", in: acme, tiedTo: anna), by: owner) == [
                .employee(anna, organization: acme, .accountLinked(admin)),
                .account(admin, organization: acme, .roleGranted(role: "MANAGER", employee: anna)),
            ])
        #expect(world.row(anna).account == admin)
        #expect(try world.when(grant(admin, "MANAGER", in: acme, tiedTo: anna), by: owner).isEmpty)
        // A grant without an employee is tied to one when granted again with it, and loses it when granted without.
        #expect(try world.when(grant(admin, "ADMIN", in: acme, tiedTo: anna), by: owner).count == 1)
        #expect(
            try world.when(grant(admin, "MANAGER", in: acme), by: owner) == [
                .account(
                    admin, organization: acme,
                    .roleGranted(role: "MANAGER", employee: nil, retied: Change(from: anna, to: nil)))
            ])
        try world.when(SetStatus(.inactive, of: EmployeeStatus(anna)), by: owner)
        #expect(world.grants(of: admin) == ["MANAGER"])
    }

    @Test func `An account has at most 100 roles in an organization, and one it has may be granted again`() throws {
        let member = world.account("member@example.com")
        for number in 1...100 { world.grant(member, "WORD-\(number)", in: acme) }
        refused(.rule, at: "/role") { try world.when(grant(member, "ADMIN", in: acme), by: owner) }
        #expect(try world.when(grant(member, "WORD-7", in: acme), by: owner).isEmpty)
        let anna = world.employee("Anna", in: acme)
        #expect(try world.when(grant(member, "WORD-7", in: acme, tiedTo: anna), by: owner).count == 2)
        let other = world.organization(owner: owner)
        #expect(try world.when(grant(member, "ADMIN", in: other), by: owner).count == 1)
    }

    @Test func `An organization has at most 1,000 OWNERs, however one is added`() throws {
        for _ in 1..<1_000 { world.grant(world.newID(), "OWNER", in: acme) }
        let member = world.account("member@example.com", "EMPLOYEE", in: acme)
        refused(.rule, at: "/role") { try world.when(grant(member, "OWNER", in: acme), by: owner) }
        refused(.rule, at: "/ownerEmail") {
            let change = ChangeOrganization(
                acme, name: .keep, alias: .keep, ownerEmail: "member@example.com", ownerID: world.newID())
            return try world.when(change, by: owner)
        }
        #expect(try world.when(grant(member, "ADMIN", in: acme), by: owner).count == 1)
    }

    @Test func `A link to another employee is a conflict`() throws {
        let anna = world.employee("Anna", in: acme, account: world.account("anna@example.com"))
        refused(.conflict, at: "/employeeId") {
            try world.when(grant(admin, "MANAGER", in: acme, tiedTo: anna), by: owner)
        }
        _ = world.employee("Admin", in: acme, account: admin)
        let free = world.employee("Free", in: acme)
        refused(.conflict, at: "/employeeId") {
            try world.when(grant(admin, "MANAGER", in: acme, tiedTo: free), by: owner)
        }
    }

    @Test func `An employee of another organization is missing`() throws {
        let foreign = world.employee("F", in: other)
        for employee in [foreign, world.newID()] {
            refused(.rule, at: "/employeeId") {
                try world.when(grant(admin, "MANAGER", in: acme, tiedTo: employee), by: owner)
            }
        }
    }

    // MARK: Revoking

    @Test func `A role is revoked once`() throws {
        let member = world.account("member@example.com", "MANAGER", in: acme)
        #expect(
            try world.when(revoke(member, "MANAGER", in: acme), by: admin) == [
                .account(member, organization: acme, .roleRevoked(role: "MANAGER", employee: nil))
            ])
        world.grant(member, "EMPLOYEE", in: acme)
        refused(.notFound) { try world.when(revoke(member, "MANAGER", in: acme), by: admin) }
        refused(.notFound) { try world.when(revoke(member, "MANAGER", in: other), by: admin) }
        #expect(try world.when(revoke(member, "EMPLOYEE"), by: admin).count == 1)
    }

    @Test func `Only an owner revokes OWNER, and the last one stays`() throws {
        refused(.forbidden) { try world.when(revoke(owner, "OWNER", in: acme), by: admin) }
        refused(.rule) { try world.when(revoke(owner, "OWNER", in: acme), by: owner) }
        refused(.rule) { try world.when(revoke(owner, "OWNER", in: acme), by: system) }
        let inactive = world.account("inactive@example.com", "OWNER", in: acme)
        world.given(.account(inactive, organization: nil, .deactivated))
        refused(.rule) { try world.when(revoke(owner, "OWNER", in: acme), by: owner) }
        #expect(try world.when(revoke(inactive, "OWNER", in: acme), by: owner).count == 1)
        _ = world.account("second@example.com", "OWNER", in: acme)
        #expect(try world.when(revoke(owner, "OWNER", in: acme), by: owner).count == 1)
    }

    @Test func `An account may give up its own grant`() throws {
        let auditor = world.account("auditor@example.com", "AUDITOR", in: acme)
        let reader = world.account("reader@example.com", "AUDITOR", in: acme)
        refused(.forbidden) { try world.when(revoke(auditor, "AUDITOR", in: acme), by: reader) }
        #expect(try world.when(revoke(auditor, "AUDITOR", in: acme), by: auditor).count == 1)
    }

    @Test func `The last system admin stays`() throws {
        refused(.rule) { try world.when(revoke(system, "SYSTEM_ADMIN"), by: system) }
        refused(.notFound) { try world.when(revoke(system, "SYSTEM_ADMIN"), by: owner) }
        world.grant(owner, "SYSTEM_ADMIN", in: nil)
        #expect(try world.when(revoke(system, "SYSTEM_ADMIN"), by: system).count == 1)
        refused(.rule) { try world.when(revoke(owner, "SYSTEM_ADMIN"), by: owner) }
    }

    @Test func `A confined token reaches no grant elsewhere`() throws {
        world.grant(owner, "SYSTEM_ADMIN", in: nil)
        world.grant(owner, "EMPLOYEE", in: other)
        let confined = Caller(.id(owner), claimedOrganization: acme)
        refused(.notFound) { try world.execute(revoke(owner, "SYSTEM_ADMIN"), by: confined) }
        refused(.notFound) { try world.execute(revoke(owner, "EMPLOYEE", in: other), by: confined) }
        refused(.forbidden) { try world.execute(grant(owner, "SYSTEM_ADMIN"), by: confined) }
    }
}
