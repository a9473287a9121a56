import CanonicalJSON
import DirectoryEvents
import DirectoryRows
import EventSourcing
import FoundationEssentials

/// A key with which an organization's programs sign tokens for their users. Its secret is not part of it.
public struct OrganizationKey: OrganizationPart {
    public let id: UUID
    public let organization: UUID
    public let name: String
    /// The word of the role whose rights its tokens have at most.
    public let limitToRole: String
    public let createdPosition: Position

    /// The finished JSON.
    public var json: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 160)
        writer.beginObject()
        writer.member("id", id.text)
        writer.member("name", name)
        writer.member("limitToRole", limitToRole)
        writer.endObject()
        return writer.bytes
    }
}

/// Keys by id. Serve organizations' `keys`, and the authority of tokens that are signed with one.
public enum OrganizationKeys: OrganizationPartProjection {
    public static let name = "organization_keys"
    public static let version = 1
    public static let schema = String(decoding: PackageResources.schema_sql, as: UTF8.self)
    public static let columns: (key: [Column], row: [Column]) = (
        [Column("id", .uuid)],
        [
            Column("organization", .uuid), Column("created", .integer), Column("name", .text),
            Column("limit_to_role", .text), Column("json", .json),
        ]
    )
    public static let topics: Set<DirectoryEvent.Topic> = [.organizationKey]

    public static func keys(of payload: DirectoryEvent) -> [UUID] {
        switch payload {
        case .organization(_, .keyCreated(let key, _, _)), .organization(_, .keyDeleted(let key, _, _)): [key]
        default: []
        }
    }

    public static func newKeys(of payload: DirectoryEvent) -> [UUID] {
        if case .organization(_, .keyCreated(let key, _, _)) = payload { [key] } else { [] }
    }

    public static func apply(_ event: Event<DirectoryEvent>, to row: inout OrganizationKey?, at key: UUID) {
        switch event.payload {
        case .organization(let organization, .keyCreated(_, let limit, let name)):
            row = OrganizationKey(
                id: key, organization: organization, name: name.shown, limitToRole: limit,
                createdPosition: event.position)
        case .organization(_, .keyDeleted): row = nil
        default: break
        }
    }

    public static func values(of row: OrganizationKey) -> [ColumnValue] {
        [
            .uuid(row.organization), .integer(row.createdPosition), .text(row.name), .text(row.limitToRole),
            .json(row.json),
        ]
    }

    public static func row(at key: UUID, from values: [ColumnValue]) throws(UnreadableRow) -> OrganizationKey {
        let columns = ColumnReader(row: values, of: Self.self)
        return OrganizationKey(
            id: key, organization: try columns.uuid("organization"), name: try columns.text("name"),
            limitToRole: try columns.text("limit_to_role"), createdPosition: try columns.integer("created"))
    }
}
