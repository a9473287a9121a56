import AppsProjection
import EventSourcing
import FoundationEssentials
import OrganizationKeysProjection
import OrganizationsProjection
import WebhooksProjection

public typealias AppAddress = PartAddress<Apps>
public typealias KeyAddress = PartAddress<OrganizationKeys>
public typealias WebhookAddress = PartAddress<Webhooks>

/// A part of an organization, as a path names it: by its organization and its id.
public struct PartAddress<Parts: PartRules>: Sendable {
    /// `nil` for the current one.
    public let organization: UUID?
    public let id: UUID

    public init(_ organization: UUID?, _ id: UUID) {
        self.organization = organization
        self.id = id
    }

    /// Under which its secret is kept, where it has just one.
    public var secret: Secrets.Key { Secrets.Key(owner: id) }
}

extension View {
    /// A part of an organization that the caller sees, and the permit to change it.
    func permit<Parts>(toChange address: PartAddress<Parts>, _ caller: Authority) throws -> Permit<Parts.Row> {
        let id = try address.organization ?? caller.currentOrganization().id
        let organization = try visible(Organizations.self, id, caller)
        let part = try version(Parts.self, address.id).flatMap { $0.row.organization == id ? $0 : nil }
        let missing = Refusal.notFound(Parts.word)
        // Whoever is not shown them must not learn which exist.
        if part == nil, try caller.has(Parts.seenBy, in: id) { throw missing }
        let role = try caller.role(for: .change, in: id, else: "organization", Parts.refusals.changing)
        guard let part else { throw missing }
        let tag = EntityTag(Parts.hasTagOfOrganization ? organization.since : part.since)
        return Permit(part.row, by: role, entity: address.id, organization: id, tag: tag)
    }

    /// An organization that the caller sees, and the permit to add a part to it.
    func permit<Parts>(toAdd address: PartAddress<Parts>, _ caller: Authority) throws -> Permit<Organization> {
        let permit = try permit(.change, onOrganization: address.organization, caller, Parts.refusals.adding)
        return Permit(
            permit.subject, by: permit.role, entity: address.id, organization: permit.organization,
            tag: Parts.hasTagOfOrganization ? permit.tag : nil)
    }

    /// Refuses another part of a kind, where an organization has as many as it may have.
    func checkRoom<Parts: PartRules>(for _: Parts.Type, in organization: UUID) throws {
        guard try keys(Parts.byOrganization, [.uuid(organization)]).count < Parts.most else {
            throw Refusal.rule(Parts.refusals.full)
        }
    }
}
