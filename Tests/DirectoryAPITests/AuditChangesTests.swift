import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import Testing

@testable import DirectoryAPI
@testable import EventLog

/// What an entry makes of a stored event, without a server.
@Suite struct AuditChangesTests {
    private let id = UUID(high: 1, low: 1)

    private func event(_ event: DirectoryEvent, sealed: Bool = true, imported: Bool = false) -> StoredEvent {
        var payload = event.encoded
        if imported {
            let noted: [JSON.Member] = [.init(name: "import", value: "x"), .init(name: "line", value: 7)]
            payload.data = .object((payload.data?.members ?? []) + noted)
        }
        if !sealed {
            payload.sealed = nil
            payload.isErased = true
        }
        return StoredEvent(
            position: 1, id: id, payload: payload, actorRole: "SYSTEM", recordedAt: Instant(microseconds: 0),
            leafHash: [])
    }

    private func entry(_ stored: StoredEvent) throws -> JSON {
        try JSON(parsing: AuditEntry(stored, [:]).json)
    }

    @Test func `Erased fields are named without their values`() throws {
        let renamed = DirectoryEvent.employee(id, organization: id, .renamed(Change(from: "A", to: "B")))
        #expect(text(try entry(event(renamed))["changes"]) == #"[{"field":"/name","from":"A","to":"B"}]"#)
        #expect(text(try entry(event(renamed, sealed: false))["changes"]) == #"[{"field":"/name"}]"#)
    }

    @Test func `An event of the system has no request, and no id of its author`() throws {
        let entry = try entry(event(.account(id, organization: nil, .activated)))
        #expect(text(entry["actor"]) == #"{"role":"SYSTEM","type":"SYSTEM"}"#)
        #expect(text(entry["context"]) == "{}")
    }

    @Test func `The line of an import is not a field of the entity`() throws {
        let created = DirectoryEvent.employee(
            id, organization: id, .created(name: "A", email: "a@example.org", role: nil, type: "EMPLOYEE", account: nil)
        )
        let fields = try entry(event(created, imported: true))["changes"]?.array?.compactMap { $0["field"]?.string }
        #expect(fields == ["/name", "/email", "/type"])
        let typed = DirectoryEvent.employee(id, organization: id, .typeChanged(Change(from: "A", to: "B")))
        #expect(text(try entry(event(typed, imported: true))["changes"]) == #"[{"field":"/type","from":"A","to":"B"}]"#)
    }

    @Test func `An entry has ids alone where no entity may be named`() throws {
        let linked = try entry(event(.employee(id, organization: id, .accountLinked(id))))
        for target in linked["targets"]?.array ?? [] { #expect(target["name"] == nil) }
        #expect(linked["targets"]?.array?.count == 2)
    }

    @Test func `Every type that changes a field of its entity shows changes`() {
        for declaration in EventCatalog.declarations {
            let payload = EncodedPayload(
                type: declaration.type, organization: id, stream: id, streamType: declaration.stream.rawValue,
                related: declaration.related == .none ? nil : id,
                data: .object(declaration.data.map(member)), sealed: .object(declaration.sealed.map(member)))
            let changes = AuditEntry.Change.all(of: payload, declaration)
            let changesNothing = [".import_", ".audit_"].contains { declaration.type.contains($0) }
            #expect(changes.isEmpty == changesNothing, "\(declaration.type)")
            #expect(changes.allSatisfy { $0.field.hasPrefix("/") }, "\(declaration.type)")
        }
    }

    private func member(_ field: EventDeclaration.Field) -> JSON.Member {
        let value: JSON = field.name == "fields" ? ["/name"] : field.name.hasPrefix("/") ? ["to": "B"] : "B"
        return JSON.Member(name: field.name, value: value)
    }
}
