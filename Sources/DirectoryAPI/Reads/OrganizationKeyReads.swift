import Directory
import EventSourcing
import FoundationEssentials
import OrganizationKeysProjection
import Postgres

/// The statement that reads one key of an organization.
enum OrganizationKeyReads {
    /// A key as its organization shows it.
    struct Row: Sendable {
        let json: [UInt8]
        let since: Position
    }

    static let byID = ReadStatement<UUID, Found<Row?>>(isPoint: true) { columns, sql, caller in
        Found(
            facts: try CallerFacts(&columns, sql, in: "k.organization", caller),
            value: try columns.ifPresent("k.id is not null") { columns in
                Row(json: try columns.bytes("k.json"), since: try columns.int("k.since"))
            })
    } _: { sql, parameters, columns in
        """
        select \(columns) from \(sql.account) left join \(sql.rows(OrganizationKeys.self)) k
        on k.id = \(parameters.uuid { $0.argument })
        """
    }
}

extension APIRequest {
    /// Reads a key of an organization, without its secret.
    func organizationKey(_ id: UUID, at moment: Moment) async throws -> APIResponse {
        let found = try await OrganizationKeyReads.byID.one(service.reads, caller, moment, id)
        guard let key = found.value, found.facts.finds, found.facts.has(.readHidden) else {
            throw Refusal.notFound("key")
        }
        return APIResponse(.json(key.json), tag: EntityTag(key.since, showsHidden: true), for: found.facts)
    }
}
