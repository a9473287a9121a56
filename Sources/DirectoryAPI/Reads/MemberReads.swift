import AccountsProjection
import Directory
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GrantsProjection
import GroupMembershipsProjection
import GroupsProjection
import MembershipSetsProjection
import Postgres

/// What was found of an entity that can be a member of groups, for a caller in its organization, or in the current one where it is
/// an account.
struct FoundMember: Sendable {
    /// `nil` where there is none; an account only where the caller sees it.
    let kind: EntityKind?
    /// Whether an account has a role in the current organization.
    let hasRole: Bool

    init(_ columns: inout Columns) throws {
        kind = try columns.textIfPresent(
            """
            case when e.id is not null then '\(EntityKind.employee.rawValue)' \
            when g.id is not null then '\(EntityKind.group.rawValue)' \
            when a.id is not null then '\(EntityKind.account.rawValue)' end
            """
        ).flatMap { EntityKind(rawValue: $0) }
        hasRole = try columns.bool("r.has_role")
    }

    /// - Throws: not found, where there is no such member that the caller finds; 400 where no organization is current.
    func check(_ facts: CallerFacts) throws {
        switch kind {
        case .account:
            try facts.checkCurrentOrganization()
            guard hasRole else { throw Refusal.notFound("entity") }
        case .some: guard facts.finds else { throw Refusal.notFound("entity") }
        case nil: throw Refusal.notFound("entity")
        }
    }
}

/// The statements that read what an entity is as a member of groups.
enum MemberReads {
    /// The organization in whose groups it is a member.
    static let scope = ReadStatement<UUID, ReadRow<ListStart<FoundMember>>>(isPoint: true) { columns, sql, caller in
        ReadRow(
            facts: try CallerFacts(context: &columns, sql, caller),
            value: try ListStart(&columns) { try FoundMember(&$0) })
    } _: { sql, parameters, columns in
        text(sql, parameters, columns)
    }

    /// The same, with the tag of its memberships there.
    static let tag = ReadStatement<UUID, ReadRow<(FoundMember, EntityTag)>>(isPoint: true) { columns, sql, caller in
        ReadRow(
            facts: try CallerFacts(context: &columns, sql, caller),
            value: (try FoundMember(&columns), try EntityTag(memberships: &columns)))
    } _: { sql, parameters, columns in
        let member = parameters.uuid { $0.argument }
        return text(sql, parameters, columns) + """
             cross join lateral (select coalesce((select s.since from \(sql.rows(MembershipSets.self)) s \
            where s.member = \(member) and s.organization = ctx.organization), 0) as since) s \
            cross join lateral (select count(*) as suspended, coalesce(max(i.since), 0) as changed \
            from \(sql.rows(GroupMemberships.self)) m cross join lateral (\
            select i.since from \(sql.rows(Groups.self)) i where i.id = m.group_id and i.status <> \(ReadSQL.active) offset 0) i \
            where m.member = \(member) and m.organization = ctx.organization) i
            """
    }

    private static func text(_ sql: ReadSQL, _ parameters: ReadParameters<UUID>, _ columns: String) -> String {
        let id = parameters.uuid { $0.argument }
        let organization = """
            coalesce((select o.organization from \(sql.rows(Employees.self)) o where o.id = \(id)), \
            (select o.organization from \(sql.rows(Groups.self)) o where o.id = \(id)), \
            \(parameters.stated()), \(sql.onlyOrganization))
            """
        return """
            with \(sql.context(organization, sql.sight)) select \(columns) from ctx \
            left join \(sql.rows(Employees.self)) e on e.id = \(id) \
            left join \(sql.rows(Groups.self)) g on g.id = \(id) \
            left join \(sql.rows(Accounts.self)) a on a.id = \(id) and \(sql.sees(account: "a")) \
            cross join lateral (select exists (select from \(sql.rows(Grants.self)) v where v.account = a.id \
            and v.organization = ctx.organization offset 0) or exists (select from \(sql.rows(Employees.self)) w \
            where w.account = a.id and w.organization = ctx.organization and w.status = \(ReadSQL.active) offset 0) \
            as has_role) r
            """
    }
}

extension EntityTag {
    /// The columns of the tables `s` and `i` of `MemberReads.tag`.
    fileprivate init(memberships columns: inout Columns) throws {
        self.init(
            try columns.int("s.since"),
            suspended: Suspended(count: try columns.int("i.suspended"), since: try columns.int("i.changed")))
    }
}

extension APIRequest {
    /// The organization in whose groups an entity is a member. Most members are employees or groups, which takes far less to find
    /// out than whether the caller sees an account.
    func organization(ofMember id: UUID, at moment: Moment) async throws -> ListScope {
        let member = try await ListScopes.member.one(service.reads, caller, moment, id)
        if member.facts.organization != nil {
            guard member.facts.finds else { throw Refusal.notFound("entity") }
            return ListScope(member)
        }
        let found = try await MemberReads.scope.one(service.reads, caller, moment, id)
        try found.value.answer.check(found.facts)
        return ListScope(found)
    }

    /// The tag of an entity's memberships, without them.
    func membershipTag(of id: UUID, at moment: Moment) async throws -> APIResponse {
        let found = try await MemberReads.tag.one(service.reads, caller, moment, id)
        // Its caller may have lost its role by the change, or the account its last one: the change was made all the same.
        if moment.dependsOnRights { try found.value.0.check(found.facts) }
        return APIResponse(.none, tag: found.value.1, for: found.facts)
    }
}
