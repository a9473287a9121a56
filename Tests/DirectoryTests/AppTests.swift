import AppsProjection
import CanonicalJSON
import Directory
import DirectoryEvents
import EventSourcing
import Foundation
import Testing

@Suite struct AppTests {
    let world = World()
    let owner, member, acme, app, other: UUID

    init() {
        owner = world.account("owner@example.com")
        acme = world.organization(owner: owner)
        member = world.account("member@example.com", "EMPLOYEE", in: acme)
        app = world.app(in: acme)
        other = world.organization("Other", owner: world.account("other@example.com"))
    }

    private func add(_ organization: UUID? = nil, appData: JSON? = nil) -> AddApp {
        AddApp(
            AppAddress(organization ?? acme, world.newID()), type: "SLACK", externalID: "E", name: nil,
            isInternal: true, appData: appData)
    }

    private func change(
        _ organization: UUID? = nil, type: FieldEdit<String> = .keep, name: FieldEdit<String> = .keep,
        isInternal: FieldEdit<Bool> = .keep, appData: FieldEdit<JSON> = .keep
    ) -> ChangeApp {
        ChangeApp(
            AppAddress(organization ?? acme, app), type: type, externalID: .keep, name: name, isInternal: isInternal,
            appData: appData)
    }

    private func set(_ status: SettableStatus) -> SetStatus<AppStatus> {
        SetStatus(status, of: AppStatus(AppAddress(acme, app)))
    }

    @Test func `OWNER and ADMIN add apps`() throws {
        refused(.forbidden) { try world.when(add(), by: member) }
        refused(.notFound) { try world.when(add(other), by: owner) }
        let events = try world.when(add(appData: ["a": 1]), by: owner)
        guard case .app(_, acme, let added) = events.first else {
            Issue.record("\(events)")
            return
        }
        #expect(
            added == .added(type: "SLACK", internal: true, name: nil, externalID: "E", appData: .value(["a": 1])))
    }

    @Test func `A change names what changed, and the same again is none`() throws {
        let change = change(
            type: .set("TEAMS"), name: .set("N"), isInternal: .set(false), appData: .set(["b": 1, "a": 2]))
        #expect(
            try world.when(change, by: owner) == [
                .app(
                    app, organization: acme,
                    .changed([
                        ValueChange("type", from: "SLACK", to: "TEAMS"), ValueChange("internal", from: nil, to: false),
                        ValueChange("name", from: nil, to: "N"),
                        ValueChange("appData", from: nil, to: ["a": 2, "b": 1]),
                    ]))
            ])
        #expect(try world.when(change, by: owner).isEmpty)
        #expect(try world.when(self.change(isInternal: .clear, appData: .clear), by: owner).count == 1)
        refused(.forbidden) { try world.when(change, by: member) }
    }

    @Test func `An app is found in its own organization alone`() throws {
        world.grant(owner, "OWNER", in: other)
        refused(.notFound) { try world.when(change(other, name: .set("N")), by: owner) }
        refused(.notFound) { try world.when(change(name: .set("N")), by: owner, in: other) }
    }

    @Test func `An app is deactivated and activated, each once`() throws {
        #expect(try world.when(set(.active), by: owner).isEmpty)
        #expect(try world.when(set(.inactive), by: owner) == [.app(app, organization: acme, .deactivated)])
        #expect(try world.when(set(.inactive), by: owner).isEmpty)
        #expect(try world.when(set(.active), by: owner) == [.app(app, organization: acme, .activated)])
        refused(.forbidden) { try world.when(set(.inactive), by: member) }
    }

    @Test func `An organization has at most 100 apps, INACTIVE ones counted, and an app data of at most 32 KiB`() throws
    {
        let large: JSON = ["a": .string(String(repeating: "x", count: 32 << 10))]
        refused(.rule, at: "/appData") { try world.when(add(appData: large), by: owner) }
        refused(.rule, at: "/appData") { try world.when(change(appData: .set(large)), by: owner) }
        try world.when(set(.inactive), by: owner)
        for _ in 1..<100 { try world.when(add(), by: owner) }
        refused(.rule) { try world.when(add(), by: owner) }
    }

    @Test func `An INACTIVE organization takes no change of its apps`() throws {
        world.given(.organization(acme, .deactivated))
        refused(.rule) { try world.when(add(), by: owner) }
        refused(.rule) { try world.when(change(name: .set("N")), by: owner) }
        refused(.rule) { try world.when(set(.inactive), by: owner) }
        #expect(try world.when(change(name: .clear), by: owner).isEmpty)
    }
}
