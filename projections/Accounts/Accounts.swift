import CanonicalJSON
import DirectoryEvents
import DirectoryRows
import EventSourcing
import FoundationEssentials

/// An account, as it is decided upon and served; its grants are rows of their own.
public struct Account: Entity {
    public var facts: EntityFacts
    /// The e-mail address, as written; `nil` once erased.
    public var email: String?
    public var name: String?
    /// The position of the last event that changed its grants.
    public var grantsChanged: Position

    /// The key under which its address is unique.
    public var emailKey: String? { email.map(SearchText.emailKey) }

    /// The finished JSON that every caller who may see the account sees. Grants, mappings and preferences are spliced in after it.
    public var json: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 384)
        writer.beginObject()
        writer.member("id", id.text)
        if let email { writer.member("email", email) }
        if let name { writer.member("name", name) }
        facts.write(to: &writer)
        writer.endObject()
        return writer.bytes
    }

    init(facts: EntityFacts, email: String?, name: String?) {
        self.facts = facts
        self.email = email
        self.name = name
        grantsChanged = 0
    }

    init?(_ json: JSON, createdPosition: Position, grantsChanged: Position) {
        guard let facts = EntityFacts(json, createdPosition: createdPosition) else { return nil }
        self.facts = facts
        email = json["email"]?.string
        name = json["name"]?.string
        self.grantsChanged = grantsChanged
    }
}

/// Accounts by id. Serves operations 21, 23, 26 and 28.
public enum Accounts: EntityProjection {
    public static let kind = EntityKind.account
    public static let name = "accounts"
    public static let version = 2
    public static let schema = String(decoding: PackageResources.schema_sql, as: UTF8.self)
    public static let columns: (key: [Column], row: [Column]) = (
        [Column("id", .uuid)],
        [
            Column("created", .integer), Column("email_key", .text), Column("status", .text), Column("creator", .uuid),
            Column("grants_changed", .integer), Column("json", .json),
        ]
    )
    /// The account with an e-mail address, by its key.
    public static let byEmail = Lookup<Accounts>(0, by: ["email_key"]) { $0.emailKey.map { [.text($0)] } }
    public static let lookups = [byEmail]

    public static let erasedBy: String? = "id"
    public static let topics: Set<DirectoryEvent.Topic> = [.entity(.account), .grant, .mapping, .preferences]

    public static func keys(of payload: DirectoryEvent) -> [UUID] {
        payload.key(of: .account)
    }

    public static func apply(_ event: Event<DirectoryEvent>, to row: inout Account?, at key: UUID) {
        switch event.payload {
        case .account(_, _, .created(let email, let name)):
            row = Account(facts: EntityFacts(key, createdBy: event), email: email.text, name: name?.shown)
        case .account(_, _, let change): row?.apply(change, at: event.position)
        case .entity(_, _, let change):
            // As reading its events without what clients chose does.
            if event.payload.isErasure {
                row?.name = Erasable.placeholder
                row?.email = nil
            }
            row?.facts.apply(change, of: event)
        default: break
        }
    }

    public static func values(of row: Account) -> [ColumnValue] {
        [
            .integer(row.facts.createdPosition), .text(row.emailKey), .text(row.facts.status.current.rawValue),
            .uuid(UUID(text: row.facts.created.createdBy)), .integer(row.grantsChanged), .json(row.json),
        ]
    }

    public static func row(at key: UUID, from values: [ColumnValue]) throws(UnreadableRow) -> Account {
        let columns = ColumnReader(row: values, of: Self.self)
        guard let json = try? JSON(parsing: columns.json("json"), limits: .trusted),
            let row = Account(
                json, createdPosition: try columns.integer("created"),
                grantsChanged: try columns.integer("grants_changed"))
        else { throw columns.unreadable("json") }
        return row
    }
}

extension Account {
    fileprivate mutating func apply(_ change: AccountEvent, at position: Position) {
        switch change {
        case .created: break
        case .renamed(let name): self.name = name.isErased ? Erasable.placeholder : name.to
        case .emailChanged(let email): self.email = email.to
        case .roleGranted, .roleRevoked: grantsChanged = position
        }
    }
}
