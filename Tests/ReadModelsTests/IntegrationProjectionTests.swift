import AccountsProjection
import AppsProjection
import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import MappingsProjection
import OrganizationsProjection
import PreferencesProjection
import Testing

@Suite struct IntegrationProjectionTests {
    let org = UUID(high: 0, low: 9), app = UUID(high: 0, low: 5), one = UUID(high: 0, low: 1),
        id = UUID(high: 0, low: 7)

    private func happened(_ event: AppEvent) -> DirectoryEvent { .app(app, organization: org, event) }
    private func happened(_ event: EntityEvent) -> DirectoryEvent { .account(one, organization: org, event) }

    @Test func `An app's row has its data in canonical form, its secrets' names and its status`() throws {
        let spec = ProjectionSpec(
            Apps.self,
            given: [
                happened(
                    .added(
                        type: "SLACK", internal: true, name: "N", externalID: "E", appData: .value(["b": 1, "a": [2]]))),
                happened(.secretsChanged(SecretNames(set: ["z", "a"]))),
                happened(.secretsChanged(SecretNames(set: ["b", "a"], removed: ["z"]))),
                happened(
                    .changed([ValueChange("name", from: "N", to: nil), ValueChange("type", from: "SLACK", to: "X")])),
                happened(AppEvent.deactivated),
            ])
        let last = try #require(spec.current[app])
        #expect(last.since == 5)
        #expect(
            last.row.json.string == """
                {"id":"\(app.text)","externalId":"E","internal":true,"type":"X",\(facts(active: false, changed: 5)),\
                "organization":"\(org.text)","secretData":{"a":"••••","b":"••••"},"appData":{"a":[2],"b":1}}
                """)
        #expect(spec.past.count == 4)
        #expect(try spec.survivesStorage(==))
    }

    @Test func `A mapping's row follows its changes, and goes with it`() throws {
        func set(_ changes: [ValueChange], _ secrets: SecretNames = SecretNames()) -> DirectoryEvent {
            happened(.mappingSet(app: app, mapping: id, namespace: "user", changes, secrets: secrets))
        }
        let set1 = set([ValueChange("mappedId", from: nil, to: "U1"), ValueChange("reference", from: nil, to: "r")])
        let set2 = set([ValueChange("mappingData", from: nil, to: ["b": 1, "a": 2])], SecretNames(set: ["token"]))
        let spec = ProjectionSpec(Mappings.self, given: [set1, set2])
        let last = try #require(spec.current[id])
        #expect(last.since == 2 && last.row.created == 1 && last.row.entity == EntityReference(.account, one))
        #expect(
            last.row.json.string == """
                {"app":"\(app.text)","namespace":"user","mappedId":"U1","reference":"r","mappingData":{"a":2,"b":1},\
                "mappingSecrets":{"token":"••••"}}
                """)
        #expect(try spec.survivesStorage(==))
        let removed = happened(.mappingRemoved(app: app, mapping: id, namespace: "user", mappedID: "U1"))
        #expect(ProjectionSpec(Mappings.self, given: [set1, removed]).current.isEmpty)
        let erased = happened(
            .mappingSet(
                app: app, mapping: id, namespace: .erased, [ValueChange("reference", .erased)], secrets: .erased))
        #expect(ProjectionSpec(Mappings.self, given: [erased]).current.isEmpty)
    }

    @Test func `Preferences keep their place when they are set again`() throws {
        func set(_ values: Change<JSON>) -> DirectoryEvent {
            happened(.preferencesSet(id, namespace: "ui", values: values))
        }
        let first = set(Change(from: nil, to: ["b": 1, "a": 2])), second = set(Change(from: nil, to: .object([])))
        let spec = ProjectionSpec(Preferences.self, given: [first, second])
        let last = try #require(spec.current[id])
        #expect(last.since == 2 && last.row.created == 1)
        #expect(last.row.json.string == #"{"namespace":"ui","values":{}}"#)
        #expect(spec.past.first?.row.json.string == #"{"namespace":"ui","values":{"a":2,"b":1}}"#)
        #expect(try spec.survivesStorage(==))
        let removed = happened(.preferencesRemoved(id, namespace: "ui", values: Change(from: .object([]), to: nil)))
        #expect(ProjectionSpec(Preferences.self, given: [first, removed]).current.isEmpty)
        #expect(ProjectionSpec(Preferences.self, given: [set(.erased)]).current.isEmpty)
    }

    @Test func `An entity has a new version when its apps, mappings or preferences change, and the same JSON`() throws {
        let mapped = happened(
            .mappingSet(
                app: app, mapping: id, namespace: "user", [ValueChange("mappedId", from: nil, to: "U1")],
                secrets: SecretNames()))
        let account = ProjectionSpec(
            Accounts.self, given: [.account(one, organization: nil, .created(email: "a@x.de", name: nil)), mapped])
        #expect(account.current[one]?.since == 2)
        #expect(account.past.first?.row.json == account.current[one]?.row.json)
        let organization = ProjectionSpec(
            Organizations.self,
            given: [
                .organization(org, .created(name: "Acme", alias: "acme")), mapped, happened(AppEvent.deactivated),
            ])
        #expect(organization.current[org]?.since == 3)
        #expect(organization.past.count == 1)
    }
}
