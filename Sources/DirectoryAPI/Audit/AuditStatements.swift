import Directory
import DirectoryEvents
import EventLog
import EventSourcing
import FoundationEssentials
import OrganizationsProjection
import Postgres

/// What a statement of the trail takes: the organization and the entity that the filter names, and the query.
struct AuditInput: Sendable {
    let organization: UUID?
    let entity: UUID?
    let query: EventQuery
    /// What tells this reading from others of the reader (`Readings.digest`); `nil` where it is not recorded.
    var reading: [UInt8]?
}

/// A row of the trail: the reader's rights, and an entry. There is always a row; without entries it has the rights alone.
struct AuditRow: Sendable {
    let rights: AuditRights
    /// The position through which events were examined, if that ended before the log did.
    let through: Position?
    /// Whether the same reading was recorded a moment ago.
    let isRecorded: Bool
    let event: StoredEvent?
    /// The names of all entities of the page, in its first row.
    let names: [UUID: String]

    init(_ columns: inout Columns, _ sql: ReadSQL, _ caller: Caller) throws {
        rights = try AuditRights(&columns, sql, caller)
        isRecorded = try columns.bool("recorded.is_recorded")
        through = try columns.intIfPresent("b.through")
        event = try columns.ifPresent("e.position is not null") { columns in try StoredEvent(&columns) }
        names = try AuditNames.read(&columns)
    }

    /// The entry, if the row has one.
    /// - Throws: `UnreadableEvent` if this binary does not know the event's type or shape.
    func entry(_ names: [UUID: String]) throws(UnreadableEvent) -> AuditEntry? {
        guard let event else { return nil }
        return try AuditEntry(event, names)
    }
}

/// The statements that read the trail: the caller's rights, the entries and the names in them, of one moment.
///
/// Each entry is fetched, and each entity named, by a probe of its own (subqueries, not joins): the plans are generic, made when
/// the tables may have been empty, and must never turn into a scan of a whole table.
enum AuditStatements {
    typealias Page = ReadStatement<AuditInput, AuditRow>

    /// For a caller.
    static let scoped = statements(callerContext)

    /// For a reader who sees everything, without a caller.
    static let trusted = statements { sql, organization, _ in trustedContext(sql, organization) }

    /// For an AUDITOR of the organization that the caller's token is confined to, whose account is nobody's.
    static let auditing = statements { sql, _, _ in auditorContext(sql) }

    static let unknown = PostgresError.unexpectedResult("a query of the trail has a shape without bounds")

    private static let reader = EventQuery.Reader(
        everything: "(select reads_all from ctx)", organizations: "(select trails from ctx)::uuid[]",
        stream: "(select itself from ctx)")

    private static func statements(
        _ context: @escaping (ReadSQL, _ organization: String, ReadParameters<AuditInput>) -> String
    ) -> [EventQuery.Shape: Page] {
        Dictionary(
            uniqueKeysWithValues: EventQuery.Shape.bounded.map { shape in
                let page = Page(AuditRow.init) { sql, parameters, columns in
                    let organization = parameters.uuid { $0.argument.organization }
                    let entity = parameters.uuid { $0.argument.entity }
                    return """
                        with \(context(sql, organization, parameters)), \(asked(organization, sql)),
                        \(target(entity, sql)), \(recorded(parameters.bytes { $0.argument.reading })),
                        \(EventQuery.tables(shape, of: AuditNames.found, for: reader, parameters) { $0.argument.query }),
                        \(AuditNames.tables(sql))
                        select \(columns) from ctx cross join asked cross join target t cross join recorded
                        cross join bound b cross join names left join (
                            found f cross join lateral (
                                select * from log.events l where l.position = f.position offset 0) e
                        ) on true
                        order by e.position \(shape.order.rawValue)
                        """
                }
                return (shape, page)
            })
    }

    /// The caller's facts and rights. `reads_all`, `trails` and `itself` say what may be read if no entity is named, each
    /// within the organization of claim and filter.
    private static func callerContext(
        _ sql: ReadSQL, _ organization: String, _ parameters: ReadParameters<AuditInput>
    ) -> String {
        let place = "coalesce(\(organization), \(sql.claim))"
        let mayRead = sql.gives(.readTrail, roles: "(\(sql.roles(in: "z.id")))")
        return sql.context(
            parameters.stated(),
            sql.sight + """
                , (\(place) is null and \(sql.isSystemAdmin)) as reads_all, \
                case when \(place) is not null then array(select z.id from \(Organizations.schemaName).current z \
                where z.id = \(place) and \(mayRead)) when \(sql.isSystemAdmin) then '{}'::uuid[] \
                else \(sql.organizations(with: .readTrail)) end as trails, \
                case when \(place) is null and not \(sql.isSystemAdmin) then c.id end as itself
                """)
    }

    /// The rights of a reader who sees everything.
    /// - Parameter organization: the one whose trail is read; null for all.
    static func trustedContext(_ sql: ReadSQL, _ organization: String) -> String {
        """
        ctx as (select '\(UUID.unknown.text)'::uuid as id, 'ACTIVE'::text as status, true as counts, true as makes_accounts, 0::bigint as grants_changed, \
        \(sql.position) as position, '{}'::text[] as roles, null::uuid as organization, true as sees_all, \
        false as oversees_claim, \(organization) is null as reads_all, \
        case when \(organization) is null then '{}'::uuid[] else array[\(organization)] end as trails, \
        null::uuid as itself)
        """
    }

    /// The rights of whoever reads as an AUDITOR of an organization: all of its trail, and the names that it may see.
    private static func auditorContext(_ sql: ReadSQL) -> String {
        """
        ctx as (select '\(UUID.unknown.text)'::uuid as id, 'ACTIVE'::text as status, true as counts, false as makes_accounts, \
        0::bigint as grants_changed, \(sql.position) as position, '{}'::text[] as roles, \(sql.claim) as organization, \
        false as sees_all, true as oversees_claim, false as reads_all, array[\(sql.claim)] as trails, null::uuid as itself)
        """
    }

    /// The caller's roles in the organization that the filter names; null if it does not exist.
    private static func asked(_ organization: String, _ sql: ReadSQL) -> String {
        """
        asked as (select (select \(sql.roles(in: "z.id", of: "ctx")) \
        from \(Organizations.schemaName).current z where z.id = \(organization)) as roles from ctx)
        """
    }

    /// Whether the same reading of the caller was recorded so lately that it is not recorded again.
    private static func recorded(_ reading: String) -> String {
        """
        recorded as (select exists (select from \(Readings.name) r where r.reader = ctx.id and r.digest = \(reading) \
        and r.recorded_at > clock_timestamp() - interval '\(Readings.interval) microseconds') as is_recorded from ctx)
        """
    }

    /// The entity that the filter names: its kind, its organization, and whether it is an account that the caller sees.
    private static func target(_ entity: String, _ sql: ReadSQL) -> String {
        let kinds = EntityTable.all.map { "when \($0.alias).id is not null then '\($0.kind.rawValue)'" }
        let organizations = EntityTable.all.compactMap { table in table.organization.map { "\(table.alias).\($0)" } }
        let joins = EntityTable.all.map { "left join \($0.current) \($0.alias) on \($0.alias).id = \(entity)" }
        return """
            target as (select case \(kinds.joined(separator: " ")) end as kind, \
            coalesce(\(organizations.joined(separator: ", "))) as organization, \
            account_row.id is not null and coalesce(\(sql.sees(account: "account_row")), false) as is_seen \
            from ctx \(joins.joined(separator: " ")))
            """
    }
}
