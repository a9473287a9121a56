import AccountsProjection
import Directory
import EmployeesProjection
import EventSourcing
import GrantsProjection
import Postgres

/// One read of the directory as SQL: the caller's authority and the finished JSON in one statement, of one moment.
///
/// Its text has four variants: the caller by id or by e-mail; the present or a position. Its parameters begin with `$1` the
/// caller and `$2` the position. Its columns begin with those of `CallerFacts`.
struct ReadStatement: Sendable {
    private let variants: [Statement]

    init(_ sql: (ReadVariant) -> String) {
        variants = [("id", false), ("id", true), ("email_key", false), ("email_key", true)].map {
            Statement(sql(ReadVariant(callerColumn: $0.0, isPast: $0.1)))
        }
    }

    /// Runs it for a caller, of the present or a position.
    func run(_ pool: PostgresPool, _ caller: Caller, at position: Position?, _ parameters: [Parameter])
        async throws(PostgresError) -> Rows
    {
        let past = position == nil ? 0 : 1
        let leading: Parameter
        let variant: Int
        switch caller.subject {
        case .id(let id): (leading, variant) = (.uuid(id), past)
        case .email(let key): (leading, variant) = (.text(key), 2 + past)
        }
        return try await pool.read(variants[variant], [leading, .int8(position ?? 0)] + parameters)
    }
}

/// The texts that differ between the variants of a statement, and those that all statements share.
struct ReadVariant {
    let callerColumn: String
    let isPast: Bool

    /// The caller's account as `c`, absent where there is none; exactly one row. Rights are always today's.
    var caller: String { "(values (1)) o(n) left join \(Accounts.schemaName).current c on c.\(callerColumn) = $1" }

    /// The rows of a projection at the moment in question: the present is one index probe, the past is what still stands and
    /// stood then, and what stood then and has ended.
    func rows<P: Projection>(_ projection: P.Type) -> String {
        guard isPast else { return "\(P.schemaName).current" }
        let columns = (P.columns.key + P.columns.row).map(\.name).joined(separator: ", ") + ", since"
        return """
            (select \(columns) from \(P.schemaName).current where since <= $2 \
            union all select \(columns) from \(P.schemaName).past where since <= $2 and until > $2)
            """
    }

    /// The entities of a projection as `e` and the table of keys that orders them as `\(key)`: entities never vanish, so a
    /// past list is today's keys in order of creation, with one probe each.
    func entities<P: Projection>(_ projection: P.Type) -> String {
        isPast
            ? "\(P.schemaName).current k cross join lateral (select * from \(rows(projection)) r where r.id = k.id) e"
            : "\(P.schemaName).current e"
    }

    /// The alias of the table that orders entities.
    var key: String { isPast ? "k" : "e" }

    /// The position that the answer shows.
    var position: String { isPast ? "$2::bigint" : "coalesce((select max(position) from log.events), 0)" }

    /// The columns of `CallerFacts` for an organization: account, status, grants changed, position, roles.
    func facts(_ organization: String) -> String {
        "c.id, c.status, c.grants_changed, \(position), \(roles(in: organization))"
    }

    /// The roles of the caller `c` in an organization, as `Roles.rawValue`.
    func roles(in organization: String) -> String {
        """
        (select coalesce(bit_or(\(ReadVariant.bits("g.role"))), 0) from \(Grants.schemaName).current g \
        where g.account = c.id and g.organization in (\(organization), \(ReadVariant.platform))) | \
        (case when exists (select from \(Employees.schemaName).current x where x.account = c.id \
        and x.organization = \(organization) and x.status = 'ACTIVE') then \(Roles.employee.rawValue) else 0 end)
        """
    }

    /// The caller's only organization, where it has just one.
    var onlyOrganization: String {
        """
        (select case when count(*) = 1 then (array_agg(u.o))[1] end from (\
        select g.organization as o from \(Grants.schemaName).current g \
        where g.account = c.id and g.organization <> \(ReadVariant.platform) \
        union select x.organization from \(Employees.schemaName).current x \
        where x.account = c.id and x.status = 'ACTIVE') u)
        """
    }

    /// The caller's facts and organization, as the table `ctx`: the stated organization `$3`, or the only one.
    var context: String {
        """
        ctx as (select c.id, c.status, c.grants_changed, \(position) as position, \
        \(roles(in: "s.organization")) as roles, s.organization \
        from \(caller) left join lateral (select coalesce($3::uuid, \(onlyOrganization)) as organization) s on true)
        """
    }

    /// The columns of `CallerFacts` and the organization, of the table `ctx`.
    var contextColumns: String { "ctx.id, ctx.status, ctx.grants_changed, ctx.position, ctx.roles, ctx.organization" }

    static let platform = "'\(Grants.platform.text)'::uuid"

    private static func bits(_ role: String) -> String {
        let all: [(String, Roles)] = [
            ("SYSTEM_ADMIN", .systemAdmin), ("OWNER", .owner), ("ADMIN", .admin), ("MANAGER", .manager),
            ("EMPLOYEE", .employee), ("AUDITOR", .auditor),
        ]
        let cases = all.map { "when '\($0.0)' then \($0.1.rawValue)" }.joined(separator: " ")
        return "case \(role) \(cases) else 0 end"
    }
}
