import Directory
import EventSourcing
import FoundationEssentials
import OrganizationsProjection
import Postgres
import WebhooksProjection

/// The statements that read webhooks of an organization.
enum WebhookReads {
    /// One webhook.
    static let byID = ReadStatement<WebhookAddress, Found<WebhookColumns?>>(isPoint: true) { columns, sql, caller in
        Found(
            facts: try CallerFacts(&columns, sql, in: "o.id", caller),
            value: try columns.ifPresent("w.id is not null") { try WebhookColumns(&$0) })
    } _: { sql, parameters, columns in
        """
        select \(columns) from \(sql.account)
        left join \(sql.rows(Organizations.self)) o on o.id = \(parameters.uuid { $0.argument.organization })
        left join \(sql.rows(Webhooks.self)) w on w.id = \(parameters.uuid { $0.argument.webhook }) and w.organization = o.id
        """
    }

    /// All webhooks of an organization.
    static let list = ReadStatement<PageOf<Void>, Keyed<WebhookColumns>> { columns, _, _ in
        Keyed(key: try columns.int("k.created"), row: try WebhookColumns(&columns))
    } _: { sql, parameters, columns in
        PageSQL(Webhooks.self, sql, columns, as: "w", in: parameters.organization()).along(parameters)
    }

    static let forbidden = Refusal.forbidden(WebhookAddress.forbidden)
}

/// The columns of a webhook `w`.
struct WebhookColumns: Sendable {
    let json: [UInt8]
    let since: Position

    init(_ columns: inout Columns) throws {
        json = try columns.bytes("w.json")
        since = try columns.int("w.since")
    }
}

extension APIRequest {
    /// The webhook that the path names.
    var webhook: WebhookAddress { WebhookAddress(uuid("organization"), uuid("webhook")) }

    /// Reads a webhook of an organization whose webhooks the caller sees.
    func found(_ address: WebhookAddress, at moment: Moment) async throws -> (
        facts: CallerFacts, webhook: WebhookColumns
    ) {
        let found = try await WebhookReads.byID.one(service.reads, caller, moment, address)
        guard found.facts.finds else { throw Refusal.notFound("organization") }
        guard found.facts.has(.change) else { throw WebhookReads.forbidden }
        guard let webhook = found.value else { throw Refusal.notFound("webhook") }
        return (found.facts, webhook)
    }

    /// As `found`, as the answer to a request.
    func webhook(_ address: WebhookAddress, at moment: Moment) async throws -> APIResponse {
        let found = try await self.found(address, at: moment)
        return APIResponse(.json(found.webhook.json), tag: EntityTag(found.webhook.since), for: found.facts)
    }

    /// An organization whose webhooks the caller sees.
    func organizationWithWebhooks(_ id: UUID, at moment: Moment) async throws -> ListScope {
        let scope = try await organization(id, at: moment)
        guard scope.facts.has(.change) else { throw WebhookReads.forbidden }
        return scope
    }
}

extension EntityList {
    /// The webhooks of an organization.
    static var webhooks: EntityList { .along(WebhookReads.list, ()) { webhook, _ in webhook.json } }
}
