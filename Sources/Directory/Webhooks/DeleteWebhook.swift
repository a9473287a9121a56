import DirectoryEvents
import EventSourcing
import FoundationEssentials
import WebhooksProjection

/// Deletes a webhook, with its secret and the record of its deliveries.
public struct DeleteWebhook: PartChange {
    public let address: WebhookAddress

    public init(_ address: WebhookAddress) { self.address = address }

    public var removesEntity: Bool { true }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Webhook>) throws -> [ProposedEvent] {
        let webhook = permit.subject
        try view.checkActive(webhook.organization)
        return [Proposed(.webhook(webhook.id, organization: webhook.organization, .deleted(.requested)))]
    }

    public func sideWrites(_ view: View, _ permit: Permit<Webhook>) -> [SideWrite] {
        [
            .secret(nil, under: address.secret), SideWrite(WebhookProgresses.self, address.id) { _ in nil },
        ]
    }
}
