import AccountsProjection
import AppsProjection
import Directory
import DirectoryEvents
import DirectoryRows
import EmployeesProjection
import EventLog
import EventSourcing
import FoundationEssentials
import GroupsProjection
import OrganizationsProjection
import Postgres

/// Where a list starts: who asks, about which organization, and of which moment. Found by a point read, before anything else
/// is looked for, so that a foreign id is refused as fast as an unknown one.
struct ListScope: Sendable {
    let facts: CallerFacts
    /// What keys depend on that are found from there.
    let basis: KeyBasis
    /// Whether the caller sees all there is.
    let seesAll: Bool

    init<Answer>(_ found: ReadRow<ListStart<Answer>>, seesAll: Bool = false) {
        facts = found.facts
        basis = KeyBasis(grantsChanged: facts.grantsChanged, erased: found.value.erased)
        self.seesAll = seesAll
    }

    /// The moment that all pages of the list show.
    var moment: Moment { .asOf(facts.position) }
}

/// What is found out where a list starts, besides facts about the caller.
struct ListStart<Answer: Sendable>: Sendable {
    let answer: Answer
    /// The position of the last event that erased something.
    let erased: Position

    init(_ columns: inout Columns, _ answer: (inout Columns) throws -> Answer) throws {
        self.answer = try answer(&columns)
        erased = try columns.int(Erasures.last)
    }
}

/// The statements that find where a list starts.
enum ListScopes {
    /// The current organization.
    static let current = ReadStatement<Void, ReadRow<ListStart<Void>>>(isPoint: true) { columns, sql, caller in
        ReadRow(facts: try CallerFacts(context: &columns, sql, caller), value: try ListStart(&columns) { _ in })
    } _: { sql, parameters, columns in
        """
        with \(sql.context("coalesce(\(parameters.stated()), \(sql.onlyOrganization))")) select \(columns) from ctx
        """
    }

    /// Everything that the caller sees; whether that is all there is.
    static let everywhere = ReadStatement<Void, ReadRow<ListStart<Bool>>>(isPoint: true) { columns, sql, caller in
        ReadRow(
            facts: try CallerFacts(context: &columns, sql, caller),
            value: try ListStart(&columns) { try $0.bool("ctx.sees_all") })
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
    static let integrations = ReadStatement<Void, ReadRow<ListStart<Bool>>>(isPoint: true) { columns, sql, caller in
        ReadRow(
            facts: try CallerFacts(context: &columns, sql, caller),
            value: try ListStart(&columns) { try $0.bool("ctx.sees_apps") })
    } _: { sql, parameters, columns in
        """
        with \(sql.context(parameters.stated(), ", \(sql.isAnywhere(.readHidden)) as sees_apps"))
        select \(columns) from ctx
        """
    }

    /// The organization of what can be a member of groups and belongs to one: an employee or a group.
    static let member = entity(in: "organization") { sql in
        """
        (select id, organization from \(sql.rows(Employees.self)) e
        union all select id, organization from \(sql.rows(Groups.self)) g)
        """
    }

    private static func entity<P: OrganizationEntityProjection>(
        _: P.Type
    ) -> ReadStatement<UUID, ReadRow<ListStart<Void>>> {
        entity(in: P.organizationColumn) { $0.rows(P.self) }
    }

    private static func entity(
        in organization: String, _ rows: @escaping (ReadSQL) -> String
    ) -> ReadStatement<UUID, ReadRow<ListStart<Void>>> {
        ReadStatement(isPoint: true) { columns, sql, caller in
            ReadRow(
                facts: try CallerFacts(&columns, sql, in: "e.\(organization)", caller),
                value: try ListStart(&columns) { _ in })
        } _: { sql, parameters, columns in
            """
            select \(columns) from \(sql.account)
            left join \(rows(sql)) e on e.id = \(parameters.uuid { $0.argument })
            """
        }
    }

    /// Whether the caller sees an account, at the moment.
    static let account = ReadStatement<UUID, ReadRow<ListStart<Bool>>>(isPoint: true) { columns, sql, caller in
        ReadRow(
            facts: try CallerFacts(context: &columns, sql, caller),
            value: try ListStart(&columns) { try $0.bool("a.id is not null") })
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
        return ListScope(found)
    }

    /// Everything that the caller sees, in the organization that its token claims or everywhere.
    func everywhere(at moment: Moment) async throws -> ListScope {
        let found = try await ListScopes.everywhere.one(service.reads, caller, moment)
        try found.facts.checkStatedOrganization()
        return ListScope(found, seesAll: found.value.answer)
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
        of kind: EntityKind, _ statement: ReadStatement<UUID, ReadRow<ListStart<Void>>>, _ id: UUID, at moment: Moment
    ) async throws -> ListScope {
        let found = try await statement.one(service.reads, caller, moment, id)
        guard found.facts.finds else { throw Refusal.notFound(kind.word) }
        return ListScope(found)
    }

    /// All organizations whose apps the caller sees.
    func organizationsWithApps(at moment: Moment) async throws -> ListScope {
        let found = try await ListScopes.integrations.one(service.reads, caller, moment)
        try found.facts.checkStatedOrganization()
        guard found.value.answer else { throw Refusal.forbidden(Apps.refusals.seeing) }
        return ListScope(found)
    }

    /// The stated organization, if there is one, around an account that the caller sees.
    func organization(aroundAccount id: UUID, at moment: Moment) async throws -> ListScope {
        let found = try await ListScopes.account.one(service.reads, caller, moment, id)
        try found.facts.checkStatedOrganization()
        guard found.value.answer else { throw Refusal.notFound("account") }
        return ListScope(found)
    }
}
