import CanonicalJSON
import EventSourcing
import FoundationEssentials

/// Reads the fields of a stored event, and names the one that is missing or of the wrong kind. What has been erased is neither.
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

    /// The organization of an event that every event of its type has.
    func organization() throws(UnreadableEvent) -> UUID {
        guard let organization = payload.organization else { throw unreadable("it has no organization") }
        return organization
    }

    // MARK: data

    func data(_ name: String) throws(UnreadableEvent) -> String {
        guard let value = payload.data?[name]?.string else { throw unreadable("data.\(name) is not a string") }
        return value
    }

    func words(_ name: String) throws(UnreadableEvent) -> [String] {
        guard let values = payload.data?[name]?.array else { throw unreadable("data.\(name) is not an array") }
        return values.compactMap(\.string)
    }

    func uuid(_ name: String) throws(UnreadableEvent) -> UUID {
        guard let value = UUID(text: try data(name)) else { throw unreadable("data.\(name) is not a UUID") }
        return value
    }

    func integer(_ name: String) throws(UnreadableEvent) -> Int {
        guard let value = payload.data?[name]?.integer else { throw unreadable("data.\(name) is not an integer") }
        return Int(value)
    }

    func wordChange(_ pointer: String) throws(UnreadableEvent) -> Change<String> {
        guard let change = payload.data?[pointer] else { throw unreadable("data has no \(pointer)") }
        return Change(change)
    }

    func idChangeIfPresent(_ pointer: String) throws(UnreadableEvent) -> Change<UUID>? {
        guard let change = payload.data?[pointer] else { return nil }
        func side(_ name: String) throws(UnreadableEvent) -> UUID? {
            guard let value = change[name] else { return nil }
            guard let id = value.string.flatMap({ UUID(text: $0) }) else {
                throw unreadable("data.\(pointer) holds something other than a UUID")
            }
            return id
        }
        return Change(from: try side("from"), to: try side("to"))
    }

    // MARK: sealed

    func sealed(_ name: String) throws(UnreadableEvent) -> Erasable {
        if payload.isErased { return .erased }
        guard let value = payload.sealed?[name]?.string else { throw unreadable("sealed.\(name) is not a string") }
        return .text(value)
    }

    /// A field that may be missing. Once `sealed` has been erased, whether it was there cannot be known.
    func sealedIfPresent(_ name: String) -> Erasable? {
        payload.isErased ? .erased : payload.sealed?[name]?.string.map { .text($0) }
    }

    func sealedChange(_ pointer: String) throws(UnreadableEvent) -> Change<String> {
        if payload.isErased { return .erased }
        guard let change = payload.sealed?[pointer] else { throw unreadable("sealed has no \(pointer)") }
        return Change(change)
    }

    /// The changes of a profile, in the order of `data.fields`, which is the order in which they were decided.
    func profileChanges() throws(UnreadableEvent) -> [ProfileChange] {
        guard let pointers = payload.data?["fields"]?.array else { throw unreadable("data.fields is not an array") }
        var changes: [ProfileChange] = []
        for case .string(let pointer) in pointers {
            guard pointer.hasPrefix(ProfileField.prefix) else {
                throw unreadable("data.fields leads outside the profile")
            }
            changes.append(
                ProfileChange(String(pointer.dropFirst(ProfileField.prefix.count)), try sealedChange(pointer)))
        }
        return changes
    }
}

extension Change<String> {
    fileprivate init(_ json: JSON) { self.init(from: json["from"]?.string, to: json["to"]?.string) }
}
