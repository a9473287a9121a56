import CanonicalJSON
import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import Testing

/// When a reading of the trail is recorded, where, and as whose.
@Suite struct RecordReadingTests {
    let world = World()
    let owner: UUID
    let acme: UUID

    init() {
        owner = world.account("owner@example.com")
        acme = world.organization(owner: owner)
    }

    /// What is decided, and with it written, at a second of the test.
    private func record(
        _ kind: TrailReading.Kind = .pages, of organization: UUID?, filter: JSON? = nil, by caller: Caller,
        at second: Int64 = 0
    ) throws -> (event: DirectoryEvent?, role: String) {
        let command = RecordReading(
            TrailReading(kind, of: organization, filter: filter), MutationContext(caller: caller, origin: .null))
        let now = Instant(microseconds: 1_900_000_000_000_000 + second * 1_000_000)
        let (decision, _) = try command.decide(world.view, at: now)
        #expect(decision.events.count <= 1)
        for write in decision.sideWrites { write.apply(to: world.view, Outcome(first: 1, last: 1, at: now)) }
        return (decision.events.first?.payload, decision.author.role)
    }

    private var inAcme: EntityReference { EntityReference(.organization, acme) }

    @Test func `It is in the trail that is read, or in the reader's own history`() throws {
        let caller = Caller(.id(owner))
        let filter: JSON = ["type": "employee.*"]
        let named = try record(of: acme, filter: filter, by: caller)
        #expect(named.event == .trail(inAcme, organization: acme, .read(filter: .value(filter))))
        #expect(named.role == "OWNER")
        let own = try record(of: nil, by: caller)
        #expect(own.event == .trail(EntityReference(.account, owner), organization: nil, .read(filter: nil)))
        #expect(own.role == "OWNER")
        let somebody = world.account("somebody@example.com")
        #expect(try record(of: nil, by: Caller(.id(somebody))).role == "ACCOUNT")
        world.grant(somebody, "SYSTEM_ADMIN", in: nil)
        #expect(try record(of: acme, by: Caller(.id(somebody))).role == "SYSTEM_ADMIN")
    }

    @Test func `The same reading is recorded once a minute, an export each time`() throws {
        let caller = Caller(.id(owner)), filter: JSON = ["actor": "SYSTEM"]
        #expect(try record(of: acme, by: caller, at: 0).event != nil)
        #expect(try record(of: acme, by: caller, at: 59).event == nil)
        #expect(try record(of: acme, filter: filter, by: caller, at: 59).event != nil)
        #expect(try record(of: acme, by: Caller(.id(owner), claimedOrganization: acme), at: 59).event != nil)
        #expect(try record(of: acme, by: Caller(.email("owner@example.com")), at: 59).event == nil)
        #expect(try record(of: acme, by: caller, at: 60).event != nil)
        #expect(try record(of: acme, by: caller, at: 61).event == nil)
        for second: Int64 in [61, 62] {
            let exported = try record(.export(format: "csv"), of: acme, by: caller, at: second).event
            #expect(exported == .trail(inAcme, organization: acme, .exported(format: "csv", filter: nil)))
        }
    }

    @Test func `It needs the right to read and no other`() throws {
        let auditor = world.account("auditor@example.com", "AUDITOR", in: acme)
        let employee = world.account("employee@example.com", "EMPLOYEE", in: acme)
        let stranger = world.account("stranger@example.com")
        #expect(try record(of: acme, by: Caller(.id(auditor))).role == "AUDITOR")
        refused(.forbidden) { try record(of: acme, by: Caller(.id(employee))) }
        refused(.notFound) { try record(of: acme, by: Caller(.id(stranger))) }
        let key = world.newID()
        world.given(.organization(acme, .keyCreated(key, limitToRole: "AUDITOR", name: "k")))
        let limited = Caller(.id(owner), claimedOrganization: acme, key: Caller.Key(key, limitedTo: .auditor))
        #expect(try record(of: acme, by: limited).role == "AUDITOR")
        world.given(.organization(acme, .deactivated))
        #expect(try record(of: acme, by: Caller(.id(auditor)), at: 60).event != nil)
        refused(.unauthenticated) { try record(of: acme, by: limited, at: 60) }
    }
}
