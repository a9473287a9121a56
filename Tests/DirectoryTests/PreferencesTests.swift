import CanonicalJSON
import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import Testing

@Suite struct PreferencesTests {
    let world = World()
    let owner, admin, acme, ada, person: UUID

    init() {
        owner = world.account("owner@example.com")
        acme = world.organization(owner: owner)
        admin = world.account("admin@example.com", "ADMIN", in: acme)
        person = world.account("ada@example.com", "EMPLOYEE", in: acme)
        ada = world.employee("Ada", in: acme, account: person)
    }

    private func set(
        _ entity: EntityReference, _ values: JSON = ["dark": true], _ namespace: String = "ui"
    ) -> SetPreferences { SetPreferences(of: entity, namespace, to: values, id: world.newID()) }

    private func remove(_ entity: EntityReference, _ namespace: String = "ui") -> RemovePreferences {
        RemovePreferences(of: entity, namespace)
    }

    @Test func `OWNER and ADMIN set the preferences of what belongs to their organization`() throws {
        let auditor = world.account("auditor@example.com", "AUDITOR", in: acme)
        let stranger = world.account("stranger@example.com")
        for entity in [EntityReference(.organization, acme), EntityReference(.employee, ada)] {
            for caller in [auditor, person] { refused(.forbidden) { try world.when(set(entity), by: caller) } }
            refused(.notFound) { try world.when(set(entity), by: stranger) }
            #expect(try world.when(set(entity), by: admin).count == 1)
            refused(.forbidden) { try world.when(remove(entity), by: person) }
            #expect(try world.when(remove(entity), by: owner).count == 1)
        }
    }

    @Test func `An account's preferences are its own business and SYSTEM_ADMIN's`() throws {
        let system = world.account("system@example.com")
        world.grant(system, "SYSTEM_ADMIN", in: nil)
        let account = EntityReference(.account, person)
        refused(.forbidden) { try world.when(set(account), by: owner) }
        let events = try world.when(set(account), by: person)
        guard case .entity(account, nil, .preferencesSet(_, "ui", let values)) = events.first else {
            Issue.record("\(events)")
            return
        }
        #expect(values == Change(from: nil, to: ["dark": true]))
        #expect(try world.when(remove(account), by: system).count == 1)
    }

    @Test func `Preferences keep their id as long as they are there, and the same ones are no change`() throws {
        let entity = EntityReference(.employee, ada)
        func id(_ events: [DirectoryEvent]) -> UUID? {
            switch events.first {
            case .entity(_, _, .preferencesSet(let id, _, _)), .entity(_, _, .preferencesRemoved(let id, _, _)): id
            default: nil
            }
        }
        let first = try id(world.when(set(entity, ["a": 1, "b": 2]), by: owner))
        #expect(try world.when(set(entity, ["b": 2, "a": 1]), by: owner).isEmpty)
        #expect(try id(world.when(set(entity, [:]), by: owner)) == first)
        #expect(try id(world.when(remove(entity), by: owner)) == first)
        refused(.notFound) { try world.when(remove(entity), by: owner) }
        #expect(try id(world.when(set(entity, [:]), by: owner)) != first)
    }

    @Test func `Namespaces are told apart by their bytes`() throws {
        let entity = EntityReference(.employee, ada)
        #expect(try world.when(set(entity, [:], "\u{E9}"), by: owner).count == 1)
        #expect(try world.when(set(entity, [:], "e\u{301}"), by: owner).count == 1)
        #expect(try world.when(remove(entity, "\u{E9}"), by: owner).count == 1)
        #expect(try world.when(remove(entity, "e\u{301}"), by: owner).count == 1)
    }

    @Test func `An object has at most 32 KiB, and an entity preferences of 100 namespaces`() throws {
        let entity = EntityReference(.employee, ada)
        func object(_ bytes: Int) -> JSON { ["a": .string(String(repeating: "x", count: bytes - 8))] }
        refused(.rule, at: "/values") { try world.when(set(entity, object(32_769)), by: owner) }
        #expect(try world.when(set(entity, object(32_768)), by: owner).count == 1)
        for number in 1..<100 { try world.when(set(entity, [:], "n\(number)"), by: owner) }
        refused(.rule) { try world.when(set(entity, [:], "one more"), by: owner) }
        #expect(try world.when(set(entity, ["other": 1], "n1"), by: owner).count == 1)
        #expect(try world.when(remove(entity, "n1"), by: owner).count == 1)
        #expect(try world.when(set(entity, [:], "one more"), by: owner).count == 1)
    }

    @Test func `An INACTIVE organization takes no change`() throws {
        let entity = EntityReference(.organization, acme)
        try world.when(set(entity), by: owner)
        world.given(.organization(acme, .deactivated))
        #expect(try world.when(set(entity), by: owner).isEmpty)
        refused(.rule) { try world.when(set(entity, [:]), by: owner) }
        refused(.rule) { try world.when(remove(entity), by: owner) }
    }
}
