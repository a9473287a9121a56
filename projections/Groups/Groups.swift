import CanonicalJSON
import DirectoryEvents
import DirectoryRows
import EventSourcing
import FoundationEssentials

/// A group, as it is decided upon and served.
public struct Group: OrganizationEntity {
    public var facts: EntityFacts
    public let organization: UUID
    public var name: String
    /// The kind of group: `TEAM`.
    public var type: String
    public var profile = Profile()

    /// The key under which imports find it by its name.
    public var nameKey: String { SearchText.caseless(name) }

    public var json: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 384)
        writer.beginObject()
        writer.member("id", id.text)
        writer.member("organization", organization.text)
        writer.member("name", name)
        writer.member("type", type)
        facts.write(to: &writer)
        profile.write(EntityKind.group.profileFields, to: &writer)
        writer.endObject()
        return writer.bytes
    }

    init(facts: EntityFacts, organization: UUID, name: String, type: String) {
        self.facts = facts
        self.organization = organization
        self.name = name
        self.type = type
    }

    init?(_ json: JSON, createdPosition: Position) {
        guard let facts = EntityFacts(json, createdPosition: createdPosition),
            let organization = json["organization"]?.string.flatMap({ UUID(text: $0) }),
            let name = json["name"]?.string, let type = json["type"]?.string
        else { return nil }
        self.init(facts: facts, organization: organization, name: name, type: type)
        profile = Profile(json["profile"])
    }
}

/// Groups by id. Serves operations 42 to 48.
public enum Groups: OrganizationEntityProjection {
    public static let kind = EntityKind.group
    public static let name = "groups"
    public static let version = 2
    public static let schema = String(decoding: PackageResources.schema_sql, as: UTF8.self)
    public static let columns: (key: [Column], row: [Column]) = (
        [Column("id", .uuid)],
        [
            Column("organization", .uuid), Column("created", .integer), Column("status", .text), Column("type", .text),
            Column("name_key", .text), Column("json", .json),
        ]
    )
    /// The groups of an organization with a name, by its key: there may be several, active or not.
    public static let byName = Lookup<Groups>(0, by: ["organization", "name_key"]) {
        [.uuid($0.organization), .text($0.nameKey)]
    }
    public static let lookups = [byName]

    public static let erasedBy: String? = nil
    public static let topics: Set<DirectoryEvent.Topic> = [.entity(.group), .mapping, .preferences]

    public static func keys(of payload: DirectoryEvent) -> [UUID] {
        payload.key(of: .group)
    }

    public static func apply(_ event: Event<DirectoryEvent>, to row: inout Group?, at key: UUID) {
        switch event.payload {
        case .group(_, let organization, .created(let name, let type)):
            row = Group(
                facts: EntityFacts(key, createdBy: event), organization: organization, name: name.shown, type: type)
        case .group(_, _, let change): row?.apply(change)
        case .entity(_, _, .profileChanged(let changes)): row?.profile.apply(changes)
        case .entity(_, _, let change): row?.facts.apply(change, of: event)
        default: break
        }
    }

    public static func values(of row: Group) -> [ColumnValue] {
        [
            .uuid(row.organization), .integer(row.facts.createdPosition), .text(row.facts.status.current.rawValue),
            .text(row.type), .text(row.nameKey), .json(row.json),
        ]
    }

    public static func row(at key: UUID, from values: [ColumnValue]) throws(UnreadableRow) -> Group {
        let columns = ColumnReader(row: values, of: Self.self)
        guard let json = try? JSON(parsing: columns.json("json"), limits: .trusted),
            let row = Group(json, createdPosition: try columns.integer("created"))
        else { throw columns.unreadable("json") }
        return row
    }
}

extension Group {
    fileprivate mutating func apply(_ change: GroupEvent) {
        switch change {
        case .created: break
        case .renamed(let name): self.name = name.to ?? Erasable.placeholder
        case .typeChanged(let type): self.type = type.to ?? ""
        }
    }
}
