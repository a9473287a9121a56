import CanonicalJSON
import Directory
import EventLog
import EventSourcing
import FoundationEssentials

extension APIRequest {
    /// Sends a test event to the webhook that the path names.
    func testWebhook() async throws -> APIResponse {
        let address: WebhookAddress = self.part()
        let (facts, found) = try await found(WebhookReads.byID, address, at: .now)
        let json = try JSON(parsing: found.json, limits: .trusted)
        guard let url = json["url"]?.string.flatMap({ WebhookURL($0) }) else { throw Refusal.notFound("webhook") }
        let attempt = try await service.webhooks.test {
            let sealed = try await service.feed.pool.select(WebhookStatements.secret, address.id).first
            let id = newID(), source = try await CloudEventSource.read(service.feed.pool)
            let message = WebhookMessage(id: id, body: testEvent(id: id, of: address.id, source))
            var connection = WebhookConnection(to: url, service.webhooks.options)
            let (_, attempt) = await service.webhooks.attempt(
                message, secret: sealed.flatMap { try? service.secrets.open($0, of: address.secret) }, over: &connection
            )
            await connection.close()
            _ = try await service.feed.pool.read(WebhookStatements.record, (webhook: address.id, attempt: attempt))
            return attempt
        }
        return APIResponse(.json(attempt.json), for: facts)
    }

    /// A CloudEvent that says nothing but which webhook it is for.
    private func testEvent(id: UUID, of webhook: UUID, _ source: String) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 512)
        writer.beginObject()
        writer.member("specversion", "1.0")
        writer.member("id", id.text)
        writer.member("source", source)
        writer.member("type", "webhook.test")
        writer.member("subject", webhook.text)
        writer.member("time", service.webhooks.options.clock().description)
        writer.member("datacontenttype", "application/json")
        writer.name("data")
        writer.beginObject()
        writer.member("organization", uuid("organization").text)
        writer.member("webhook", webhook.text)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }
}
