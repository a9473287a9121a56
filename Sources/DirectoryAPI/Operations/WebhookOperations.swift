import Crypto
import Directory
import EventSourcing
import FoundationEssentials
import WebhooksProjection

extension Shown {
    static let webhook = Shown(
        schema: "Webhook",
        render: { view, _, id in
            guard let webhook = try view.version(Webhooks.self, id) else { throw Refusal.notFound("webhook") }
            return Representation(json: webhook.row.json, tag: EntityTag(webhook.since))
        }, read: { try await $0.webhook(WebhookAddress($0.uuid("organization"), $1), at: $2) })
}

extension Operations {
    private static let path: PathPattern = "/api/v1/organization/{organization}/webhooks/{webhook}"
    private static let collection: PathPattern = "/api/v1/organization/{organization}/webhooks"

    static let webhooks: [Operation] = [
        Operation(
            method: .get, path: collection, name: "listWebhooks", summary: "List webhooks of organization",
            resource: .webhooks, number: nil, access: .permission(.change), query: QueryParameter.paging,
            response: .list("Webhook")
        ) { request in
            let organization = request.uuid("organization")
            return try await request.list(
                from: { try await $0.organizationWithWebhooks(organization, at: $1) }, at: .now
            ) { _ in .webhooks }
        },
        .mutation(
            .post, collection, "createWebhook", nil, .webhooks,
            "Create webhook: the only answer that shows its secret", access: .permission(.change),
            body: NewWebhook.self, shows: .webhook, reveals: secret,
            created: { "/api/v1/organization/\($0.uuid("organization").text)/webhooks/\($1.text)" }
        ) { request, body in try NewSignedWebhook(request, body) },
        Operation(
            method: .get, path: path, name: "getWebhook", summary: "Get webhook", resource: .webhooks, number: nil,
            access: .permission(.change), response: .one("Webhook")
        ) { request in try await request.webhook(request.webhook, at: .now) },
        .mutation(
            .patch, path, "updateWebhook", nil, .webhooks, "Update webhook; with active, disable or enable it",
            access: .permission(.change), body: WebhookPatch.self, shows: .webhook
        ) { request, body in
            ChangeWebhook(
                request.webhook, url: body.url, name: body.webhookName, types: body.types, isActive: body.isActive,
                hosts: request.service.webhooks.hosts)
        },
        .mutation(
            .delete, path, "deleteWebhook", nil, .webhooks, "Delete webhook, with the record of its deliveries",
            access: .permission(.change), shows: .webhook
        ) { request in DeleteWebhook(request.webhook) },
        Operation(
            method: .post, path: PathPattern(path.text + "/test"), name: "testWebhook",
            summary: "Send a test event to webhook, and report the answer", resource: .webhooks, number: nil,
            access: .permission(.change),
            notes: """
                The event is a signed CloudEvent of type `webhook.test` with an id of its own. It is sent at once, to an INACTIVE webhook \
                too. It is not in the log, and does not count as a delivery.
                """,
            response: ResponseShape(schema: "WebhookDelivery")
        ) { request in try await request.testWebhook() },
        Operation(
            method: .get, path: PathPattern(path.text + "/deliveries"), name: "listWebhookDeliveries",
            summary: "List the latest deliveries of webhook, and attempts at them, newest first", resource: .webhooks,
            number: nil, access: .permission(.change), response: .list("WebhookDelivery")
        ) { request in
            let found = try await request.found(request.webhook, at: .now)
            let latest = try await request.service.reads.select(WebhookStatements.latest, request.webhook.webhook)
            return APIResponse(.array(latest.map(\.json)), for: found.facts)
        },
    ]

    private static let secret = Revealed<NewSignedWebhook>(name: "secret") { $0.secret }
}

/// A webhook to be, with its secret, which the log never sees.
struct NewSignedWebhook: Mutation {
    private let creation: CreateWebhook
    /// The secret as Standard Webhooks writes it.
    let secret: String

    init(_ request: APIRequest, _ body: NewWebhook) throws {
        guard let url = body.url else { throw Problem.invalid("The body is not valid.") }
        let address = WebhookAddress(request.uuid("organization"), request.newID())
        let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        secret = WebhookSignature.written(bytes)
        creation = CreateWebhook(
            address, url: url, name: body.webhookName, types: body.types,
            secret: try request.service.secrets.seal(bytes, for: address.secret), hosts: request.service.webhooks.hosts)
    }

    var loads: [Load] { creation.loads }

    func authorize(_ view: View, _ caller: Authority) throws -> Permit<CreateWebhook.Subject> {
        try creation.authorize(view, caller)
    }

    func decide(
        _ view: View, _ caller: Authority, _ permit: Permit<CreateWebhook.Subject>
    ) throws -> [ProposedEvent] { try creation.decide(view, caller, permit) }

    func sideWrites(_ view: View, _ permit: Permit<CreateWebhook.Subject>) throws -> [SideWrite] {
        creation.sideWrites(view, permit)
    }
}
