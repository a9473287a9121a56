import Directory
import DirectoryEvents
import EmployeeNamesProjection
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import Postgres
import ReportingLinesProjection

/// The statements that list employees. Those of the current organization take `$3` the stated organization, those about an
/// employee `$3` its id; all take `$4` the key behind which to go on and `$5` how many to read, then their own.
enum EmployeeLists {
    private static let element = "e.json, e.full_json, coalesce(e.account = ctx.id, false)"

    private static func inOrganization(_ condition: @escaping (ReadVariant) -> String) -> ReadStatement {
        ReadStatement { variant in
            """
            with \(variant.context)
            select \(variant.contextColumns), p.* from ctx left join lateral (
                select \(variant.key).created, \(element) from \(variant.entities(Employees.self))
                where \(variant.key).organization = ctx.organization and \(variant.key).created > $4
                and \(condition(variant)) order by \(variant.key).created limit $5
            ) p on true
            """
        }
    }

    /// Status `$6` and type `$7`, where given.
    private static let filters = "($6::text is null or e.status = $6) and ($7::text is null or e.type = $7)"

    /// By status `$6` and type `$7`, where given.
    static let all = inOrganization { _ in filters }

    /// As `all`, with the e-mail key `$8`.
    static let byEmail = inOrganization { _ in "e.email_key = $8 and \(filters)" }

    /// As `all`, with the e-mail key `$8` where given: active ones without a DIRECT manager.
    static let withoutManager = inOrganization { variant in
        """
        e.status = 'ACTIVE' and ($8::text is null or e.email_key = $8) and \(filters) \
        and not exists (select from \(variant.rows(ReportingLines.self)) l \
        where l.employee = e.id and l.type = '\(DefaultType.line)')
        """
    }

    /// As `withoutManager`: active ones with a DIRECT manager who is not active.
    static let withInactiveManager = inOrganization { variant in
        """
        e.status = 'ACTIVE' and ($8::text is null or e.email_key = $8) and \(filters) \
        and exists (select from \(variant.rows(ReportingLines.self)) l \
        join \(variant.rows(Employees.self)) m on m.id = l.manager \
        where l.employee = e.id and l.type = '\(DefaultType.line)' and m.status <> 'ACTIVE')
        """
    }

    /// Those in whose names every word of `$6` begins a word.
    static let byName = inOrganization { variant in
        let names = variant.rows(EmployeeNames.self)
        let match = { (word: String) in "n.word >= \(word) and n.word < \(word) || U&'\\+10FFFF'" }
        return """
            e.id in (select n.employee from \(names) n \
            where n.organization = ctx.organization and \(match("($6::text[])[1]"))) \
            and not exists (select from unnest($6::text[]) q(word) where not exists (\
            select from \(names) n where n.employee = e.id and \(match("q.word"))))
            """
    }

    private static func about(_ tree: @escaping (ReadVariant) -> String, key: String, from: String) -> ReadStatement {
        ReadStatement { variant in
            """
            with recursive ctx as (select c.id, c.status, c.grants_changed, \(variant.position) as position, \
            \(variant.roleWords(in: "a.organization")) as roles, a.organization, a.id as employee
            from \(variant.caller) left join \(variant.rows(Employees.self)) a on a.id = $3),
            \(tree(variant))
            select \(variant.contextColumns), p.* from ctx left join lateral (
                select \(key), \(element) from \(from) join \(variant.rows(Employees.self)) e on e.id = t.id
                where \(key) > $4 order by \(key) limit $5
            ) p on true
            """
        }
    }

    /// Those with a line to `$3`, of type `$6` where given.
    static let direct = about(
        {
            "t as (select l.employee as id from ctx join \($0.rows(ReportingLines.self)) l on l.manager = ctx.employee "
                + "where $6::text is null or l.type = $6)"
        }, key: "e.created", from: "t")

    /// Those below `$3` over lines of type `$6`, at most `$7` steps down.
    static let below = about(
        { "\(levels($0, from: "manager", to: "employee")), t as (select id from steps where depth > 0)" },
        key: "e.created", from: "t")

    /// Those above `$3` over lines of type `$6`, nearest first.
    static let above = about(
        {
            """
            \(levels($0, from: "employee", to: "manager")),
            t as (select s.id, row_number() over (order by s.depth, m.created) as rank
            from steps s join \(Employees.schemaName).current m on m.id = s.id where s.depth > 0)
            """
        }, key: "t.rank", from: "t")

    /// All whom lines lead to as `steps`, each with its least distance: level by level, so that nobody is met once for every
    /// way that leads there.
    private static func levels(_ variant: ReadVariant, from: String, to: String) -> String {
        """
        levels(depth, ids, seen) as (
            select 0, array[ctx.employee], array[ctx.employee] from ctx where ctx.employee is not null
            union all
            select v.depth + 1, n.ids, v.seen || n.ids from levels v cross join lateral (select array(
                select distinct l.\(to) from \(variant.rows(ReportingLines.self)) l
                where l.\(from) = any(v.ids) and l.type = $6
                and not exists (select from unnest(v.seen) known(id) where known.id = l.\(to))
            ) as ids) n where cardinality(n.ids) > 0 and v.depth < $7 and cardinality(v.seen) <= \(View.stepLimit)
        ),
        steps as (select v.depth, step.id from levels v cross join unnest(v.ids) as step(id))
        """
    }
}

extension APIRequest {
    /// Lists employees of the current organization.
    func employees(_ statement: ReadStatement, _ parameters: [Parameter]) async throws -> Reply {
        try await employees(statement, service.reads, .uuid(caller.statedOrganization), parameters) { [self] row in
            try currentOrganization(row)
        }
    }

    /// Lists employees that stand in relation to one.
    func employees(_ statement: ReadStatement, around employee: UUID, _ parameters: [Parameter]) async throws -> Reply {
        try await employees(statement, service.longReads, .uuid(employee), parameters) { [caller] row in
            let facts = try CallerFacts(row, caller)
            guard let organization = try row.uuidIfPresent(5), facts.has(.read), caller.finds(organization) else {
                throw Refusal.notFound("employee")
            }
            return facts
        }
    }

    private func employees(
        _ statement: ReadStatement, _ pool: PostgresPool, _ first: Parameter, _ parameters: [Parameter],
        _ check: @escaping @Sendable (Row) throws -> CallerFacts
    ) async throws -> Reply {
        try await list { [self] cursor, limit in
            let rows = try await statement.run(
                pool, caller, at: cursor?.position,
                [first, .int8(cursor?.key ?? 0), .int8(Int64(limit + 1))] + parameters)
            let facts = try check(rows[0])
            let seesHidden = facts.has(.readHidden)
            let page = try page(rows, limit: limit, position: facts.position) { row in
                Rendering.employee(
                    try row.bytes(7), full: try row.bytesIfPresent(8), hidden: try seesHidden || row.bool(9))
            }
            return (page, facts.position)
        }
    }
}
