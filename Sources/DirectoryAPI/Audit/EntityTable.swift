import AccountsProjection
import AppsProjection
import Directory
import DirectoryEvents
import DirectoryRows
import EventSourcing
import OrganizationKeysProjection
import WebhooksProjection

/// The table of today's targets of a kind, for statements that take one of any kind.
struct EntityTable: Sendable {
    let kind: TargetKind
    /// A table or subquery of what is there today.
    let current: String
    /// The column with the organization; `nil` for accounts, which belong to none.
    let organization: String?
    /// What an entity is called in a join of all tables.
    var alias: String { "\(kind.word)_row" }

    /// Those of all kinds that have any.
    static let all =
        entities + [
            part(.key, OrganizationKeys.self), part(.app, Apps.self), part(.webhook, Webhooks.self),
        ]

    static let entities = EntityKind.allCases.map { kind in
        EntityTable(
            kind: TargetKind(kind), current: "\(kind.entities.schemaName).current",
            organization: (kind.entities as? any OrganizationEntityProjection.Type)?.organizationColumn)
    }

    /// The parts of organizations of a kind, deleted ones as they were last: what happened to them is still to be found.
    private static func part<P: OrganizationPartProjection>(_ kind: TargetKind, _: P.Type) -> EntityTable {
        let columns = "id, organization, json, since"
        let latest = """
            (select distinct on (id) id, organization, json from (select \(columns) from \(P.schemaName).current \
            union all select \(columns) from \(P.schemaName).past) v order by id, since desc)
            """
        return EntityTable(kind: kind, current: latest, organization: "organization")
    }

    /// The name of the entity with an id, if the caller in the table `ctx` sees it. An account without a name is known by its
    /// e-mail address. That an entity has been erased is told to whoever has its id.
    func name(of id: String, _ sql: ReadSQL) -> String {
        let name = organization == nil ? "coalesce(t.json ->> 'name', t.json ->> 'email')" : "t.json ->> 'name'"
        var isSeen = organization.map { "(ctx.sees_all or \(sql.oversees("t.\($0)")))" } ?? sql.sees(account: "t")
        if kind.entity?.canBeErased == true { isSeen = "(\(isSeen) or t.status = '\(Status.erased.rawValue)')" }
        return "(select \(name) from \(current) t where t.id = \(id) and \(isSeen))"
    }

    /// The name of the entity with an id and a kind, if the caller in the table `ctx` sees it: one table is looked into.
    static func name(of id: String, kind: String, in tables: [EntityTable], _ sql: ReadSQL) -> String {
        let names = tables.map { "when '\($0.kind.rawValue)' then \($0.name(of: id, sql))" }
        return "case \(kind) \(names.joined(separator: " ")) end"
    }
}
