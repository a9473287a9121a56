import CanonicalJSON
import DirectoryEvents

/// The profile of an entity: named strings.
public struct Profile: Sendable, Equatable {
    /// The values by field; a field without a value is not in it.
    public private(set) var values: [String: String] = [:]

    public init(_ values: [String: String] = [:]) { self.values = values }

    /// Reads a profile from its finished JSON; `nil` reads as one never set.
    public init(_ json: JSON?) {
        for member in json?.members ?? [] { values[member.name] = member.value.string }
    }

    public mutating func apply(_ changes: [ProfileChange]) {
        for change in changes { values[change.field] = change.change.to }
    }

    /// Writes a member `profile` with those of the fields that have a value, in the order given; nothing if none has.
    public func write(_ fields: some Sequence<ProfileField>, to writer: inout JSONWriter) {
        let present = fields.filter { values[$0.name] != nil }
        guard !present.isEmpty else { return }
        writer.name("profile")
        writer.beginObject()
        for field in present {
            guard let value = values[field.name] else { continue }
            writer.name(field.name)
            writer.string(value)
        }
        writer.endObject()
    }
}
