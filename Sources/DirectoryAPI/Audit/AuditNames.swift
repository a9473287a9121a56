import DirectoryEvents
import FoundationEssentials
import Postgres

/// The current names of the entities that a page of the trail mentions, of those that the reader sees: each is looked up once,
/// however many entries mention it.
enum AuditNames {
    /// The columns of the events found that name entities, as `EventQuery.tables` takes them.
    static let found = "position, type, stream, stream_type, related, organization, actor"

    /// Tables for a WITH list that has `ctx` and `found`: `names` has one row.
    static func tables(_ sql: ReadSQL) -> String {
        // The type tells the kind, so that one table is looked into.
        let relateds = EventTargets.related.map { kind in
            let types = EventTargets.types(relatedTo: kind).map { "'\($0)'" }.joined(separator: ", ")
            return "when f.type in (\(types)) then '\(kind.rawValue)'"
        }
        return """
            mentioned as (select distinct m.id, m.kind from found f cross join lateral (values \
            (f.actor, '\(TargetKind.account.rawValue)'), (f.stream, f.stream_type), \
            (f.related, case \(relateds.joined(separator: " ")) end), \
            (f.organization, '\(TargetKind.organization.rawValue)')) m (id, kind) where m.id is not null),
            named as materialized (select m.id, \(EntityTable.name(of: "m.id", kind: "m.kind", in: EntityTable.all, sql)) as name
            from mentioned m cross join ctx),
            names as (select array_agg(n.id) as ids, array_agg(n.name) as texts from named n where n.name is not null)
            """
    }

    /// The names, from the columns of the page's first row; of other rows there are none.
    static func read(_ columns: inout Columns) throws -> [UUID: String] {
        let isFirst = "(e.position is not distinct from (select position from found limit 1))"
        let ids = try columns.uuids("coalesce(case when \(isFirst) then names.ids end, '{}')")
        let texts = try columns.texts("coalesce(case when \(isFirst) then names.texts end, '{}')")
        return Dictionary(zip(ids, texts)) { first, _ in first }
    }
}
