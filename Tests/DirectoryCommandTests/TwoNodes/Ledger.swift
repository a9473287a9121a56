import Foundation
import Postgres
import TestSupport

/// What clients were told.
struct Ledger: Sendable {
    /// How many changes of a kind were acknowledged.
    private(set) var made: [Change.Kind: Int] = [:]
    fileprivate private(set) var answers: [String: (change: Change, answer: Nodes.Answer)] = [:]

    mutating func note(_ answer: Nodes.Answer, to change: Change, as id: String) {
        if answer.isSuccess { made[change.kind, default: 0] += 1 }
        answers[id] = (change, answer)
    }

    mutating func merge(_ other: Ledger) {
        made.merge(other.made) { $0 + $1 }
        answers.merge(other.answers) { first, _ in first }
    }
}

extension TestDatabase {
    /// Where the log and what clients were told do not agree, in words.
    func contradictions(to ledger: Ledger) async throws -> [String] {
        var attempts: [String: [(attempt: String, last: Int64)]] = [:]
        for row in try await query(
            """
            select origin ->> 'requestId', max(position), count(*) from log.events
            where origin ->> 'requestId' like '%-%.%' group by 1
            """)
        {
            let attempt = try row.text(0)
            attempts[String(attempt.prefix { $0 != "." }), default: []].append((attempt, try row.int(1)))
        }
        var found: [String] = []
        for (id, (change, answer)) in ledger.answers {
            let written = attempts.removeValue(forKey: id) ?? []
            let text = "\(change.method) \(change.path) \(answer.status): \(written)"
            if change.isMadeOnce, written.count > 1 { found.append("made twice: \(text)") }
            if answer.status == 201, written.isEmpty { found.append("not made: \(text)") }
            if change.isRefusedForGood, !answer.isSuccess, !written.isEmpty {
                found.append("refused and made: \(text)")
            }
            if change.method == "POST", answer.isSuccess, let last = written.first?.last, last != answer.position {
                found.append("acknowledged at \(answer.position ?? 0): \(text)")
            }
        }
        return found
    }

    /// The rules that the directory's rows break, in words.
    func brokenRules() async throws -> [String] {
        // `accounts_v2` serves accounts.
        let schemas = try await query("select nspname from pg_namespace where nspname ~ '_v[0-9]+$'").map {
            try $0.text(0)
        }
        var broken: [String] = []
        for (rule, offenders) in Self.rules {
            let sql = schemas.reduce(offenders) {
                $0.replacing("[\($1.prefix(upTo: $1.lastIndex(of: "_") ?? $1.endIndex))]", with: $1)
            }
            if try await number("select count(*) from (\(sql)) o") > 0 { broken.append(rule) }
        }
        return broken
    }

    /// A rule, and the query that gives what breaks it; `[accounts]` is the schema that serves accounts.
    private static let rules: [(String, String)] = [
        (
            "positions have a gap",
            "select from log.events having max(position) <> count(*) or min(position) <> 1"
        ),
        (
            "two accounts have one address",
            "select email_key from [accounts].current group by 1 having count(*) > 1"
        ),
        (
            "two organizations have one alias",
            "select alias from [organizations].current group by 1 having count(*) > 1"
        ),
        (
            "two active employees of an organization have one address",
            """
            select from [employees].current where status = 'ACTIVE' group by organization, email_key having count(*) > 1
            """
        ),
        (
            "an account is linked to two active employees of an organization",
            """
            select from [employees].current where status = 'ACTIVE' and account is not null
            group by organization, account having count(*) > 1
            """
        ),
        (
            "an id in an app refers to two entities of a kind",
            "select from [mappings].current group by app, namespace, mapped_id, kind having count(*) > 1"
        ),
        (
            "reporting lines form a cycle",
            """
            with recursive above (employee, manager, type) as (
                select employee, manager, type from [reporting_lines].current
                union select a.employee, l.manager, a.type from above a
                join [reporting_lines].current l on l.employee = a.manager and l.type = a.type
            ) select from above where employee = manager
            """
        ),
        (
            "groups form a cycle",
            """
            with recursive above (member, group_id) as (
                select member, group_id from [group_memberships].current where kind = 'GROUP'
                union select a.member, m.group_id from above a
                join [group_memberships].current m on m.member = a.group_id and m.kind = 'GROUP'
            ) select from above where member = group_id
            """
        ),
        (
            "an organization has no active OWNER",
            """
            select from [organizations].current o where not exists (
                select from [grants].current g join [accounts].current a on a.id = g.account
                where g.organization = o.id and g.role = 'OWNER' and a.status = 'ACTIVE')
            """
        ),
        (
            "an INACTIVE employee has a line, a membership or a grant",
            """
            select from [employees].current e where e.status <> 'ACTIVE' and (
                exists (select from [reporting_lines].current l where l.employee = e.id)
                or exists (select from [group_memberships].current m where m.member = e.id)
                or exists (select from [grants].current g where g.employee = e.id))
            """
        ),
        (
            "a secret is kept of what is not there, or is missing",
            """
            select from [organization_keys].current k full join log.secrets s on s.owner = k.id and s.name = ''
            where (k.id is null and s.sealed is not null) or s.owner is null
            """
        ),
    ]
}
