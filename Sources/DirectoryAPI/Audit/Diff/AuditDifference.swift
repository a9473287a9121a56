import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// What differs of one entity between two moments.
public struct AuditDifference: Sendable {
    /// A field that differs, or an element of a set.
    public struct Field: Sendable {
        /// What it was, and what it is; for an element, one side alone where it was added or removed.
        public let change: AuditEntry.Change
        /// The positions of the events that made the difference, the oldest first: the last `mostPositions` of them.
        public let positions: [Position]
    }

    /// How many positions of a field are told at most.
    public static let mostPositions = 256

    public let entity: EntityReference
    /// The entity's current name, if the reader may see it.
    public let name: String?
    /// In the order in which they began to differ; at least one.
    public let fields: [Field]

    /// The positions of the events that made the differences, the oldest first.
    public var positions: [Position] { Set(fields.flatMap(\.positions)).sorted() }

    /// The finished JSON.
    public var json: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 512)
        writer.beginObject()
        writer.member("entity", entity.id.text)
        writer.member("entityType", entity.kind.rawValue)
        if let name { writer.member("name", name) }
        writer.name("changes")
        writer.beginArray()
        for field in fields { field.change.write(to: &writer) }
        writer.endArray()
        writer.name("positions")
        writer.beginArray()
        for position in positions { writer.number(position) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }
}
