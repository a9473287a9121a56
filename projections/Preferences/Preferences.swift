import CanonicalJSON
import DirectoryEvents
import DirectoryRows
import EventSourcing
import FoundationEssentials

/// Preferences of an entity, of one namespace.
public struct EntityPreferences: Sendable, Equatable {
    /// Their own id, which no client sees.
    public let id: UUID
    public let entity: UUID
    public let namespace: String
    /// The position of the event that made them: an entity shows its preferences in this order.
    public let created: Position
    /// A free-form object.
    public var values: JSON

    /// The finished JSON.
    public var json: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 256)
        writer.beginObject()
        writer.member("namespace", namespace)
        writer.member("values", values)
        writer.endObject()
        return writer.bytes
    }
}

/// Preferences by their own ids. Serve entities' `preferences`.
public enum Preferences: Projection {
    public static let name = "preferences"
    public static let version = 1
    public static let schema = String(decoding: PackageResources.schema_sql, as: UTF8.self)
    public static let columns: (key: [Column], row: [Column]) = (
        [Column("id", .uuid)],
        [
            Column("entity", .uuid), Column("namespace", .text), Column("created", .integer), Column("json", .json),
        ]
    )
    /// The preferences of an entity.
    public static let byEntity = Lookup<Preferences>(0, by: ["entity"]) { [.uuid($0.entity)] }
    public static let lookups = [byEntity]

    public static let erasedBy: String? = "entity"
    public static let topics: Set<DirectoryEvent.Topic> = [.preferences]

    public static func keys(of payload: DirectoryEvent) -> [UUID] {
        switch payload {
        case .entity(_, _, .preferencesSet(let id, _, _)), .entity(_, _, .preferencesRemoved(let id, _, _)): [id]
        default: []
        }
    }

    /// Preferences without values before the event are new.
    public static func newKeys(of payload: DirectoryEvent) -> [UUID] {
        guard case .entity(_, _, .preferencesSet(let id, _, let values)) = payload, values.from == nil,
            !values.isErased
        else { return [] }
        return [id]
    }

    public static func apply(_ event: Event<DirectoryEvent>, to row: inout EntityPreferences?, at key: UUID) {
        switch event.payload {
        case .entity(let entity, _, .preferencesSet(_, let namespace, let values)):
            // Erased preferences say nothing any longer.
            guard let namespace = namespace.text, let values = values.to else { return row = nil }
            row = EntityPreferences(
                id: key, entity: entity.id, namespace: namespace, created: row?.created ?? event.position,
                values: values)
        case .entity(_, _, .preferencesRemoved): row = nil
        default: break
        }
    }

    public static func values(of row: EntityPreferences) -> [ColumnValue] {
        [.uuid(row.entity), .text(row.namespace), .integer(row.created), .json(row.json)]
    }

    public static func row(at key: UUID, from values: [ColumnValue]) throws(UnreadableRow) -> EntityPreferences {
        let columns = ColumnReader(row: values, of: Self.self)
        guard let json = try? JSON(parsing: columns.json("json"), limits: .trusted), let values = json["values"]
        else { throw columns.unreadable("json") }
        return EntityPreferences(
            id: key, entity: try columns.uuid("entity"), namespace: try columns.text("namespace"),
            created: try columns.integer("created"), values: values)
    }

    public static func size(of row: EntityPreferences) -> Int { 256 + row.values.size }
}
