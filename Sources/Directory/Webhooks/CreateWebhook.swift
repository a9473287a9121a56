import DirectoryEvents
import EventSourcing
import FoundationEssentials
import OrganizationsProjection
import WebhooksProjection

/// Creates a webhook, which receives what happens in its organization from then on.
public struct CreateWebhook: Mutation {
    /// How many webhooks an organization may have.
    static let most = 100

    private let address: WebhookAddress
    private let url: WebhookURL
    private let name: String?
    private let types: [String]
    private let secret: Secret
    private let hosts: WebhookHosts

    /// - Parameters:
    ///   - address: the organization, and the id that the webhook gets.
    ///   - types: the types of events that it receives; all, if there are none.
    ///   - secret: sealed.
    ///   - hosts: those that this service allows to be reached in every way.
    public init(
        _ address: WebhookAddress, url: WebhookURL, name: String?, types: [String], secret: Secret, hosts: WebhookHosts
    ) {
        self.address = address
        self.url = url
        self.name = name
        self.types = types
        self.secret = secret
        self.hosts = hosts
    }

    public var loads: [Load] {
        [
            .row(Organizations.self, address.organization),
            .lookup(Webhooks.byOrganization, [.uuid(address.organization)]),
        ]
    }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Organization> {
        let permit = try view.permit(
            .change, on: Organizations.self, address.organization, caller, "Only OWNER and ADMIN create webhooks.")
        return Permit(
            permit.subject, by: permit.role, entity: address.webhook, organization: permit.organization, tag: nil)
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Organization>) throws -> [ProposedEvent] {
        let organization = permit.subject.id
        try view.checkActive(organization)
        try hosts.check(url)
        guard try view.keys(Webhooks.byOrganization, [.uuid(organization)]).count < CreateWebhook.most else {
            throw Refusal.rule(
                "An organization has at most \(CreateWebhook.most) webhooks. Delete one that is not needed.")
        }
        let created = WebhookEvent.created(types: types, url: Erasable(url.text), name: name.map { Erasable($0) })
        return [Proposed(.webhook(address.webhook, organization: organization, created))]
    }

    public func sideWrites(_ view: View, _ permit: Permit<Organization>) -> [SideWrite] {
        let organization = permit.subject.id
        return [
            SideWrite(Secrets.self, address.secret) { _ in secret },
            SideWrite(WebhookProgresses.self, address.webhook) {
                WebhookProgress(organization: organization, position: $0.last)
            },
        ]
    }
}
