import AccountsProjection
import Directory
import EmployeesProjection
import EventLog
import EventSourcing
import GrantsProjection
import OrganizationsProjection
import Postgres

/// Where the columns of `AuditStatements` stand.
enum AuditColumn {
    static let position = 3
    /// Where the looking ended before the log did.
    static let through = 14
    /// The first column of the event.
    static let event = 15
    /// The names of actor, stream, related entity and organization.
    static let names = event + 22
}

/// The statements that read the trail: the caller's rights, the entries and the names in them, of one moment.
///
/// Their parameters are `$3` the stated organization, `$4` the token's claim, `$5` the organization and `$6` the entity that
/// the filter names, then those of the query. There is always a row, with the rights; without entries its event is null.
///
/// Each entry is fetched and named by probes of its own (subqueries, not joins): the plans are generic, made when the tables
/// may have been empty, and must never turn into a scan of a whole table.
enum AuditStatements {
    /// For a caller.
    static let scoped = Dictionary(
        uniqueKeysWithValues: EventQuery.Shape.bounded.map { shape in
            (shape, ReadStatement { text(shape, $0, context: callerContext($0)) })
        })

    /// For a reader whom nothing is hidden from.
    static let trusted = Dictionary(
        uniqueKeysWithValues: EventQuery.Shape.bounded.map { shape in
            let variant = ReadVariant(callerColumn: "id", isPast: false)
            return (shape, Statement(text(shape, variant, context: trustedContext(variant))))
        })

    static let unknown = PostgresError.unexpectedResult("a query of the trail has a shape without bounds")

    private static let reader = EventQuery.Reader(
        everything: "(select reads_all from ctx)", organizations: "(select trails from ctx)::uuid[]",
        stream: "(select itself from ctx)")

    private static func text(_ shape: EventQuery.Shape, _ variant: ReadVariant, context: String) -> String {
        """
        with \(context), \(target(variant)), \(EventQuery.tables(shape, for: reader, firstParameter: 7))
        select \(variant.contextColumns), \
        (select \(variant.roles(in: "z.id", of: "ctx")) from \(Organizations.schemaName).current z where z.id = $5), \
        t.kind, t.organization, \(variant.roles(in: "t.organization", of: "ctx")), t.is_seen, \
        cardinality(ctx.trails) > 0, ctx.reads_all, ctx.itself is not null, b.through, \
        \(EventQuery.columns(of: "e")), \(names(variant))
        from ctx cross join target t cross join bound b left join (
            found f cross join lateral (select * from log.events l where l.position = f.position offset 0) e
        ) on true
        order by e.position \(shape.order.rawValue)
        """
    }

    /// The caller's facts and rights. `reads_all`, `trails` and `itself` say what it reads where no entity is named, each of
    /// them narrowed to the organization of claim and filter; as for what it sees, `ReadVariant.sight`.
    private static func callerContext(_ variant: ReadVariant) -> String {
        let place = "coalesce($5::uuid, $4::uuid)"
        let readers = Permission.readTrail.roles.rawValue
        return variant.context(
            "$3::uuid",
            variant.sight("$4") + """
                , (\(place) is null and \(variant.isSystemAdmin)) as reads_all, \
                case when \(place) is not null then array(select z.id from \(Organizations.schemaName).current z \
                where z.id = \(place) and ($4::uuid is null or z.id = $4) \
                and ((\(variant.roles(in: "z.id"))) & \(readers)) <> 0) \
                when \(variant.isSystemAdmin) then '{}'::uuid[] \
                else array(select distinct g.organization from \(Grants.schemaName).current g \
                where g.account = c.id and g.organization <> \(ReadVariant.platform) \
                and \(variant.gives(.readTrail, "g.role"))) end as trails, \
                case when \(place) is null and not \(variant.isSystemAdmin) then c.id end as itself
                """)
    }

    /// The rights of one whom nothing is hidden from.
    private static func trustedContext(_ variant: ReadVariant) -> String {
        """
        ctx as (select null::uuid as id, 'ACTIVE'::text as status, 0::bigint as grants_changed, \
        \(variant.position) as position, '{}'::text[] as roles, null::uuid as organization, true as sees_all, \
        '{}'::uuid[] as overseen, $5::uuid is null as reads_all, \
        case when $5::uuid is null then '{}'::uuid[] else array[$5::uuid] end as trails, null::uuid as itself)
        """
    }

    /// What the entity is that the filter names, and whether it is an account that the caller sees.
    private static func target(_ variant: ReadVariant) -> String {
        """
        target as (select case when o.id is not null then 'ORGANIZATION' when x.id is not null then 'EMPLOYEE' \
        when a.id is not null then 'ACCOUNT' end as kind, coalesce(o.id, x.organization) as organization, \
        a.id is not null and coalesce(\(variant.sees("a")), false) as is_seen \
        from ctx left join \(Organizations.schemaName).current o on o.id = $6 \
        left join \(Employees.schemaName).current x on x.id = $6 \
        left join \(Accounts.schemaName).current a on a.id = $6)
        """
    }

    /// The names of those whom the reader sees: of actor, stream, related entity and organization. An account that has none is
    /// known by its e-mail address.
    private static func names(_ variant: ReadVariant) -> String {
        func account(_ id: String) -> String {
            """
            (select coalesce(a.json ->> 'name', a.json ->> 'email') from \(Accounts.schemaName).current a \
            where a.id = \(id) and \(variant.sees("a")))
            """
        }
        func employee(_ id: String) -> String {
            """
            (select x.json ->> 'name' from \(Employees.schemaName).current x \
            where x.id = \(id) and (ctx.sees_all or x.organization = any(ctx.overseen)))
            """
        }
        func organization(_ id: String) -> String {
            """
            (select o.json ->> 'name' from \(Organizations.schemaName).current o \
            where o.id = \(id) and (ctx.sees_all or o.id = any(ctx.overseen)))
            """
        }
        return """
            \(account("e.actor")), case e.stream_type when 'ORGANIZATION' then \(organization("e.stream")) \
            when 'ACCOUNT' then \(account("e.stream")) when 'EMPLOYEE' then \(employee("e.stream")) end, \
            coalesce(\(employee("e.related")), \(account("e.related"))), \(organization("e.organization"))
            """
    }
}
