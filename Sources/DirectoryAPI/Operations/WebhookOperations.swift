import Directory
import EventSourcing
import FoundationEssentials
import WebhooksProjection

/// The statements that read webhooks.
enum WebhookReads {
    static let byID = PartReads.byID(Webhooks.self)
    static let list = PartReads.list(Webhooks.self)
}

extension Presentation {
    static let webhook = Presentation.part("Webhook", WebhookReads.byID)
}

extension Operations {
    private static let path: PathPattern = "/api/v1/organization/{organization}/webhooks/{webhook}"
    private static let collection: PathPattern = "/api/v1/organization/{organization}/webhooks"

    static let webhooks: [Operation] = [
        Operation(
            method: .get, path: collection, name: "listWebhooks", summary: "List webhooks of organization",
            resource: .webhooks, number: nil, access: .permission(Webhooks.seenBy), query: QueryParameter.paging,
            response: .list("Webhook")
        ) { request in try await request.list(of: Webhooks.self, WebhookReads.list, at: .now) },
        .mutation(
            .post, collection, "createWebhook", nil, .webhooks,
            "Create webhook: the only answer that shows its secret", access: .permission(.change),
            body: NewWebhook.self, shows: .webhook, reveals: .secret("secret"),
            created: { $0.location(of: $1) }
        ) { request, body in
            guard let url = body.url else { throw Problem.invalid("The body is not valid.") }
            return try Revealing(request, as: WebhookSignature.written) { id, secret in
                CreateWebhook(
                    request.part(id), url: url, name: body.webhookName, types: body.types, secret: secret,
                    hosts: request.service.webhooks.hosts)
            }
        },
        Operation(
            method: .get, path: path, name: "getWebhook", summary: "Get webhook", resource: .webhooks, number: nil,
            access: .permission(Webhooks.seenBy), response: .one("Webhook")
        ) { request in try await Presentation.webhook.read(request, request.uuid(Webhooks.word), .now) },
        .mutation(
            .patch, path, "updateWebhook", nil, .webhooks, "Update webhook; with active, disable or enable it",
            access: .permission(.change), body: WebhookPatch.self, shows: .webhook
        ) { request, body in
            ChangeWebhook(
                request.part(), url: body.url, name: body.webhookName, types: body.types, isActive: body.isActive,
                hosts: request.service.webhooks.hosts)
        },
        .mutation(
            .delete, path, "deleteWebhook", nil, .webhooks, "Delete webhook, with the record of its deliveries",
            access: .permission(.change), shows: .webhook
        ) { request in DeleteWebhook(request.part()) },
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
            number: nil, access: .permission(Webhooks.seenBy), response: .list("WebhookDelivery")
        ) { request in
            let address: WebhookAddress = request.part()
            let facts = try await request.found(WebhookReads.byID, address, at: .now).facts
            let latest = try await request.service.reads.select(WebhookStatements.latest, address.id)
            return APIResponse(.elements(latest.map(\.json).elements), for: facts)
        },
    ]
}
