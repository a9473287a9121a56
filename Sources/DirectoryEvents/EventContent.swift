import CanonicalJSON
import EventSourcing
import FoundationEssentials

/// Type and fields of an event, before it is known whose it is.
struct EventContent {
    let type: String
    var related: UUID?
    var data: [JSON.Member] = []
    var sealed: [JSON.Member] = []

    /// The version of its shape: that which the catalog declares.
    var schema: Int { EventCatalog.declaration(of: type)?.schema ?? 1 }

    func payload(organization: UUID?, stream: UUID, _ kind: EntityKind) -> EncodedPayload {
        EncodedPayload(
            type: type, schema: schema, organization: organization, stream: stream, streamType: kind.rawValue,
            related: related, data: data.isEmpty ? nil : .object(data), sealed: sealed.isEmpty ? nil : .object(sealed))
    }

    /// Strings that a client chose: the values go into `sealed`, the fields' pointers into `data.fields`, so that a trail
    /// still names them after an erasure.
    static func sealedChanges(_ type: String, _ changes: [(pointer: String, change: Change<String>)]) -> EventContent {
        let fields = changes.map { JSON.string($0.pointer) }
        return EventContent(
            type: type, data: [member("fields", .array(fields))],
            sealed: changes.map { member($0.pointer, changed($0.change)) })
    }

    /// A bounded word: the values go into `data`.
    static func openChange(_ type: String, _ pointer: String, _ change: Change<String>, related: UUID? = nil)
        -> EventContent
    {
        EventContent(type: type, related: related, data: [member(pointer, changed(change))])
    }

    private static func changed(_ change: Change<String>) -> JSON {
        .object([optional("from", change.from), optional("to", change.to)].compactMap(\.self))
    }
}

func member(_ name: String, _ value: JSON) -> JSON.Member { JSON.Member(name: name, value: value) }

func optional(_ name: String, _ value: String?) -> JSON.Member? { value.map { member(name, .string($0)) } }

extension [ProfileChange] {
    /// The changes as `/profile/<field>`.
    var pointers: [(pointer: String, change: Change<String>)] { map { ("/profile/" + $0.field, $0.change) } }
}
