import DirectoryEvents
import EventSourcing
import FoundationEssentials
import OrganizationsProjection
import WebhooksProjection

/// A webhook, as a path names it: by its organization and its id.
public struct WebhookAddress: Sendable {
    public let organization: UUID
    public let webhook: UUID

    public init(_ organization: UUID, _ webhook: UUID) {
        self.organization = organization
        self.webhook = webhook
    }

    /// What is sure to be read.
    var loads: [Load] { [.row(Organizations.self, organization), .row(Webhooks.self, webhook)] }

    /// What is said to those who are not shown webhooks.
    public static let forbidden = "Only OWNER and ADMIN see and change webhooks."

    /// Under which its secret is kept.
    public var secret: Secrets.Key { Secrets.Key(owner: webhook) }
}

extension View {
    /// A webhook of an organization that the caller sees, and the permit to change it. Who may not change webhooks does not see them.
    func permit(toChange address: WebhookAddress, _ caller: Authority) throws -> Permit<Webhook> {
        let organization = try visible(Organizations.self, address.organization, caller).row.id
        let role = try caller.role(
            for: .change, in: organization, else: "organization", WebhookAddress.forbidden)
        guard let webhook = try version(Webhooks.self, address.webhook), webhook.row.organization == organization else {
            throw Refusal.notFound("webhook")
        }
        return Permit(
            webhook.row, by: role, entity: webhook.row.id, organization: organization, tag: EntityTag(webhook.since))
    }
}

extension WebhookHosts {
    /// - Throws: a refusal that names the field.
    func check(_ url: WebhookURL) throws {
        if let fault = fault(in: url) { throw Refusal.rule(at: "/url", fault) }
    }
}
