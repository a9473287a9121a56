import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// An account, as it is decided upon and served; its grants are rows of their own.
public struct Account: Sendable, Equatable {
    /// Id, status and creation.
    public var facts: EntityFacts
    /// Its e-mail address, as written.
    public var email: String
    /// Its name.
    public var name: String?
    /// The position of the last event that changed its grants.
    public var grantsChanged: Position

    /// Its id.
    public var id: UUID { facts.id }
    /// Whether its tokens count.
    public var isActive: Bool { facts.isActive }
    /// The key under which its address is unique.
    public var emailKey: String { SearchText.emailKey(email) }

    /// The finished JSON of what everybody sees who sees the account. Grants, mappings and preferences are spliced behind it.
    public var json: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 384)
        writer.beginObject()
        writer.member("id", id.text)
        writer.member("email", email)
        if let name { writer.member("name", name) }
        facts.write(to: &writer)
        writer.endObject()
        return writer.bytes
    }

    init(facts: EntityFacts, email: String, name: String?) {
        self.facts = facts
        self.email = email
        self.name = name
        grantsChanged = 0
    }

    init?(_ json: JSON, createdPosition: Position, grantsChanged: Position) {
        guard let facts = EntityFacts(json, createdPosition: createdPosition), let email = json["email"]?.string
        else { return nil }
        self.facts = facts
        self.email = email
        name = json["name"]?.string
        self.grantsChanged = grantsChanged
    }
}

/// Accounts by id. Serves operations 21, 23, 26 and 28.
public enum Accounts: Projection {
    public static let name = "accounts"
    public static let version = 1
    public static let schema = String(decoding: PackageResources.schema_sql, as: UTF8.self)
    public static let columns: (key: [Column], row: [Column]) = (
        [Column("id", .uuid)],
        [
            Column("created", .integer), Column("email_key", .text), Column("status", .text), Column("creator", .uuid),
            Column("grants_changed", .integer), Column("json", .json),
        ]
    )
    /// The account with an e-mail address, by its key.
    public static let byEmail = Lookup<Accounts>(0, by: ["email_key"]) { [.text($0.emailKey)] }
    public static let lookups = [byEmail]

    public static let topics: Set<DirectoryEvent.Topic> = [.account, .grant]

    public static func keys(of payload: DirectoryEvent) -> [UUID] {
        if case .account(let id, _, _) = payload { [id] } else { [] }
    }

    public static func apply(_ event: Event<DirectoryEvent>, to row: inout Account?, at key: UUID) {
        guard case .account(_, _, let change) = event.payload else { return }
        switch change {
        case .created(let email, let name):
            row = Account(facts: EntityFacts(key, createdBy: event), email: email, name: name)
        case .renamed(let name): row?.name = name.to
        case .emailChanged(let email): row?.email = email.to ?? ""
        case .roleGranted, .roleRevoked: row?.grantsChanged = event.position
        case .deactivated: row?.facts.status = StatusInfo(.inactive, by: event)
        case .activated: row?.facts.status = StatusInfo(.active, by: event)
        }
    }

    public static func values(of key: UUID) -> [ColumnValue] { [.uuid(key)] }

    public static func values(of row: Account) -> [ColumnValue] {
        [
            .integer(row.facts.createdPosition), .text(row.emailKey), .text(row.facts.status.current.rawValue),
            .uuid(UUID(text: row.facts.created.createdBy)), .integer(row.grantsChanged), .json(row.json),
        ]
    }

    public static func key(from values: [ColumnValue]) throws(UnreadableRow) -> UUID {
        guard case .uuid(let id) = values[0] else { throw UnreadableRow(name, "its id is not a UUID") }
        return id
    }

    public static func row(at key: UUID, from values: [ColumnValue]) throws(UnreadableRow) -> Account {
        guard case .integer(let created) = values[0], case .integer(let grantsChanged) = values[4],
            case .json(let bytes) = values[5], let json = try? JSON(parsing: bytes, limits: .trusted),
            let row = Account(json, createdPosition: created, grantsChanged: grantsChanged)
        else { throw UnreadableRow(name, "its JSON is not an account's") }
        return row
    }
}
