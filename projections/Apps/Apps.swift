import CanonicalJSON
import DirectoryEvents
import DirectoryRows
import EventSourcing
import FoundationEssentials

/// Apps by id. Serves organizations' `apps`, and operations 13 to 16.
public enum Apps: OrganizationPartProjection {
    public static let name = "apps"
    public static let version = 1
    public static let schema = String(decoding: PackageResources.schema_sql, as: UTF8.self)
    public static let columns: (key: [Column], row: [Column]) = (
        [Column("id", .uuid)],
        [
            Column("organization", .uuid), Column("created", .integer), Column("type", .text),
            Column("external_id", .text), Column("status", .text), Column("json", .json),
        ]
    )
    public static let topics: Set<DirectoryEvent.Topic> = [.app]

    public static func keys(of payload: DirectoryEvent) -> [UUID] {
        guard case .app(let id, _, _) = payload else { return [] }
        return [id]
    }

    public static func newKeys(of payload: DirectoryEvent) -> [UUID] {
        guard case .app(let id, _, .added) = payload else { return [] }
        return [id]
    }

    public static func apply(_ event: Event<DirectoryEvent>, to row: inout App?, at key: UUID) {
        guard case .app(_, let organization, let change) = event.payload else { return }
        if case .added(let type, _, _, _, _) = change {
            row = App(facts: EntityFacts(key, createdBy: event), organization: organization, type: type)
        }
        row?.apply(change, of: event)
    }

    public static func values(of row: App) -> [ColumnValue] {
        [
            .uuid(row.organization), .integer(row.facts.createdPosition), .text(row.type), .text(row.externalID),
            .text(row.facts.status.current.rawValue), .json(row.json),
        ]
    }

    public static func row(at key: UUID, from values: [ColumnValue]) throws(UnreadableRow) -> App {
        let columns = ColumnReader(row: values, of: Self.self)
        guard let json = try? JSON(parsing: columns.json("json"), limits: .trusted),
            let row = App(json, createdPosition: try columns.integer("created"))
        else { throw columns.unreadable("json") }
        return row
    }

    public static func size(of row: App) -> Int { 512 + row.appData.size + row.secretNames.count * 64 }
}
