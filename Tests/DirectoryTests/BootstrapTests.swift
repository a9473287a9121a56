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
}
