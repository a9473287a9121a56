import AccountsProjection
import Directory
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import GrantsProjection
import OrganizationsProjection
import Postgres

/// One read of the directory as SQL: the caller's authority and the finished JSON in one statement, of one moment.
///
/// Its text has four variants: the caller by id or by e-mail; the present or a position. Its parameters begin with `$1` the
/// caller and `$2` the position. Its columns begin with those of `CallerFacts`; where the caller has no account there is no
/// row, else at least one.
struct ReadStatement: Sendable {
    private let variants: [Statement]

    init(_ sql: (ReadVariant) -> String) {
        variants = ReadVariant.all.map { Statement(sql($0)) }
    }

    /// One that gives exactly one row, found by an index, wherever the caller has an account.
    /// - Parameter parameters: the types of those from `$3` on.
    init(point parameters: [ElementType], _ sql: (ReadVariant) -> String) {
        variants = ReadVariant.all.map { variant in
            let caller: ElementType = variant.callerColumn == "id" ? .uuid : .text
            return Statement(pointRead: sql(variant), parameters: [caller, .int8] + parameters)
        }
    }

    /// Runs it for a caller, of the present or a position.
    /// - Throws: a refusal as unauthenticated, where the caller has no account; `PostgresError`.
    /// - Returns: at least one row.
    func run(_ pool: PostgresPool, _ caller: Caller, at position: Position?, _ parameters: [Parameter])
        async throws -> Rows
    {
        let past = position == nil ? 0 : 1
        let leading: Parameter
        let variant: Int
        switch caller.subject {
        case .id(let id): (leading, variant) = (.uuid(id), past)
        case .email(let key): (leading, variant) = (.text(key), 2 + past)
        }
        let rows = try await pool.read(variants[variant], [leading, .int8(position ?? 0)] + parameters)
        guard !rows.isEmpty else { throw Refusal.noAccount }
        return rows
    }
}

/// The texts that differ between the variants of a statement, and those that all statements share.
struct ReadVariant {
    let callerColumn: String
    let isPast: Bool

    /// In the order of `ReadStatement.variants`.
    static let all = [
        ReadVariant(callerColumn: "id", isPast: false), ReadVariant(callerColumn: "id", isPast: true),
        ReadVariant(callerColumn: "email_key", isPast: false), ReadVariant(callerColumn: "email_key", isPast: true),
    ]

    /// The caller's account as `c`; no row where there is none. Rights are always today's.
    var caller: String { "(select * from \(Accounts.schemaName).current where \(callerColumn) = $1) c" }

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
    var position: String {
        isPast ? "$2::bigint" : "coalesce((select position from log.events order by position desc limit 1), 0)"
    }

    /// The columns of `CallerFacts` for an organization: account, status, grants changed, position, roles.
    func facts(_ organization: String) -> String {
        "c.id, c.status, c.grants_changed, \(position), \(roleWords(in: organization))"
    }

    /// The roles of the caller in an organization, as an array of their words: half as dear as their sum, since that takes an
    /// aggregate and a subplan more.
    func roleWords(in organization: String) -> String {
        """
        array(select g.role from \(Grants.schemaName).current g where g.account = c.id \
        and (g.organization = \(organization) or g.organization = \(ReadVariant.platform)) \
        union all select '\(Role.employee.rawValue)' from \(Employees.schemaName).current x where x.account = c.id \
        and x.organization = \(organization) and x.status = 'ACTIVE')
        """
    }

    /// The roles of the caller in an organization, as `Roles.rawValue`.
    func roles(in organization: String, of caller: String = "c") -> String {
        """
        (select coalesce(bit_or(\(ReadVariant.bits("g.role"))), 0) from \(Grants.schemaName).current g \
        where g.account = \(caller).id and g.organization in (\(organization), \(ReadVariant.platform))) | \
        (case when exists (select from \(Employees.schemaName).current x where x.account = \(caller).id \
        and x.organization = \(organization) and x.status = 'ACTIVE') then \(Roles.employee.rawValue) else 0 end)
        """
    }

    /// The caller's only organization, where it has just one.
    var onlyOrganization: String {
        """
        (select case when count(*) = 1 then (array_agg(u.o))[1] end from (\
        select g.organization as o from \(Grants.schemaName).current g \
        where g.account = c.id and g.organization <> \(ReadVariant.platform) and \(gives(.read, "g.role")) \
        union select x.organization from \(Employees.schemaName).current x \
        where x.account = c.id and x.status = 'ACTIVE') u)
        """
    }

    /// The caller's facts and current organization, as the table `ctx`: the stated organization `$3`, or the only one.
    var context: String { context("coalesce($3::uuid, \(onlyOrganization))") }

    /// The caller's facts and an organization, as the table `ctx`. Where there is no such organization nobody has a role.
    /// - Parameter columns: more columns, of the caller `c` and the organization `s`; each with a comma before it.
    func context(_ organization: String, _ columns: String = "") -> String {
        """
        ctx as (select c.id, c.status, c.grants_changed, \(position) as position, \
        case when exists (select from \(Organizations.schemaName).current o where o.id = s.organization) \
        then \(roleWords(in: "s.organization")) else '{}' end as roles, s.organization\(columns) \
        from \(caller) left join lateral (select \(organization) as organization) s on true)
        """
    }

    /// The columns of `CallerFacts` and the organization, of the table `ctx`.
    var contextColumns: String { "ctx.id, ctx.status, ctx.grants_changed, ctx.position, ctx.roles, ctx.organization" }

    /// Whether a role's word gives a permission.
    func gives(_ permission: Permission, _ role: String) -> String {
        "(\(ReadVariant.bits(role))) & \(permission.roles.rawValue) <> 0"
    }

    /// The words of the roles that give a permission, as an array.
    static func words(_ permission: Permission) -> String {
        "array[\(permission.roles.words.map { "'\($0)'" }.joined(separator: ", "))]"
    }

    /// Whether the caller `c` is SYSTEM_ADMIN.
    var isSystemAdmin: String {
        """
        exists (select from \(Grants.schemaName).current g where g.account = c.id \
        and g.organization = \(ReadVariant.platform) and g.role = '\(Role.systemAdmin.rawValue)')
        """
    }

    static let platform = "'\(Grants.platform.text)'::uuid"

    private static func bits(_ role: String) -> String {
        let cases = Role.allCases.map { "when '\($0.rawValue)' then \(Roles($0).rawValue)" }
            .joined(separator: " ")
        return "case \(role) \(cases) else 0 end"
    }
}
