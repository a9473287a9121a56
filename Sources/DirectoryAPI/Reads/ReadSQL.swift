import AccountsProjection
import Directory
import EventSourcing
import FoundationEssentials
import OrganizationsProjection
import Postgres

/// The input of a read: who asks, of which moment, and what the statement itself takes.
struct ReadInput<Argument: Sendable>: Sendable {
    let caller: Caller
    let moment: Moment
    let argument: Argument
}

/// The parameters of a read's text.
typealias ReadParameters<Argument: Sendable> = Parameters<ReadInput<Argument>>

/// The parts that reads are written from, for one variant. What a caller may see is in `ReadSQL+Sight.swift`.
struct ReadSQL: Sendable {
    let variant: ReadVariant
    /// The parameter that names the caller: an id, or the key of an e-mail address.
    private let caller: String
    /// The parameter with the position of a past moment.
    private let past: String
    /// The parameter with the organization that a token is confined to.
    let claim: String
    /// Whether it reads each element of a list.
    private(set) var isRepeated = false
    /// The parameters with the organization's key that signed the token, and the word of the role that it is limited to.
    let key: String, limit: String

    /// Takes the parameters that the variant needs.
    init<Argument>(_ variant: ReadVariant, _ parameters: ReadParameters<Argument>) {
        self.variant = variant
        caller =
            variant.namesEmail
            ? parameters.text { if case .email(let key) = $0.caller.subject { key } else { nil } }
            : parameters.uuid { if case .id(let id) = $0.caller.subject { id } else { nil } }
        claim = variant.isConfined ? parameters.uuid { $0.caller.claimedOrganization } : "null::uuid"
        (key, limit) =
            variant.confinement == .key
            ? (parameters.uuid { $0.caller.key?.id }, parameters.text { $0.caller.key?.limit.rawValue })
            : ("null::uuid", "null::text")
        past = variant.isPast ? parameters.int { $0.moment.position } : "null::bigint"
    }

    private init(unwritten variant: ReadVariant) {
        self.variant = variant
        (caller, past, claim, key, limit) = ("", "", "", "", "")
    }

    /// Takes the place of the parts where a row is read and nothing is written, for each variant at its index.
    static let unwritten = ReadVariant.all.map { ReadSQL(unwritten: $0) }

    /// The caller's account of today as `c`; no row where there is none. With a key, `counts` is whether the token does.
    var account: String {
        let counts = variant.confinement == .key ? ", (\(keyCounts(for: "a"))) as counts" : ""
        return """
            (select a.*\(counts) from \(Accounts.schemaName).current a \
            where a.\(variant.namesEmail ? "email_key" : "id") = \(caller)) c
            """
    }

    /// Whether the caller's account, in a row of `c` or of `ctx`, is active and the token counts.
    func isActive(in table: String) -> String {
        "\(table).status = \(ReadSQL.active)" + (variant.confinement == .key ? " and \(table).counts" : "")
    }

    /// The position that is shown.
    var position: String {
        variant.isPast ? past : "coalesce((select position from log.events order by position desc limit 1), 0)"
    }

    /// The time of the event at the position of a past moment.
    var time: String { "(select recorded_at from log.events l where l.position = \(past))" }

    /// Whether the event at the position of a past moment and the next one are of one command, no import: all of a command have
    /// one time, and no others have it.
    var isInsideCommand: String {
        """
        exists (select from log.events l join log.events n on n.position = l.position + 1 \
        and n.recorded_at = l.recorded_at and n.effective_at is null \
        where l.position = \(past) and l.effective_at is null)
        """
    }

    /// The rows of a projection at the moment: of today, those in `current`; of the past, those of `current` that were there
    /// by then, and those of `past` that began by then and ended later.
    func rows<P: Projection>(_ projection: P.Type) -> String {
        guard variant.isPast else { return "\(P.schemaName).current" }
        let columns = (P.columns.key + P.columns.row).map(\.name).joined(separator: ", ") + ", since"
        return """
            (select \(columns) from \(P.schemaName).current where since <= \(past) \
            union all select \(columns) from \(P.schemaName).past where since <= \(past) and until > \(past))
            """
    }

    /// A query of each table that has rows of a projection at the moment, as one: of today, that of `current`; of the past, also that
    /// of `past`. Unlike `rows`, it scans the tables themselves, and that of the past only if any of its rows
    /// ended since, which a statement finds out once: for walks and for lists of keys, which meet many rows.
    /// - Parameters:
    ///   - alias: what the query calls a row.
    ///   - query: from the name of a table, and the condition that a row was there at the moment.
    func union<P: Projection>(
        _: P.Type, as alias: String, _ query: (_ table: String, _ isThere: String) -> String
    ) -> String {
        let current = "\(P.schemaName).current", gone = "\(P.schemaName).past"
        guard variant.isPast else { return query(current, "true") }
        let began = "\(alias).since <= \(past)"
        let anyEnded = "(select until from \(gone) order by until desc limit 1) > \(past)"
        return """
            \(query(current, began)) union all \(query(gone, "\(began) and \(alias).until > \(past) and \(anyEnded)"))
            """
    }

    /// A query of the rows of a projection that meet a condition, at the moment: for what is asked again for each row of another.
    ///
    /// `offset 0` is a fence: without it the planner turns the probes into a join of whole tables.
    func probe<P: Projection>(
        _ projection: P.Type, as alias: String, _ columns: String = "", where condition: String
    ) -> String {
        union(projection, as: alias) { "select \(columns) from \($0) \(alias) where \(condition) and \($1)" }
            + " offset 0"
    }

    /// For what is read of each element of a list: what few of them have is looked for first.
    var repeated: ReadSQL {
        var sql = self
        sql.isRepeated = true
        return sql
    }

    /// The position of the last event that changed what is shown of a row: the one that made it so, or has erased it since.
    func since(_ row: String) -> String {
        guard variant.isPast else { return "\(row).since" }
        return "greatest(\(row).since, (select z.position from log.erasures z where z.stream = \(row).id))"
    }

    /// The version at the moment of a row of `current`, as a lateral table. Entities never vanish, so that a list of the past
    /// goes along today's keys; the table of the past is looked into only where today's row is a later version.
    func version<P: Projection>(_ projection: P.Type, of row: String, as alias: String) -> String {
        let columns = (P.columns.key + P.columns.row).map(\.name) + ["since"]
        let today = columns.map { "\(row).\($0)" }.joined(separator: ", ")
        let key = P.columns.key.map { "\($0.name) = \(row).\($0.name)" }.joined(separator: " and ")
        return """
            cross join lateral (select \(today) where \(row).since <= \(past) union all \
            select \(columns.joined(separator: ", ")) from \(P.schemaName).past \
            where \(row).since > \(past) and \(key) and since <= \(past) and until > \(past) offset 0) \(alias)
            """
    }

    /// The caller and an organization, as the table `ctx`. Where there is no such organization at the moment nobody has a role.
    /// - Parameters:
    ///   - organization: may refer to the caller `c`.
    ///   - columns: more columns, which may refer to `c` and to the organization `s.organization`, each after a comma.
    func context(_ organization: String, _ columns: String = "") -> String {
        """
        ctx as materialized (select c.id, c.status, c.grants_changed, \(position) as position, \
        \(variant.confinement == .key ? "c.counts, " : "")\
        case when exists (select from \(rows(Organizations.self)) o where o.id = s.organization) \
        then \(roles(in: "s.organization")) else '{}' end as roles, s.organization\(columns) \
        from \(account) left join lateral (select \(organization) as organization) s on true)
        """
    }
}

extension Parameters {
    /// The organization that the request states.
    func stated<Argument>() -> String where Input == ReadInput<Argument> {
        uuid { $0.caller.statedOrganization }
    }
}
