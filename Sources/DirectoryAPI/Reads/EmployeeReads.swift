import CanonicalJSON
import Directory
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import Postgres

/// The statements that read one employee.
enum EmployeeReads {
    /// By its id.
    static let byID = ReadStatement<UUID, Found<EmployeeColumns?>>(isPoint: true) { columns, sql, caller in
        Found(
            facts: try CallerFacts(&columns, sql, in: "e.organization", caller),
            value: try columns.ifPresent("e.id is not null") { try EmployeeColumns(&$0, sql) })
    } _: { sql, parameters, columns in
        """
        select \(columns) from \(sql.account)
        left join \(sql.rows(Employees.self)) e on e.id = \(parameters.uuid { $0.argument })
        """
    }

    /// The active one of an account in the current organization.
    static let byAccount = ofCurrentOrganization { $0.uuid { $0.argument } }

    /// The caller's active one in the current organization.
    static let own = ofCurrentOrganization { _ in "ctx.id" }

    private static func ofCurrentOrganization(
        _ account: @escaping (ReadParameters<UUID?>) -> String
    ) -> ReadStatement<UUID?, Found<EmployeeColumns?>> {
        ReadStatement(isPoint: true) { columns, sql, caller in
            Found(
                facts: try CallerFacts(context: &columns, caller),
                value: try columns.ifPresent("e.id is not null") { try EmployeeColumns(&$0, sql) })
        } _: { sql, parameters, columns in
            """
            with \(sql.context("coalesce(\(parameters.stated()), \(sql.onlyOrganization))"))
            select \(columns) from ctx left join \(sql.rows(Employees.self)) e on e.account = \(account(parameters))
            and e.organization = ctx.organization and e.status = \(ReadSQL.active)
            """
        }
    }
}

/// The columns of an employee `e`.
struct EmployeeColumns: Sendable {
    /// The account that it is linked to.
    let account: UUID?
    /// Its finished JSON, as all who read the directory see it.
    let json: [UInt8]
    /// Its finished JSON with hidden fields, where it has any.
    let full: [UInt8]?
    /// The position of the event that made it so.
    let since: Position
    private let sections: Sections

    init(_ columns: inout Columns, _ sql: ReadSQL) throws {
        sections = try Sections(Section.ofEmployee, &columns, sql, "e")
        account = try columns.uuidIfPresent("e.account")
        json = try columns.bytes("e.json")
        full = try columns.bytesIfPresent("e.full_json")
        since = try columns.int("e.since")
    }

    /// As a caller with certain roles in its organization sees it.
    func rendered(for caller: UUID, with roles: Roles) -> [UInt8] {
        let hidden = Sight.showsHidden(ofEmployeeOf: account, to: caller, with: roles)
        return Rendering.employee(json, full: full, sections, hidden: hidden)
    }
}

/// An employee as it was read for a caller who may see it.
struct EmployeeRead: Sendable {
    private let facts: CallerFacts
    private let columns: EmployeeColumns

    /// - Throws: not found, where there is none that the caller finds.
    init(_ found: Found<EmployeeColumns?>) throws {
        guard let columns = found.value, found.facts.finds else { throw Refusal.notFound("employee") }
        (facts, self.columns) = (found.facts, columns)
    }

    /// The whole employee.
    var entity: APIResponse { reply(columns.rendered(for: facts.account, with: facts.roles)) }

    /// Its profile.
    var profile: APIResponse {
        reply(Rendering.profile(seesHidden ? columns.full ?? columns.json : columns.json))
    }

    /// Its reporting lines.
    func managers() throws -> APIResponse {
        let parsed = try JSON(parsing: columns.json, limits: .trusted)
        let lines = parsed["managers"]?.array ?? []
        var writer = JSONWriter(reservingCapacity: 256)
        writer.beginArray()
        for line in lines { writer.objectAsItStands(line.members ?? []) }
        writer.endArray()
        return reply(writer.bytes)
    }

    private func reply(_ json: [UInt8]) -> APIResponse {
        APIResponse(
            body: .json(json), tag: EntityTag(columns.since, showsHidden: seesHidden), position: facts.position)
    }

    private var seesHidden: Bool { facts.seesHidden(ofEmployeeOf: columns.account) }
}

extension APIRequest {
    /// Reads an employee.
    func employee(_ id: UUID, at moment: Moment = .now) async throws -> EmployeeRead {
        try EmployeeRead(try await EmployeeReads.byID.one(service.reads, caller, moment, id))
    }

    /// Reads the active employee of an account in the current organization.
    func employee(of account: UUID) async throws -> EmployeeRead {
        try await currentEmployee(EmployeeReads.byAccount, account)
    }

    /// Reads the caller's active employee in the current organization.
    func ownEmployee() async throws -> EmployeeRead { try await currentEmployee(EmployeeReads.own, nil) }

    private func currentEmployee(
        _ statement: ReadStatement<UUID?, Found<EmployeeColumns?>>, _ account: UUID?
    ) async throws -> EmployeeRead {
        let found = try await statement.one(service.reads, caller, .now, account)
        try found.facts.checkCurrentOrganization()
        return try EmployeeRead(found)
    }
}
