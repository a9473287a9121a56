import AccountsProjection
import Directory
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import Foundation
import GrantsProjection
import Testing

@Suite struct ErasureTests {
    let world = World()
    let system: UUID
    let owner: UUID
    let acme: UUID
    let account: UUID
    let employee: UUID

    init() {
        system = world.account("system@example.com", name: "System")
        world.grant(system, "SYSTEM_ADMIN", in: nil)
        owner = world.account("owner@example.com")
        acme = world.organization(owner: owner)
        account = world.account("ada@example.com", name: "Ada")
        employee = world.employee("Ada", in: acme, account: account)
    }

    private func eraseEmployee(_ id: UUID? = nil) -> EraseEmployee { EraseEmployee(id ?? employee, reason: "R") }
    private func eraseAccount(_ id: UUID? = nil) -> EraseAccount { EraseAccount(.id(id ?? account), reason: "R") }

    private func types(_ events: [DirectoryEvent]) -> [String] { events.map(\.encoded.type) }

    // MARK: Employees

    @Test func `An OWNER erases an employee, and nobody below`() throws {
        for role in ["ADMIN", "MANAGER", "EMPLOYEE", "AUDITOR"] {
            let caller = world.account("\(role)@example.com", role, in: acme)
            refused(.forbidden) { try world.when(eraseEmployee(), by: caller) }
        }
        refused(.forbidden) { try world.when(eraseEmployee(), by: account) }
        refused(.notFound) { try world.when(eraseEmployee(), by: world.account("nobody@example.com")) }
        #expect(try world.when(eraseEmployee(), by: owner).last == erased(employee))
        #expect(try world.when(eraseEmployee(world.employee("Bo", in: acme)), by: system).count == 1)
    }

    private func erased(_ employee: UUID) -> DirectoryEvent {
        .employee(employee, organization: acme, .erased(reason: "R"))
    }

    @Test func `With an employee its lines, memberships, grants and link end, and its account's last memberships`()
        throws
    {
        let boss = world.employee("Boss", in: acme), report = world.employee("Report", in: acme)
        let group = world.group(in: acme)
        world.line(employee, to: boss, in: acme)
        world.line(report, to: employee, in: acme)
        world.join(.employee, employee, group, in: acme)
        world.join(.account, account, group, in: acme)
        world.grant(account, "MANAGER", in: acme, tiedTo: employee)
        #expect(
            types(try world.when(eraseEmployee(), by: owner)) == [
                "employee.manager_removed", "employee.group_left", "account.role_revoked", "employee.account_unlinked",
                "account.group_left", "employee.erased",
            ])
        let row = world.row(employee)
        #expect(row.name == "[erased]" && row.email == nil && row.role == nil && row.account == nil)
        #expect(row.facts.status.current == .erased && !row.isActive && row.managers.isEmpty)
        #expect(world.row(report).managers.map(\.manager) == [employee], "its reports keep their lines")
        #expect(world.grants(of: account).isEmpty)
    }

    @Test func `An INACTIVE employee is erased too, and in an INACTIVE organization`() throws {
        try world.when(SetStatus(.inactive, of: EmployeeStatus(employee)), by: owner)
        world.given(.organization(acme, .deactivated))
        refused(.rule) { try world.when(SetStatus(.active, of: EmployeeStatus(employee)), by: owner) }
        #expect(
            types(try world.when(eraseEmployee(), by: owner)) == ["employee.account_unlinked", "employee.erased"])
    }

    @Test func `The last active OWNER's employee is not erased`() throws {
        let boss = world.employee("Boss", in: acme, account: owner)
        world.given(
            .account(owner, organization: acme, .roleRevoked(role: "OWNER", employee: nil)),
            .account(owner, organization: acme, .roleGranted(role: "OWNER", employee: boss)))
        refused(.rule) { try world.when(eraseEmployee(boss), by: owner) }
        _ = world.account("second@example.com", "OWNER", in: acme)
        #expect(try world.when(eraseEmployee(boss), by: owner).last == erased(boss))
    }

    @Test func `A repeat changes nothing, and nothing else is possible any longer`() throws {
        let boss = world.employee("Boss", in: acme)
        try world.when(eraseEmployee(), by: owner)
        #expect(try world.when(eraseEmployee(), by: owner).isEmpty)
        let changes: [any Mutation] = [
            SetStatus(.active, of: EmployeeStatus(employee)), SetStatus(.inactive, of: EmployeeStatus(employee)),
            ChangeEmployee(
                employee, name: .set("Ada"), email: .keep, account: .keep, role: .keep, type: .keep),
            ChangeEmployee(
                employee, name: .keep, email: .set("ada@x.de"), account: .keep, role: .keep, type: .keep),
            ChangeEmployeeProfile(employee, ProfileEdits(["bio": .set("b")], replaces: false)),
            SetPreferences(of: EntityReference(.employee, employee), "n", to: ["a": 1], id: world.newID()),
            SetMapping(
                MappingAddress(EntityReference(.employee, employee), world.app(in: acme), "n"), mappedID: "m",
                reference: nil, data: [:], id: world.newID()),
            ReplaceMemberships(of: employee, [(world.group(in: acme), "MEMBER")]),
        ]
        for change in changes { refused(.rule) { try world.when(change, by: owner) } }
        refused(.rule) {
            try world.when(
                ChangeEmployee(employee, name: .keep, email: .keep, account: .set(account), role: .keep, type: .keep),
                by: owner)
        }
        refused(.rule) { try world.when(AssignManager(employee, manager: boss, type: "DIRECT"), by: owner) }
        refused(.rule, at: "/managerId") {
            try world.when(AssignManager(boss, manager: employee, type: "DIRECT"), by: owner)
        }
        refused(.rule, at: "/employeeId") {
            try world.when(GrantRole(.id(account), organization: acme, role: "ADMIN", employee: employee), by: system)
        }
    }

    @Test func `The address and the account of an erased employee are free`() throws {
        let email = try #require(world.row(employee).email)
        try world.when(eraseEmployee(), by: owner)
        world.grant(account, "EMPLOYEE", in: acme)
        let again = world.newID()
        try world.when(
            CreateEmployee(id: again, name: "Ada", email: email, account: account, role: nil, type: nil), by: owner,
            in: acme)
        #expect(world.row(again).account == account)
    }

    // MARK: Accounts

    @Test func `An account erases itself, a SYSTEM_ADMIN any, and nobody else`() throws {
        world.grant(account, "EMPLOYEE", in: acme)
        let other = world.account("other@example.com", "ADMIN", in: acme)
        refused(.forbidden) { try world.when(eraseAccount(), by: owner) }
        refused(.forbidden) { try world.when(eraseAccount(), by: other) }
        refused(.notFound) { try world.when(eraseAccount(other), by: world.account("nobody@example.com")) }
        // With rights in one organization alone, it is not all of itself.
        refused(.forbidden) {
            try world.execute(eraseAccount(), by: Caller(.id(account), claimedOrganization: acme))
        }
        #expect(
            try world.when(eraseAccount(), by: account).last
                == .account(account, organization: nil, .erased(reason: "R")))
        refused(.unauthenticated) { try world.when(eraseAccount(), by: account) }
        #expect(try world.when(eraseAccount(), by: system).isEmpty)
        #expect(types(try world.when(eraseAccount(other), by: system)) == ["account.role_revoked", "account.erased"])
    }

    @Test func `With an account its grants, memberships and links end, everywhere`() throws {
        let beta = world.organization("Beta", owner: owner)
        let there = world.employee("Ada", in: beta, account: account)
        let group = world.group(in: beta)
        world.join(.account, account, group, in: beta)
        world.grant(account, "ADMIN", in: beta)
        world.grant(account, "MANAGER", in: acme, tiedTo: employee)
        try world.when(SetStatus(.inactive, of: EmployeeStatus(there)), by: owner)
        #expect(
            types(try world.when(eraseAccount(), by: system)) == [
                "account.role_revoked", "account.role_revoked", "account.group_left", "employee.account_unlinked",
                "employee.account_unlinked", "account.erased",
            ])
        let row = world.accountRow(account)
        #expect(row.name == "[erased]" && row.email == nil && row.facts.status.current == .erased)
        #expect(world.grants(of: account).isEmpty && world.groups(of: account, in: beta).isEmpty)
        #expect(world.row(there).account == nil && world.row(employee).account == nil)
        #expect(world.row(employee).isActive && world.row(employee).name == "Ada", "the employee is another subject")
    }

    @Test func `Neither the last active OWNER nor the last active SYSTEM_ADMIN is erased`() throws {
        refused(.rule) { try world.when(eraseAccount(owner), by: owner) }
        refused(.rule) { try world.when(eraseAccount(system), by: system) }
        let second = world.account("second@example.com", "OWNER", in: acme)
        world.given(.account(second, organization: nil, .deactivated))
        refused(.rule) { try world.when(eraseAccount(owner), by: owner) }
        #expect(types(try world.when(eraseAccount(second), by: system)) == ["account.role_revoked", "account.erased"])
        _ = world.account("third@example.com", "OWNER", in: acme)
        #expect(try world.when(eraseAccount(owner), by: owner).count == 2)
        world.grant(account, "SYSTEM_ADMIN", in: nil)
        #expect(try world.when(eraseAccount(system), by: system).count == 2)
    }

    @Test func `An erased account does not change any longer, and its address is free`() throws {
        try world.when(eraseAccount(), by: system)
        for status in [SettableStatus.active, .inactive] {
            refused(.rule) { try world.when(SetStatus(status, of: AccountStatus(.id(account))), by: system) }
        }
        refused(.rule) { try world.when(ChangeAccount(.id(account), name: .set("Ada"), email: .keep), by: system) }
        refused(.rule) {
            try world.when(ChangeAccount(.id(account), name: .keep, email: .set("ada@example.com")), by: system)
        }
        refused(.rule) {
            try world.when(GrantRole(.id(account), organization: acme, role: "ADMIN", employee: nil), by: system)
        }
        refused(.rule) {
            try world.when(
                SetPreferences(of: EntityReference(.account, account), "n", to: ["a": 1], id: world.newID()), by: system
            )
        }
        refused(.notFound) { try world.when(EraseAccount(.email("ada@example.com"), reason: "R"), by: system) }
        try world.when(CreateAccount(id: world.newID(), name: "Ada", email: "ada@example.com"), by: system)
    }

    // MARK: Imports

    @Test func `An erased person is hired again only as somebody new`() throws {
        let email = try #require(world.row(employee).email)
        try world.when(eraseEmployee(), by: owner)
        let file = try HistoryFile(
            parsing: Array(
                """
                {"at":"2024-01-01T00:00:00Z","op":"hire","person":"p","name":"Ada","email":"\(email)"}
                {"at":"2024-01-02T00:00:00Z","op":"role","person":"p","role":"Boss"}

                """.utf8), now: World.time(1))
        func lines(_ lines: some Sequence<ImportLine>) -> ImportLines {
            ImportLines(lines, of: world.newID(), into: acme, now: World.time(1))
        }
        let refusal = #expect(throws: RefusedLine.self) { try world.submit(lines(file.lines.suffix(1))) }
        #expect(refusal?.refusal.kind == .rule)
        #expect(try world.submit(lines(file.lines)) == 2)
        #expect(world.row(employee).isErased && world.row(employee).email == nil)
    }
}
