import CanonicalJSON
import DirectoryEvents
import DirectoryRows
import EventSourcing
import FoundationEssentials

/// What an entity is in an app.
public struct Mapping: Sendable, Equatable {
    /// Its own id, which no client sees.
    public let id: UUID
    public let entity: EntityReference
    /// The app's organization.
    public let organization: UUID
    public let app: UUID
    public let namespace: String
    /// The position of the event that made it: an entity shows its mappings in this order.
    public let created: Position
    /// The entity's id in the app.
    public var mappedID: String
    /// Where it can be found there.
    public var reference: String?
    /// Free-form data about it: an object.
    public var mappingData: JSON
    /// The names of its secrets, in order.
    public var secretNames: [String]

    /// The finished JSON. Secrets are shown by their names.
    public var json: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 256)
        writer.beginObject()
        writer.member("app", app.text)
        writer.member("namespace", namespace)
        writer.member("mappedId", mappedID)
        if let reference { writer.member("reference", reference) }
        writer.member("mappingData", mappingData)
        writer.name("mappingSecrets")
        writer.secrets(secretNames)
        writer.endObject()
        return writer.bytes
    }

    fileprivate mutating func apply(_ changes: [ValueChange], _ secrets: SecretNames) {
        for change in changes {
            switch change.name {
            case "mappedId": mappedID = change.change.to?.string ?? ""
            case "reference": reference = change.change.to?.string
            case "mappingData": mappingData = change.change.to ?? .object([])
            default: break
            }
        }
        secretNames = secrets.applied(to: secretNames)
    }
}

/// Mappings by their own ids. They serve entities' `mappings`, and find what an id in an app refers to.
public enum Mappings: Projection {
    public static let name = "mappings"
    public static let version = 1
    public static let schema = String(decoding: PackageResources.schema_sql, as: UTF8.self)
    public static let columns: (key: [Column], row: [Column]) = (
        [Column("id", .uuid)],
        [
            Column("entity", .uuid), Column("kind", .text), Column("organization", .uuid), Column("app", .uuid),
            Column("namespace", .text), Column("mapped_id", .text), Column("created", .integer), Column("json", .json),
        ]
    )
    /// The mappings of an entity to apps of an organization.
    public static let byEntity = Lookup<Mappings>(0, by: ["entity", "organization"]) {
        [.uuid($0.entity.id), .uuid($0.organization)]
    }
    /// All mappings of an entity. Any number of organizations may have some of an account.
    public static let byEntityAnywhere = BoundedLookup<Mappings>(1, by: ["entity"], most: 1000) {
        [.uuid($0.entity.id)]
    }
    /// What an id in an app refers to: one entity of each kind at most.
    public static let byMappedID = Lookup<Mappings>(2, by: ["app", "namespace", "mapped_id"]) {
        [.uuid($0.app), .text($0.namespace), .text($0.mappedID)]
    }
    public static let lookups = [byEntity, byEntityAnywhere.lookup, byMappedID]

    public static let erasedBy: String? = "entity"
    public static let topics: Set<DirectoryEvent.Topic> = [.mapping]

    public static func keys(of payload: DirectoryEvent) -> [UUID] {
        switch payload {
        case .entity(_, _, .mappingSet(_, let id, _, _, _)), .entity(_, _, .mappingRemoved(_, let id, _, _)): [id]
        default: []
        }
    }

    /// A mapping without an id in the app before the event is new.
    public static func newKeys(of payload: DirectoryEvent) -> [UUID] {
        guard case .entity(_, _, .mappingSet(_, let id, _, let changes, _)) = payload,
            changes.contains(where: { $0.name == "mappedId" && $0.change.from == nil && !$0.change.isErased })
        else { return [] }
        return [id]
    }

    public static func apply(_ event: Event<DirectoryEvent>, to row: inout Mapping?, at key: UUID) {
        switch event.payload {
        case .entity(let entity, let organization?, .mappingSet(let app, _, let namespace, let changes, let secrets)):
            // An erased mapping says nothing any longer.
            guard let namespace = namespace.text else { return row = nil }
            var mapping =
                row
                ?? Mapping(
                    id: key, entity: entity, organization: organization, app: app, namespace: namespace,
                    created: event.position, mappedID: "", mappingData: .object([]), secretNames: [])
            mapping.apply(changes, secrets)
            row = mapping
        case .entity(_, _, .mappingRemoved): row = nil
        default: break
        }
    }

    public static func values(of row: Mapping) -> [ColumnValue] {
        [
            .uuid(row.entity.id), .text(row.entity.kind.rawValue), .uuid(row.organization), .uuid(row.app),
            .text(row.namespace), .text(row.mappedID), .integer(row.created), .json(row.json),
        ]
    }

    public static func row(at key: UUID, from values: [ColumnValue]) throws(UnreadableRow) -> Mapping {
        let columns = ColumnReader(row: values, of: Self.self)
        guard let kind = EntityKind(rawValue: try columns.text("kind")) else { throw columns.unreadable("kind") }
        guard let json = try? JSON(parsing: columns.json("json"), limits: .trusted), let data = json["mappingData"]
        else { throw columns.unreadable("json") }
        return Mapping(
            id: key, entity: EntityReference(kind, try columns.uuid("entity")),
            organization: try columns.uuid("organization"), app: try columns.uuid("app"),
            namespace: try columns.text("namespace"), created: try columns.integer("created"),
            mappedID: try columns.text("mapped_id"), reference: json["reference"]?.string, mappingData: data,
            secretNames: (json["mappingSecrets"]?.members ?? []).map(\.name))
    }

    public static func size(of row: Mapping) -> Int { 512 + row.mappingData.size + row.secretNames.count * 64 }
}
