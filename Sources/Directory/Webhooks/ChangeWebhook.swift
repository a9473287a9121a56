import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import WebhooksProjection

/// Changes the named fields of a webhook, and disables or enables it.
public struct ChangeWebhook: PartChange {
    public let address: WebhookAddress
    private let url: FieldEdit<WebhookURL>
    private let name: FieldEdit<String>
    private let types: FieldEdit<[String]>
    private let isActive: FieldEdit<Bool>
    private let hosts: WebhookHosts

    /// - Parameter hosts: those that this service allows to be reached in every way.
    public init(
        _ address: WebhookAddress, url: FieldEdit<WebhookURL>, name: FieldEdit<String>, types: FieldEdit<[String]>,
        isActive: FieldEdit<Bool>, hosts: WebhookHosts
    ) {
        self.address = address
        self.url = url
        self.name = name
        self.types = types
        self.isActive = isActive
        self.hosts = hosts
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Webhook>) throws -> [ProposedEvent] {
        let webhook = permit.subject
        var changes = ValueChanges()
        changes.add("types", from: words(webhook.types), to: words(types.applied(to: webhook.types) ?? []))
        if case .set(let url) = url { changes.add("url", from: webhook.url, to: url.text) }
        changes.add("name", from: webhook.name, to: name.applied(to: webhook.name))
        let becomes = isActive.applied(to: webhook.isActive) ?? webhook.isActive
        var events: [WebhookEvent] = []
        if !changes.all.isEmpty { events.append(.changed(changes.all)) }
        if becomes != webhook.isActive { events.append(becomes ? .enabled(.requested) : .disabled(.requested)) }
        guard !events.isEmpty else { return [] }
        try view.checkActive(webhook.organization)
        if case .set(let url) = url, changes.all.contains(where: { $0.name == "url" }) { try hosts.check(url) }
        if becomes, !webhook.isActive, try view.row(Secrets.self, address.secret) == nil {
            throw Refusal.rule(
                at: "/active",
                "The webhook's secret is missing since the log was restored. Delete it and create another.")
        }
        return events.map { Proposed(.webhook(webhook.id, organization: webhook.organization, $0)) }
    }

    private func words(_ words: [String]) -> JSON { .array(words.map { .string($0) }) }
}
