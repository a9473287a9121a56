import CanonicalJSON
import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import Testing

@Suite struct MappingTests {
    let world = World()
    let owner, acme, ada, bo, person, app, foreignApp, stranger: UUID

    init() {
        owner = world.account("owner@example.com")
        acme = world.organization(owner: owner)
        person = world.account("ada@example.com", "EMPLOYEE", in: acme)
        ada = world.employee("Ada", in: acme, account: person)
        bo = world.employee("Bo", in: acme)
        app = world.app(in: acme)
        stranger = world.account("stranger@example.com")
        foreignApp = world.app(in: world.organization("Other", owner: stranger))
    }

    private func set(
        _ entity: EntityReference, _ mappedID: String, app: UUID? = nil, namespace: String = "user",
        reference: String? = nil, data: JSON = [:]
    ) -> SetMapping {
        SetMapping(
            MappingAddress(entity, app ?? self.app, namespace), mappedID: mappedID, reference: reference, data: data,
            id: world.newID())
    }

    private func remove(_ entity: EntityReference, app: UUID? = nil, namespace: String = "user") -> RemoveMapping {
        RemoveMapping(MappingAddress(entity, app ?? self.app, namespace))
    }

    private var employee: EntityReference { EntityReference(.employee, ada) }
    private var account: EntityReference { EntityReference(.account, person) }

    @Test func `A mapping is set with what it says, in the trail of the app's organization`() throws {
        let events = try world.when(set(account, "U1", reference: "r", data: ["a": 1]), by: owner)
        guard case .entity(account, acme, .mappingSet(app, _, "user", let changes, let secrets)) = events.first else {
            Issue.record("\(events)")
            return
        }
        #expect(
            changes == [
                ValueChange("mappedId", from: nil, to: "U1"), ValueChange("reference", from: nil, to: "r"),
                ValueChange("mappingData", from: nil, to: ["a": 1]),
            ])
        #expect(secrets.isEmpty)
        #expect(try world.when(set(account, "U1", reference: "r", data: ["a": 1]), by: owner).isEmpty)
    }

    @Test func `What a PUT leaves out is cleared`() throws {
        try world.when(set(employee, "U1", reference: "r", data: ["a": 1]), by: owner)
        let events = try world.when(set(employee, "U1"), by: owner)
        guard case .entity(_, _, .mappingSet(_, _, _, let changes, _)) = events.first else {
            Issue.record("\(events)")
            return
        }
        #expect(
            changes == [
                ValueChange("reference", from: "r", to: nil), ValueChange("mappingData", from: ["a": 1], to: nil),
            ])
    }

    @Test func `An id refers to one entity of a kind under a namespace of an app`() throws {
        try world.when(set(employee, "U1"), by: owner)
        refused(.conflict, at: "/mappedId") {
            try world.when(set(EntityReference(.employee, bo), "U1"), by: owner)
        }
        // Another namespace, another app, another kind, another id.
        let second = world.app(in: acme)
        let other = EntityReference(.employee, bo)
        #expect(try world.when(set(other, "U1", namespace: "chat"), by: owner).count == 1)
        #expect(try world.when(set(other, "U1", app: second), by: owner).count == 1)
        #expect(try world.when(set(account, "U1"), by: owner).count == 1)
        #expect(try world.when(set(other, "u1"), by: owner).count == 1)
        refused(.conflict, at: "/mappedId") { try world.when(set(other, "U1"), by: owner) }
        try world.when(remove(employee), by: owner)
        #expect(try world.when(set(other, "U1"), by: owner).count == 1)
    }

    @Test func `OWNER and ADMIN of the app's organization map, and nobody else`() throws {
        let auditor = world.account("auditor@example.com", "AUDITOR", in: acme)
        for caller in [auditor, person] {
            refused(.forbidden) { try world.when(set(employee, "U1"), by: caller) }
        }
        // The person sees itself, and the app's organization, and may not change anything there.
        refused(.forbidden) { try world.when(set(account, "U1"), by: person) }
        refused(.notFound) { try world.when(set(employee, "U1"), by: stranger) }
        refused(.notFound) { try world.when(set(account, "U1", app: foreignApp), by: stranger) }
    }

    @Test func `An entity of an organization is mapped in that organization's apps alone`() throws {
        world.grant(owner, "OWNER", in: world.organizationOf(foreignApp))
        refused(.notFound) { try world.when(set(employee, "U1", app: foreignApp), by: owner) }
        refused(.notFound) { try world.when(set(employee, "U1", app: world.newID()), by: owner) }
        // An account belongs to none.
        #expect(try world.when(set(account, "U1", app: foreignApp), by: owner).count == 1)
        refused(.notFound) { try world.when(set(account, "U2", app: foreignApp), by: owner, in: acme) }
    }

    @Test func `A mapping that is not there cannot be removed`() throws {
        refused(.notFound) { try world.when(remove(employee), by: owner) }
        refused(.forbidden) { try world.when(remove(employee), by: person) }
        try world.when(set(employee, "U1"), by: owner)
        #expect(try world.when(remove(employee), by: owner).count == 1)
        refused(.notFound) { try world.when(remove(employee), by: owner) }
    }

    @Test func `What is INACTIVE takes no new mapping, and keeps those that it has`() throws {
        try world.when(set(employee, "U1"), by: owner)
        world.given(.app(app, organization: acme, .deactivated))
        refused(.rule) { try world.when(set(EntityReference(.employee, bo), "U2"), by: owner) }
        #expect(try world.when(set(employee, "U3"), by: owner).count == 1)
        world.given(.app(app, organization: acme, .activated), .employee(bo, organization: acme, .deactivated))
        refused(.rule) { try world.when(set(EntityReference(.employee, bo), "U2"), by: owner) }
        world.given(.organization(acme, .deactivated))
        refused(.rule) { try world.when(set(employee, "U4"), by: owner) }
        refused(.rule) { try world.when(remove(employee), by: owner) }
        #expect(try world.when(set(employee, "U3"), by: owner).isEmpty)
    }

    @Test func `An entity has at most 100 mappings in an organization, whatever others say of it`() throws {
        world.grant(person, "EMPLOYEE", in: world.organizationOf(foreignApp))
        for number in 0..<100 {
            try world.when(set(account, "U", app: foreignApp, namespace: "n\(number)"), by: stranger)
        }
        refused(.rule) { try world.when(set(account, "U", app: foreignApp, namespace: "n100"), by: stranger) }
        #expect(try world.when(set(account, "U"), by: owner).count == 1)
        let large: JSON = ["a": .string(String(repeating: "x", count: 32 << 10))]
        refused(.rule, at: "/mappingData") { try world.when(set(employee, "U", data: large), by: owner) }
    }
}
