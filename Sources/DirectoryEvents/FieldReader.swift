import CanonicalJSON
import EventSourcing
import FoundationEssentials

/// Reads the fields of a stored event, and says which is missing or of the wrong kind.
struct FieldReader {
    let payload: EncodedPayload

    init(_ payload: EncodedPayload) { self.payload = payload }

    func unreadable(_ reason: String) -> UnreadableEvent {
        UnreadableEvent(type: payload.type, schema: payload.schema, reason: reason)
    }

    func related() throws(UnreadableEvent) -> UUID {
        guard let related = payload.related else { throw unreadable("it has no related entity") }
        return related
    }

    func data(_ name: String) throws(UnreadableEvent) -> String {
        guard let value = payload.data?[name]?.string else { throw unreadable("data.\(name) is not a string") }
        return value
    }

    func uuid(_ name: String) throws(UnreadableEvent) -> UUID {
        guard let value = UUID(text: try data(name)) else { throw unreadable("data.\(name) is not a UUID") }
        return value
    }

    func sealed(_ name: String) throws(UnreadableEvent) -> String {
        guard let value = payload.sealed?[name]?.string else { throw unreadable("sealed.\(name) is not a string") }
        return value
    }

    func sealedIfPresent(_ name: String) -> String? { payload.sealed?[name]?.string }

    func openChange(_ pointer: String) throws(UnreadableEvent) -> Change<String> {
        guard let change = payload.data?[pointer] else { throw unreadable("data has no \(pointer)") }
        return Change(from: change["from"]?.string, to: change["to"]?.string)
    }

    func sealedChange(_ pointer: String) throws(UnreadableEvent) -> Change<String> {
        guard let change = payload.sealed?[pointer] else { throw unreadable("sealed has no \(pointer)") }
        return Change(from: change["from"]?.string, to: change["to"]?.string)
    }

    func profileChanges() throws(UnreadableEvent) -> [ProfileChange] {
        guard let members = payload.sealed?.members else { throw unreadable("sealed is not an object") }
        var changes: [ProfileChange] = []
        for member in members {
            guard member.name.hasPrefix("/profile/") else { throw unreadable("sealed has a field outside the profile") }
            let field = String(member.name.dropFirst("/profile/".count))
            changes.append(ProfileChange(field, from: member.value["from"]?.string, to: member.value["to"]?.string))
        }
        return changes
    }
}
