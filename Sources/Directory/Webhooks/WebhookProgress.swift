import EventSourcing
import FoundationEssentials

/// Where the deliveries of a webhook begin. How they go on is written by whoever delivers.
public struct WebhookProgress: Sendable, Equatable {
    public let organization: UUID
    /// Every event up to here that the webhook asks for has been delivered.
    public let position: Position
}

/// The progress of deliveries, by the ids of webhooks. With a webhook's row its latest deliveries go as well.
public enum WebhookProgresses: SideTable {
    public static let name = "log.webhooks"
    /// The latest attempts of each webhook.
    public static let deliveries = "log.webhook_deliveries"
    public static let parts = [deliveries]
    public static let columns: (key: [Column], row: [Column]) = (
        [Column("id", .uuid)], [Column("organization", .uuid), Column("position", .integer)]
    )

    /// Deliveries hold nothing of what was delivered.
    public static let forgetting: [Forgetting] = []

    public static func values(of key: UUID) -> [ColumnValue] { [.uuid(key)] }

    public static func values(of row: WebhookProgress) -> [ColumnValue] {
        [.uuid(row.organization), .integer(row.position)]
    }

    public static func key(from values: [ColumnValue]) throws(UnreadableRow) -> UUID {
        guard case .uuid(let id) = values[0] else { throw UnreadableRow(name, "its id is not one") }
        return id
    }

    public static func row(at key: UUID, from values: [ColumnValue]) throws(UnreadableRow) -> WebhookProgress {
        guard case .uuid(let organization) = values[0], case .integer(let position) = values[1] else {
            throw UnreadableRow(name, "a column is of the wrong type")
        }
        return WebhookProgress(organization: organization, position: position)
    }
}
