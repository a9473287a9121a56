import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials

extension AuditEntry.Change {
    /// What an event changed of the entity that it belongs to.
    ///
    /// It is read from the stored form, not from the event: of what was erased the fields' names are left, and these are
    /// shown without their values.
    static func all(of payload: EncodedPayload) -> [AuditEntry.Change] {
        switch payload.type.split(separator: ".").last {
        case "created": created(payload)
        case "deactivated": [Self("/status", from: "ACTIVE", to: "INACTIVE")]
        case "activated": [Self("/status", from: "INACTIVE", to: "ACTIVE")]
        case "role_granted": [Self("/grants", to: grant(payload))]
        case "role_revoked": [Self("/grants", from: grant(payload))]
        case "account_linked": [Self("/account", to: id(payload.related))]
        case "account_unlinked": [Self("/account", from: id(payload.related))]
        case "manager_assigned": [Self("/managers", to: line(payload, payload.data?["type"]))]
        case "manager_removed": [Self("/managers", from: line(payload, payload.data?["type"]))]
        case "manager_type_changed":
            [
                Self(
                    "/managers", from: line(payload, payload.data?["/type"]?["from"]),
                    to: line(payload, payload.data?["/type"]?["to"]))
            ]
        default: fields(payload)
        }
    }

    /// Of something new every field that it was given.
    private static func created(_ payload: EncodedPayload) -> [AuditEntry.Change] {
        // As the catalog names them, not as the text happens to be sorted.
        let declaration = EventCatalog.declaration(of: payload.type)
        var changes: [AuditEntry.Change] = []
        for field in declaration?.sealed ?? [] {
            if let value = payload.sealed?[field.name] { changes.append(Self("/\(field.name)", to: value)) }
        }
        for field in declaration?.data ?? [] {
            if let value = payload.data?[field.name] { changes.append(Self("/\(field.name)", to: value)) }
        }
        if declaration?.related.kind == .account, let account = id(payload.related) {
            changes.append(Self("/account", to: account))
        }
        return changes
    }

    /// The fields that the event names by pointers: bounded words with their values in `data`, all others in `sealed`.
    private static func fields(_ payload: EncodedPayload) -> [AuditEntry.Change] {
        let open = (payload.data?.members ?? []).filter { $0.name.hasPrefix("/") }.map { member in
            Self(member.name, from: member.value["from"], to: member.value["to"])
        }
        let sealed = (payload.data?["fields"]?.array ?? []).compactMap(\.string).map { pointer in
            let change = payload.sealed?[pointer]
            return Self(pointer, from: change?["from"], to: change?["to"])
        }
        return open + sealed
    }

    /// A grant, as its account shows it.
    private static func grant(_ payload: EncodedPayload) -> JSON {
        object([
            ("orgId", id(payload.organization)), ("role", payload.data?["role"]), ("employeeId", id(payload.related)),
        ])
    }

    /// A reporting line, as the employee that has it shows it.
    private static func line(_ payload: EncodedPayload, _ type: JSON?) -> JSON {
        object([("managerId", id(payload.related)), ("type", type)])
    }

    private static func object(_ members: [(String, JSON?)]) -> JSON {
        .object(members.compactMap { name, value in value.map { JSON.Member(name: name, value: $0) } })
    }

    private static func id(_ id: UUID?) -> JSON? { id.map { .string($0.text) } }
}
