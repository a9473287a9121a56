import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials

extension AuditEntry.Change {
    /// What an event changed in the entity in whose stream it is, as its type declares.
    ///
    /// It is read from the stored form rather than from the event: after an erasure the names of the fields are left, and these
    /// are shown without values.
    static func all(of payload: EncodedPayload, _ declaration: EventDeclaration) -> [AuditEntry.Change] {
        switch declaration.trail {
        case .nothing: []
        case .everything: creation(payload, declaration)
        case .changedFields: changedFields(payload)
        case .status(let from, let to):
            [Self("/status", from: .string(from.rawValue), to: .string(to.rawValue))]
        case .erasure:
            [
                Self("/status", to: .string(Status.erased.rawValue)), Self("/reason", to: payload.data?["reason"]),
            ]
        case .added(let pointer, let element): [Self(pointer, to: value(of: element, payload))]
        case .set(let pointer, let element):
            [Self(pointer, from: replaced(element, payload), to: value(of: element, payload))]
        case .removed(let pointer, let element): [Self(pointer, from: value(of: element, payload))]
        case .replaced(let pointer, let element):
            [Self(pointer, from: value(of: element, payload, "from"), to: value(of: element, payload, "to"))]
        case .put(let pointer, let element, let new):
            [
                Self(
                    pointer, from: isNew(new, payload) ? JSON?.none : value(of: element, payload, "from"),
                    to: value(of: element, payload, "to"))
            ]
        }
    }

    private static func creation(_ payload: EncodedPayload, _ declaration: EventDeclaration) -> [AuditEntry.Change] {
        var changes: [AuditEntry.Change] = []
        for field in declaration.fields {
            let value = field.place == .data ? payload.data?[field.name] : payload.sealed?[field.name]
            // Of what was erased only a field that every event has is sure to have been there.
            let isErased = field.place == .sealed && payload.isErased && !field.isOptional
            if value != nil || isErased { changes.append(Self("/\(field.name)", to: value)) }
        }
        if let kind = declaration.related.kind, let related = payload.related {
            changes.append(Self("/\(kind.word)", to: .string(related.text)))
        }
        return changes
    }

    /// The fields that the event names by pointers: bounded words with their values in `data`, all others in `sealed`.
    private static func changedFields(_ payload: EncodedPayload) -> [AuditEntry.Change] {
        let open = (payload.data?.members ?? []).filter { $0.name.hasPrefix("/") }.map { member in
            Self(member.name, from: member.value["from"], to: member.value["to"])
        }
        let sealed = (payload.data?["fields"]?.array ?? []).compactMap(\.string).map { pointer in
            let change = payload.sealed?[pointer]
            return Self(pointer, from: change?["from"], to: change?["to"])
        }
        return open + sealed
    }

    /// Whether a member got its first value.
    private static func isNew(_ member: String, _ payload: EncodedPayload) -> Bool {
        guard let change = payload.sealed?["/\(member)"] else { return false }
        return change["from"] == nil
    }

    /// The element as it was, if the event changes one.
    private static func replaced(_ element: EventDeclaration.Element, _ payload: EncodedPayload) -> JSON? {
        guard case .object(let members) = element,
            members.contains(where: { payload.data?["/\($0.name)"] != nil })
        else { return nil }
        return value(of: element, payload, "from")
    }

    /// - Parameter side: of an element that was changed, the side that is shown.
    private static func value(
        of element: EventDeclaration.Element, _ payload: EncodedPayload, _ side: String? = nil
    ) -> JSON? {
        switch element {
        case .related: return payload.related.map { .string($0.text) }
        case .object(let members):
            return .object(
                members.compactMap { name, part in
                    var value: JSON? =
                        switch part {
                        case .related: payload.related.map { .string($0.text) }
                        case .organization: payload.organization.map { .string($0.text) }
                        case .word(let word): payload.data?[word]
                        case .sealed(let field): payload.sealed?[field]
                        case .change: (payload.data?["/\(name)"] ?? payload.sealed?["/\(name)"])?[side ?? "from"]
                        case .secrets(let set, let removed):
                            secrets(payload.sealed?[set], side == "from" ? payload.sealed?[removed] : nil)
                        case .status(let from, let to): .string((side == "from" ? from : to).rawValue)
                        }
                    if let side, let change = payload.data?["/\(name)"] { value = change[side] }
                    return value.map { JSON.Member(name: name, value: $0) }
                })
        }
    }

    /// An object of the secrets that these lists name, each shown as what no secret is.
    private static func secrets(_ names: JSON?...) -> JSON? {
        let names = names.flatMap { $0?.array ?? [] }.compactMap(\.string)
        guard !names.isEmpty else { return nil }
        return .object(names.map { JSON.Member(name: $0, value: .string(SecretNames.mask)) })
    }
}
