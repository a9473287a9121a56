import DirectoryEvents
import EventSourcing
import FoundationEssentials
import OrganizationsProjection
import WebhooksProjection

/// Creates a webhook, which receives what happens in its organization from then on.
public struct CreateWebhook: PartAddition {
    public let address: WebhookAddress
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

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Organization>) throws -> [ProposedEvent] {
        let organization = permit.subject.id
        try view.checkActive(organization)
        try hosts.check(url)
        try view.checkRoom(for: Webhooks.self, in: organization)
        let created = WebhookEvent.created(types: types, url: Erasable(url.text), name: name.map { Erasable($0) })
        return [Proposed(.webhook(address.id, organization: organization, created))]
    }

    public func sideWrites(_ view: View, _ permit: Permit<Organization>) -> [SideWrite] {
        let organization = permit.subject.id
        return [
            .secret(secret, under: address.secret),
            SideWrite(WebhookProgresses.self, address.id) {
                WebhookProgress(organization: organization, position: $0.last)
            },
        ]
    }
}
