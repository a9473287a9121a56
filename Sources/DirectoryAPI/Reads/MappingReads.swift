import AccountsProjection
import AppsProjection
import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import MappingsProjection
import Postgres

/// An id in an app, under a namespace.
struct MappedID: Sendable {
    let app: UUID
    let namespace, id: String
}

/// The statement that finds what an id in an app refers to.
enum MappingReads {
    static let byMappedID = ReadStatement<MappedID, ReadRow<MappedColumns?>>(isPoint: true) { columns, sql, caller in
        ReadRow(
            facts: try CallerFacts(context: &columns, sql, caller),
            value: try columns.ifPresent("a.id is not null") { try MappedColumns(&$0, sql) })
    } _: { sql, parameters, columns in
        """
        with \(sql.context(parameters.stated(), sql.sight)) select \(columns) from ctx
        left join \(sql.rows(Apps.self)) a on a.id = \(parameters.uuid { $0.argument.app })
        left join lateral (
            select string_agg('{"entity":"' || m.entity || '","entityType":"' || m.kind || '"}', ',' order by m.created)
            as elements from \(sql.rows(Mappings.self)) m where m.app = a.id
            and m.namespace = \(parameters.text { $0.argument.namespace })
            and m.mapped_id = \(parameters.text { $0.argument.id })
            and (m.kind <> '\(EntityKind.account.rawValue)' or exists (
                select from \(sql.rows(Accounts.self)) x where x.id = m.entity and \(sql.sees(account: "x"))))
        ) m on true
        """
    }
}

/// The columns of an app `a`, with the entities that an id in it refers to, as far as the caller sees them.
struct MappedColumns: Sendable {
    let organization: UUID
    /// The caller's roles in the organization.
    let roles: Roles
    let json: [UInt8]

    init(_ columns: inout Columns, _ sql: ReadSQL) throws {
        organization = try columns.uuid("a.organization")
        roles = Roles(words: try columns.texts(sql.roles(in: "a.organization", of: "ctx")))
        json = try columns.bytes("'[' || coalesce(m.elements, '') || ']'")
    }
}

extension APIRequest {
    /// Reads what an id in an app refers to.
    func entities(mappedTo id: MappedID, at moment: Moment) async throws -> APIResponse {
        let found = try await MappingReads.byMappedID.one(service.reads, caller, moment, id)
        try found.facts.checkStatedOrganization()
        guard let mapped = found.value, caller.finds(in: mapped.organization),
            Permission.read.isGiven(by: mapped.roles)
        else { throw Refusal.notFound("app") }
        guard Permission.readHidden.isGiven(by: mapped.roles) else {
            throw Refusal.forbidden("Only OWNER, ADMIN and AUDITOR of an app's organization see mappings to it.")
        }
        return APIResponse(.json(mapped.json), for: found.facts)
    }
}
