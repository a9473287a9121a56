import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import Testing

@Suite struct EmployeeProfileTests {
    let world = World()
    let owner: UUID
    let acme: UUID
    let anna: UUID
    let annasAccount: UUID
    let boss: UUID
    let bossAccount: UUID
    let top: UUID
    let topAccount: UUID

    init() {
        owner = world.account("owner@example.com")
        acme = world.organization(owner: owner)
        annasAccount = world.account("anna@example.com")
        bossAccount = world.account("boss@example.com", "MANAGER", in: acme)
        topAccount = world.account("top@example.com", "MANAGER", in: acme)
        anna = world.employee("Anna", in: acme, account: annasAccount)
        boss = world.employee("Boss", in: acme, account: bossAccount)
        top = world.employee("Top", in: acme, account: topAccount)
        world.line(anna, to: boss, in: acme)
        world.line(boss, to: top, in: acme)
    }

    private func edit(_ fields: [String: FieldEdit<String>], of employee: UUID? = nil, replaces: Bool = false)
        -> ChangeEmployeeProfile
    {
        ChangeEmployeeProfile(employee ?? anna, ProfileEdits(fields, replaces: replaces))
    }

    @Test func `The employee and the managers above edit a profile`() throws {
        for caller in [owner, annasAccount, bossAccount, topAccount] {
            #expect(try world.when(edit(["bio": .set("by \(caller)")]), by: caller).count == 1)
        }
        for caller in [annasAccount, bossAccount] {
            refused(.forbidden) { try world.when(edit(["bio": .set("x")], of: top), by: caller) }
        }
    }

    @Test func `A line of another type gives no right to edit`() throws {
        let peerAccount = world.account("peer@example.com", "MANAGER", in: acme)
        let peer = world.employee("Peer", in: acme, account: peerAccount)
        world.line(anna, to: peer, "DOTTED_LINE", in: acme)
        refused(.forbidden) { try world.when(edit(["bio": .set("x")]), by: peerAccount) }
    }

    @Test func `A manager without the role may not edit`() throws {
        let leadAccount = world.account("lead@example.com")
        let lead = world.employee("Lead", in: acme, account: leadAccount)
        let report = world.employee("Report", in: acme)
        world.line(report, to: lead, in: acme)
        refused(.forbidden) { try world.when(edit(["bio": .set("x")], of: report), by: leadAccount) }
    }

    @Test func `Auditors read a profile, strangers see nothing`() throws {
        let auditor = world.account("auditor@example.com", "AUDITOR", in: acme)
        refused(.forbidden) { try world.when(edit(["bio": .set("x")]), by: auditor) }
        let stranger = world.account("stranger@example.com")
        refused(.notFound) { try world.when(edit(["bio": .set("x")]), by: stranger) }
    }

    @Test func `An auditor whose employee has left changes nothing`() throws {
        world.grant(annasAccount, "AUDITOR", in: acme)
        #expect(try world.when(edit(["bio": .set("x")]), by: annasAccount).count == 1)
        try world.when(SetStatus(.inactive, of: EmployeeStatus(anna)), by: owner)
        refused(.forbidden) { try world.when(edit(["bio": .set("y")]), by: annasAccount) }
    }

    @Test func `Hidden fields are kept and stay hidden`() throws {
        try world.when(edit(["birthDate": .set("1990-01-01"), "bio": .set("b")]), by: annasAccount)
        refused(.forbidden) { try world.when(edit(["gender": .set("f")]), by: bossAccount) }
        refused(.forbidden) { try world.when(edit(["birthDate": .clear]), by: bossAccount) }
        // Replaced by somebody who does not see them, they stay as they are.
        try world.when(edit(["location": .set("Rome")], replaces: true), by: bossAccount)
        #expect(world.row(anna).profile.values == ["birthDate": "1990-01-01", "location": "Rome"])
        try world.when(edit(["bio": .set("new")]), by: annasAccount)
        #expect(world.row(anna).profile.values == ["bio": "new", "birthDate": "1990-01-01", "location": "Rome"])
        try world.when(edit([:], replaces: true), by: owner)
        #expect(world.row(anna).profile.values.isEmpty)
    }

    @Test func `One event holds all fields that change`() throws {
        let events = try world.when(
            edit(["bio": .set("b"), "gender": .set("f"), "location": .clear, "timezone": .keep]), by: owner)
        #expect(
            events == [
                .employee(
                    anna, organization: acme,
                    .profileChanged([
                        ProfileChange("bio", from: nil, to: "b"), ProfileChange("gender", from: nil, to: "f"),
                    ]))
            ])
        #expect(try world.when(edit(["bio": .set("b")]), by: owner).isEmpty)
    }
}
