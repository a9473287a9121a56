import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import Testing

@Suite struct BootstrapTests {
    let world = World()

    private func start() throws -> UUID? {
        try world.submit(Bootstrap(email: "Root@example.com", newAccount: world.newID()))
    }

    @Test func `The first start makes the administrator's account`() throws {
        let account = try #require(try start())
        #expect(
            world.events.map(\.payload) == [
                .account(account, organization: nil, .created(email: "Root@example.com", name: nil)),
                .account(account, organization: nil, .roleGranted(role: "SYSTEM_ADMIN", employee: nil)),
            ])
        #expect(world.events.allSatisfy { $0.author == .system })
        #expect(try start() == nil)
        #expect(world.events.count == 2)
    }

    @Test func `An account that exists is promoted`() throws {
        let root = world.account("root@example.com")
        #expect(try start() == root)
        #expect(world.grants(of: root) == ["SYSTEM_ADMIN"])
    }

    @Test func `An inactive account is activated`() throws {
        let root = world.account("root@example.com")
        world.grant(root, "SYSTEM_ADMIN", in: nil)
        world.given(.account(root, organization: nil, .deactivated))
        #expect(try start() == root)
        #expect(world.events.last?.payload == .account(root, organization: nil, .activated))
    }

    @Test func `With another active system admin nothing is done`() throws {
        world.grant(world.account("other@example.com"), "SYSTEM_ADMIN", in: nil)
        #expect(try start() == nil)
    }

    @Test func `The demonstration data keep the rules`() throws {
        let root = try #require(try start())
        let demonstration = CreateDemonstration(owner: root, now: World.time(1))
        let acme = try #require(try world.submit(demonstration))
        #expect(world.organizationRow(acme).owners == [root])
        let people = world.events.compactMap { event -> UUID? in
            if case .employee(let id, _, .created) = event.payload { id } else { nil }
        }
        #expect(people.count == 8)
        #expect(Set(people.map { world.row($0).emailKey }).count == 8)
        let lines = people.flatMap { world.row($0).managers }
        #expect(lines.filter { $0.type == "DIRECT" }.count == 7)
        #expect(lines.contains { $0.type == "DOTTED_LINE" })
        #expect(people.allSatisfy { world.row($0).profile.values["location"] != nil })
        let count = world.events.count
        #expect(try world.submit(CreateDemonstration(owner: root, now: World.time(2))) == nil)
        #expect(world.events.count == count)
        // Its data are like those made by requests.
        try world.when(AssignManager(people[7], manager: people[1], type: "DOTTED_LINE"), by: root)
        refused(.rule, at: "/managerId") {
            try world.when(AssignManager(people[0], manager: people[7], type: "DIRECT"), by: root)
        }
    }
}
