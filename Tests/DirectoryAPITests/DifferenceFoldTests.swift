import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import Testing

@testable import DirectoryAPI

/// What differs after some events of an entity, without a server.
@Suite struct DifferenceFoldTests {
    private let id = UUID(high: 1, low: 1)
    private let app = UUID(high: 1, low: 2)

    private func fold(_ events: [DirectoryEvent], erased: Bool = false) throws -> AuditDifference? {
        var fold = DifferenceFold()
        for (index, event) in events.enumerated() {
            var payload = event.encoded
            if erased, payload.sealed != nil { (payload.sealed, payload.isErased) = (nil, true) }
            try fold.apply(payload, at: Position(index + 1))
        }
        return fold.difference(name: nil)
    }

    private func changes(_ events: DirectoryEvent..., erased: Bool = false) throws -> [String] {
        let json = try fold(events, erased: erased).map { try JSON(parsing: $0.json) }
        return (json?["changes"]?.array ?? []).map { text($0) }
    }

    private func employee(_ event: EmployeeEvent) -> DirectoryEvent { .employee(id, organization: id, event) }
    private func employee(_ event: EntityEvent) -> DirectoryEvent { .employee(id, organization: id, event) }
    private func app(_ event: AppEvent) -> DirectoryEvent { .app(app, organization: id, event) }

    private func role(_ from: String?, _ to: String?) -> DirectoryEvent {
        employee(.roleChanged(Change(from: from, to: to)))
    }

    @Test func `A field differs from what its first change replaced to what its last one put there`() throws {
        #expect(try changes(role("A", "B"), role("B", "C")) == [#"{"field":"/role","from":"A","to":"C"}"#])
        #expect(try changes(role("A", "B"), role("B", "A")).isEmpty)
        #expect(try changes(role("A", nil), role(nil, "A")).isEmpty)
    }

    @Test func `The positions are those since it last was as it was`() throws {
        let difference = try fold([role("A", "B"), role("B", "A"), role("A", "C"), role("C", "D")])
        #expect(difference?.positions == [3, 4])
    }

    @Test func `Of very many positions the last are told`() throws {
        let many = (0..<1_000).map { role("\($0)", "\($0 + 1)") }
        let positions = try #require(try fold(many)?.positions)
        #expect(positions == Array(Int64(1_001 - AuditDifference.mostPositions)...1_000))
    }

    @Test func `Elements of a set are told apart by what identifies them`() throws {
        let (first, second) = (UUID(high: 2, low: 1), UUID(high: 2, low: 2))
        let moved = try changes(
            employee(.managerRemoved(first, type: "DIRECT")), employee(.managerAssigned(second, type: "DIRECT")))
        #expect(
            moved == [
                #"{"field":"/managers","from":{"managerId":"\#(first.text)","type":"DIRECT"}}"#,
                #"{"field":"/managers","to":{"managerId":"\#(second.text)","type":"DIRECT"}}"#,
            ])
        // A link is one value, whatever it leads to.
        let linked = try changes(employee(.accountUnlinked(first)), employee(.accountLinked(second)))
        #expect(linked == [#"{"field":"/account","from":"\#(first.text)","to":"\#(second.text)"}"#])
        // Two names that are one to Unicode are two namespaces.
        let preferences = try changes(
            employee(.preferencesSet(first, namespace: "\u{E9}", values: Change(from: nil, to: ["a": 1]))),
            employee(.preferencesRemoved(second, namespace: "e\u{301}", values: Change(from: ["a": 1], to: nil))))
        #expect(preferences.count == 2)
    }

    @Test func `An element shows the members that differ`() throws {
        func changed(_ name: String, _ from: JSON?, _ to: JSON?) -> DirectoryEvent {
            app(.changed([ValueChange(name, from: from, to: to)]))
        }
        let two = try changes(changed("name", "A", "B"), changed("externalId", nil, "E"), changed("name", "B", "C"))
        #expect(
            two == [
                #"{"field":"/apps","from":{"id":"\#(app.text)","name":"A"},"to":{"externalId":"E","id":"\#(app.text)","name":"C"}}"#
            ])
        #expect(try changes(changed("name", "A", "B"), changed("name", "B", "A")).isEmpty)
        let new = app(.added(type: "SLACK", internal: nil, name: "A", externalID: nil, appData: nil))
        #expect(
            try changes(new, changed("name", "A", "B"), app(.deactivated)) == [
                #"{"field":"/apps","to":{"id":"\#(app.text)","name":"B","status":"INACTIVE","type":"SLACK"}}"#
            ])
    }

    @Test func `Secrets that were set differ, since nobody can say that they are as they were`() throws {
        let set = try changes(
            app(.secretsChanged(SecretNames(set: ["a", "b"]))),
            app(.secretsChanged(SecretNames(set: ["c"], removed: ["a"]))))
        let (from, to) = (#""a":"••••","b":"••••","c":"••••""#, #""b":"••••","c":"••••""#)
        #expect(
            set == [
                #"{"field":"/apps","from":{"id":"\#(app.text)","secretData":{\#(from)}},"to":{"id":"\#(app.text)","secretData":{\#(to)}}}"#
            ])
    }

    @Test func `What was erased is so at both moments`() throws {
        let created = employee(
            .created(name: "A", email: "a@example.org", role: "Poet", type: "EMPLOYEE", account: nil))
        let mapped = employee(
            .mappingSet(
                app: app, mapping: app, namespace: "user", [ValueChange("mappedId", from: nil, to: "U1")],
                secrets: SecretNames()))
        let profile = employee(.profileChanged([ProfileChange("bio", from: nil, to: "Hi")]))
        #expect(try changes(role("A", "B"), profile, mapped, erased: true).isEmpty)
        #expect(
            try changes(created, role("Poet", "B"), profile, mapped, erased: true) == [
                #"{"field":"/status","to":"ACTIVE"}"#, #"{"field":"/name","to":"[erased]"}"#,
                #"{"field":"/type","to":"EMPLOYEE"}"#,
            ])
    }

    @Test func `Of every type that changes a field something differs`() throws {
        for declaration in EventCatalog.declarations {
            let payload = EncodedPayload(
                type: declaration.type, organization: id, stream: id, streamType: declaration.stream.rawValue,
                related: declaration.related == .none ? nil : app,
                data: .object(declaration.data.map { member($0, declaration) }),
                sealed: .object(declaration.sealed.map { member($0, declaration) }))
            var fold = DifferenceFold()
            try fold.apply(payload, at: 1)
            let tellsNothing = if case .nothing = declaration.trail { true } else { false }
            #expect((fold.difference(name: nil) == nil) == tellsNothing, "\(declaration.type)")
        }
    }

    private func member(_ field: EventDeclaration.Field, _ declaration: EventDeclaration) -> JSON.Member {
        let value: JSON =
            switch field.name {
            case "fields": .array(declaration.sealed.map(\.name).filter { $0.hasPrefix("/") }.map { .string($0) })
            case "set", "secretsSet": ["a"]
            case "removed", "secretsRemoved": ["b"]
            case let name where name.hasPrefix("/"): ["to": "B"]
            default: "B"
            }
        return JSON.Member(name: field.name, value: value)
    }
}
