import Directory
import EventSourcing
import FoundationEssentials
import OrganizationsProjection
import Postgres

/// The statements that read one organization.
enum OrganizationReads {
    /// By its id.
    static let byID = one { (p: ReadParameters<UUID>) in "e.id = \(p.uuid { $0.argument })" }

    /// By its alias.
    static let byAlias = one { (p: ReadParameters<String>) in "e.alias = \(p.text { $0.argument })" }

    /// The current one.
    static let current = ReadStatement<Void, Found<OrganizationColumns?>>(isPoint: true) { columns, sql, caller in
        Found(
            facts: try CallerFacts(context: &columns, caller),
            value: try columns.ifPresent("e.id is not null") { try OrganizationColumns(&$0, sql) })
    } _: { sql, parameters, columns in
        """
        with \(sql.context("coalesce(\(parameters.stated()), \(sql.onlyOrganization))"))
        select \(columns) from ctx left join \(sql.rows(Organizations.self)) e on e.id = ctx.organization
        """
    }

    private static func one<Argument>(
        _ condition: @escaping (ReadParameters<Argument>) -> String
    ) -> ReadStatement<Argument, Found<OrganizationColumns?>> {
        ReadStatement(isPoint: true) { columns, sql, caller in
            Found(
                facts: try CallerFacts(&columns, sql, in: "e.id", caller),
                value: try columns.ifPresent("e.id is not null") { try OrganizationColumns(&$0, sql) })
        } _: { sql, parameters, columns in
            """
            select \(columns) from \(sql.account) left join \(sql.rows(Organizations.self)) e
            on \(condition(parameters))
            """
        }
    }
}

/// The columns of an organization `e`.
struct OrganizationColumns: Sendable {
    /// Its finished JSON, as all who read the directory see it.
    let json: [UInt8]
    /// The position of the event that made it so.
    let since: Position
    private let sections: Sections

    init(_ columns: inout Columns, _ sql: ReadSQL) throws {
        sections = try Sections(Section.ofOrganization, &columns, sql, "e")
        json = try columns.bytes("e.json")
        since = try columns.int("e.since")
    }

    /// As somebody with certain roles in it sees it.
    func rendered(for roles: Roles) -> [UInt8] {
        Rendering.organization(json, sections, hidden: Permission.readHidden.isGiven(by: roles))
    }
}

/// An organization as it was read for a caller who may see it.
struct OrganizationRead: Sendable {
    private let facts: CallerFacts
    private let columns: OrganizationColumns

    /// - Parameter moment: what the first response showed its caller, a repeat shows as well, whoever sees it today.
    /// - Throws: not found, where there is none that the caller finds.
    init(_ found: Found<OrganizationColumns?>, _ moment: Moment) throws {
        guard let columns = found.value else { throw Refusal.notFound("organization") }
        switch moment {
        case .now, .asOf: guard found.facts.finds else { throw Refusal.notFound("organization") }
        case .repeated: break
        }
        (facts, self.columns) = (found.facts, columns)
    }

    /// The whole organization.
    var entity: APIResponse { reply(columns.rendered(for: facts.roles)) }

    /// Its profile.
    var profile: APIResponse { reply(Rendering.profile(columns.json)) }

    private func reply(_ json: [UInt8]) -> APIResponse {
        APIResponse(
            body: .json(json), tag: EntityTag(columns.since, showsHidden: facts.has(.readHidden)),
            position: facts.position)
    }
}

extension APIRequest {
    /// Reads an organization.
    func organization(_ id: UUID, at moment: Moment = .now) async throws -> OrganizationRead {
        try OrganizationRead(try await OrganizationReads.byID.one(service.reads, caller, moment, id), moment)
    }

    /// Reads the organization with an alias.
    func organization(alias: String) async throws -> OrganizationRead {
        try OrganizationRead(try await OrganizationReads.byAlias.one(service.reads, caller, .now, alias), .now)
    }

    /// Reads the current organization.
    func currentOrganization() async throws -> OrganizationRead {
        let found = try await OrganizationReads.current.one(service.reads, caller, .now)
        try found.facts.checkCurrentOrganization()
        return try OrganizationRead(found, .now)
    }
}
