import CanonicalJSON
import DirectoryEvents
import DirectoryRows
import EventSourcing
import FoundationEssentials

/// Webhooks by id. Serves those of an organization; deliveries are made to those that are ACTIVE.
public enum Webhooks: OrganizationPartProjection {
    public static let name = "webhooks"
    public static let version = 1
    public static let schema = String(decoding: PackageResources.schema_sql, as: UTF8.self)
    public static let columns: (key: [Column], row: [Column]) = (
        [Column("id", .uuid)],
        [
            Column("organization", .uuid), Column("created", .integer), Column("status", .text), Column("json", .json),
        ]
    )
    public static let topics: Set<DirectoryEvent.Topic> = [.webhook]

    public static func keys(of payload: DirectoryEvent) -> [UUID] {
        guard case .webhook(let id, _, _) = payload else { return [] }
        return [id]
    }

    public static func newKeys(of payload: DirectoryEvent) -> [UUID] {
        guard case .webhook(let id, _, .created) = payload else { return [] }
        return [id]
    }

    public static func apply(_ event: Event<DirectoryEvent>, to row: inout Webhook?, at key: UUID) {
        guard case .webhook(_, let organization, let change) = event.payload else { return }
        switch change {
        case .created(let types, let url, let name):
            row = Webhook(
                facts: EntityFacts(key, createdBy: event), organization: organization, url: url.shown,
                name: name?.shown, types: types)
        case .deleted: row = nil
        case .changed, .disabled, .enabled: row?.apply(change, of: event)
        }
    }

    public static func values(of row: Webhook) -> [ColumnValue] {
        [
            .uuid(row.organization), .integer(row.facts.createdPosition), .text(row.facts.status.current.rawValue),
            .json(row.json),
        ]
    }

    public static func row(at key: UUID, from values: [ColumnValue]) throws(UnreadableRow) -> Webhook {
        let columns = ColumnReader(row: values, of: Self.self)
        guard let json = try? JSON(parsing: columns.json("json"), limits: .trusted),
            let row = Webhook(
                json, organization: try columns.uuid("organization"), createdPosition: try columns.integer("created"))
        else { throw columns.unreadable("json") }
        return row
    }

    public static func size(of row: Webhook) -> Int { 512 + row.url.utf8.count + row.types.count * 48 }
}
