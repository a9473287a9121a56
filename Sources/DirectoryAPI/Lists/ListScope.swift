import AccountsProjection
import AppsProjection
import Directory
import DirectoryEvents
import DirectoryRows
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GroupsProjection
import OrganizationsProjection
import Postgres

/// Where a list starts: who asks, about which organization, and of which moment. Found by a point read, before anything else
/// is looked for, so that a foreign id is refused as fast as an unknown one.
struct ListScope: Sendable {
    let facts: CallerFacts
    /// Whether the caller sees all there is.
    var seesAll = false

    /// The moment that all pages of the list show.
    var moment: Moment { .asOf(facts.position) }
}

/// The statements that find where a list starts.
enum ListScopes {
    /// The current organization.
    static let current = ReadStatement<Void, ReadRow<Bool>>(isPoint: true) { columns, sql, caller in
        ReadRow(facts: try CallerFacts(context: &columns, sql, caller), value: false)
    } _: { sql, parameters, columns in
        """
        with \(sql.context("coalesce(\(parameters.stated()), \(sql.onlyOrganization))")) select \(columns) from ctx
        """
    }

    /// Everything that the caller sees; whether that is all there is.
    static let everywhere = ReadStatement<Void, ReadRow<Bool>>(isPoint: true) { columns, sql, caller in
        ReadRow(facts: try CallerFacts(context: &columns, sql, caller), value: try columns.bool("ctx.sees_all"))
    } _: { sql, parameters, columns in
        "with \(sql.context(parameters.stated(), ", \(sql.isSystemAdmin) as sees_all")) select \(columns) from ctx"
    }

    /// The organization of an employee, at the moment.
    static let employee = entity(Employees.self)

    /// The organization of a group, at the moment.
    static let group = entity(Groups.self)

    /// An organization, at the moment.
    static let organization = entity(Organizations.self)

    /// Whether the caller sees the apps of any organization.
    static let integrations = ReadStatement<Void, ReadRow<Bool>>(isPoint: true) { columns, sql, caller in
        ReadRow(facts: try CallerFacts(context: &columns, sql, caller), value: try columns.bool("ctx.sees_apps"))
    } _: { sql, parameters, columns in
        """
        with \(sql.context(parameters.stated(), ", \(sql.isAnywhere(.readHidden)) as sees_apps"))
        select \(columns) from ctx
        """
    }

    private static func entity<P: OrganizationEntityProjection>(_: P.Type) -> ReadStatement<UUID, ReadRow<Bool>> {
        ReadStatement(isPoint: true) { columns, sql, caller in
            ReadRow(facts: try CallerFacts(&columns, sql, in: "e.\(P.organizationColumn)", caller), value: false)
        } _: { sql, parameters, columns in
            """
            select \(columns) from \(sql.account)
            left join \(sql.rows(P.self)) e on e.id = \(parameters.uuid { $0.argument })
            """
        }
    }

    /// Whether the caller sees an account, at the moment.
    static let account = ReadStatement<UUID, ReadRow<Bool>>(isPoint: true) { columns, sql, caller in
        ReadRow(facts: try CallerFacts(context: &columns, sql, caller), value: try columns.bool("a.id is not null"))
    } _: { sql, parameters, columns in
        """
        with \(sql.context(parameters.stated(), sql.sight)) select \(columns) from ctx
        left join \(sql.rows(Accounts.self)) a on a.id = \(parameters.uuid { $0.argument })
        and \(sql.sees(account: "a"))
        """
    }
}

extension APIRequest {
    /// The current organization, whose directory the caller reads.
    func currentOrganization(at moment: Moment) async throws -> ListScope {
        let found = try await ListScopes.current.one(service.reads, caller, moment)
        try found.facts.checkCurrentOrganization()
        return ListScope(facts: found.facts)
    }

    /// Everything that the caller sees, in the organization that its token claims or everywhere.
    func everywhere(at moment: Moment) async throws -> ListScope {
        let found = try await ListScopes.everywhere.one(service.reads, caller, moment)
        try found.facts.checkStatedOrganization()
        return ListScope(facts: found.facts, seesAll: found.value)
    }

    /// An organization that the caller finds.
    func organization(_ id: UUID, at moment: Moment) async throws -> ListScope {
        try await organization(of: .organization, ListScopes.organization, id, at: moment)
    }

    /// The organization of an employee that the caller finds.
    func organization(ofEmployee id: UUID, at moment: Moment) async throws -> ListScope {
        try await organization(of: .employee, ListScopes.employee, id, at: moment)
    }

    /// The organization of a group that the caller finds.
    func organization(ofGroup id: UUID, at moment: Moment) async throws -> ListScope {
        try await organization(of: .group, ListScopes.group, id, at: moment)
    }

    private func organization(
        of kind: EntityKind, _ statement: ReadStatement<UUID, ReadRow<Bool>>, _ id: UUID, at moment: Moment
    ) async throws -> ListScope {
        let found = try await statement.one(service.reads, caller, moment, id)
        guard found.facts.finds else { throw Refusal.notFound(kind.word) }
        return ListScope(facts: found.facts)
    }

    /// All organizations whose apps the caller sees.
    func organizationsWithApps(at moment: Moment) async throws -> ListScope {
        let found = try await ListScopes.integrations.one(service.reads, caller, moment)
        try found.facts.checkStatedOrganization()
        guard found.value else { throw Refusal.forbidden(Apps.refusals.seeing) }
        return ListScope(facts: found.facts)
    }

    /// The stated organization, if there is one, around an account that the caller sees.
    func organization(aroundAccount id: UUID, at moment: Moment) async throws -> ListScope {
        let found = try await ListScopes.account.one(service.reads, caller, moment, id)
        try found.facts.checkStatedOrganization()
        guard found.value else { throw Refusal.notFound("account") }
        return ListScope(facts: found.facts)
    }
}
