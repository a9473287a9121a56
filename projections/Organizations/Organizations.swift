import CanonicalJSON
import DirectoryEvents
import DirectoryRows
import EventSourcing
import FoundationEssentials

/// An organization, as it is decided upon and served.
public struct Organization: OrganizationEntity {
    public var facts: EntityFacts
    public var name: String
    /// The word by which it is found, unique over all organizations.
    public var alias: String
    /// The accounts that are OWNER in it, in the order in which they became so.
    public var owners: [UUID]
    public var profile: Profile

    public var organization: UUID { id }

    public var json: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 512)
        writer.beginObject()
        writer.member("id", id.text)
        writer.member("name", name)
        facts.write(to: &writer)
        writer.member("alias", alias)
        writer.name("owners")
        writer.beginArray()
        for owner in owners { writer.string(owner.text) }
        writer.endArray()
        profile.write(EntityKind.organization.profileFields, to: &writer)
        writer.endObject()
        return writer.bytes
    }

    init?(_ json: JSON, createdPosition: Position) {
        guard let facts = EntityFacts(json, createdPosition: createdPosition), let name = json["name"]?.string,
            let alias = json["alias"]?.string
        else { return nil }
        self.facts = facts
        self.name = name
        self.alias = alias
        owners = (json["owners"]?.array ?? []).compactMap { $0.string.flatMap { UUID(text: $0) } }
        profile = Profile(json["profile"])
    }

    init(facts: EntityFacts, name: String, alias: String) {
        self.facts = facts
        self.name = name
        self.alias = alias
        owners = []
        profile = Profile()
    }
}

/// Organizations by id. Serves operations 1, 4, 6, 9 and 12.
public enum Organizations: OrganizationEntityProjection {
    public static let kind = EntityKind.organization
    public static let organizationColumn = "id"
    public static let name = "organizations"
    public static let version = 1
    public static let schema = String(decoding: PackageResources.schema_sql, as: UTF8.self)
    public static let columns: (key: [Column], row: [Column]) = (
        [Column("id", .uuid)],
        [Column("created", .integer), Column("alias", .text), Column("status", .text), Column("json", .json)]
    )
    /// The organization with an alias.
    public static let byAlias = Lookup<Organizations>(0, by: ["alias"]) { [.text($0.alias)] }
    public static let lookups = [byAlias]

    public static let erasedBy: String? = nil
    public static let topics: Set<DirectoryEvent.Topic> = [
        .entity(.organization), .organizationKey, .grant, .app, .mapping, .preferences,
    ]

    public static func keys(of payload: DirectoryEvent) -> [UUID] {
        switch payload {
        case .organization(_, .importStarted), .organization(_, .importStopped), .organization(_, .importCompleted): []
        case .organization(let id, _): [id]
        case .entity(let entity, _, _): entity.kind == .organization ? [entity.id] : []
        // It shows its apps, so its tag moves.
        case .app(_, let id, _): [id]
        case .account(_, let organization?, .roleGranted("OWNER", _, _)),
            .account(_, let organization?, .roleRevoked("OWNER", _)):
            [organization]
        default: []
        }
    }

    public static func apply(_ event: Event<DirectoryEvent>, to row: inout Organization?, at key: UUID) {
        switch event.payload {
        case .organization(_, .created(let name, let alias)):
            row = Organization(facts: EntityFacts(key, createdBy: event), name: name.shown, alias: alias.shown)
        case .organization(_, let change): row?.apply(change)
        case .entity(_, _, .profileChanged(let changes)): row?.profile.apply(changes)
        case .entity(_, _, let change): row?.facts.apply(change, of: event)
        case .account(let account, _, .roleGranted):
            if row?.owners.contains(account) == false { row?.owners.append(account) }
        case .account(let account, _, .roleRevoked): row?.owners.removeAll { $0 == account }
        default: break
        }
    }

    public static func values(of row: Organization) -> [ColumnValue] {
        [
            .integer(row.facts.createdPosition), .text(row.alias), .text(row.facts.status.current.rawValue),
            .json(row.json),
        ]
    }

    public static func row(at key: UUID, from values: [ColumnValue]) throws(UnreadableRow) -> Organization {
        let columns = ColumnReader(row: values, of: Self.self)
        guard let json = try? JSON(parsing: columns.json("json"), limits: .trusted),
            let row = Organization(json, createdPosition: try columns.integer("created"))
        else { throw columns.unreadable("json") }
        return row
    }

    public static func size(of row: Organization) -> Int {
        512 + row.owners.count * 16 + row.profile.values.count * 128
    }
}

extension Organization {
    fileprivate mutating func apply(_ change: OrganizationEvent) {
        switch change {
        case .renamed(let name): self.name = name.to ?? Erasable.placeholder
        case .aliasChanged(let alias): self.alias = alias.to ?? Erasable.placeholder
        // Its keys are rows of their own: with each, it has a new version all the same, since it shows them.
        case .created, .importStarted, .importStopped, .importCompleted, .keyCreated, .keyDeleted: break
        }
    }
}
