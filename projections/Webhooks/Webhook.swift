import CanonicalJSON
import DirectoryEvents
import DirectoryRows
import EventSourcing
import FoundationEssentials

/// A webhook of an organization: a URL that receives its events, as it is decided upon and served. Its secret is not part of it.
public struct Webhook: Entity, OrganizationPart {
    public var facts: EntityFacts
    public let organization: UUID
    public var url: String
    public var name: String?
    /// The types of events that it receives, `employee.*` among them; if there are none, it receives all.
    public var types: [String]

    /// The finished JSON.
    public var json: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 512)
        writer.beginObject()
        writer.member("id", id.text)
        writer.member("url", url)
        if let name { writer.member("name", name) }
        writer.member("types", .array(types.map { .string($0) }))
        facts.write(to: &writer)
        writer.endObject()
        return writer.bytes
    }

    init(facts: EntityFacts, organization: UUID, url: String, name: String?, types: [String]) {
        self.facts = facts
        self.organization = organization
        self.url = url
        self.name = name
        self.types = types
    }

    init?(_ json: JSON, organization: UUID, createdPosition: Position) {
        guard let facts = EntityFacts(json, createdPosition: createdPosition), let url = json["url"]?.string,
            let types = json["types"]?.array
        else { return nil }
        self.init(
            facts: facts, organization: organization, url: url, name: json["name"]?.string,
            types: types.compactMap(\.string))
    }

    mutating func apply(_ change: WebhookEvent, of event: Event<DirectoryEvent>) {
        switch change {
        case .created, .deleted: break
        case .changed(let changes):
            for change in changes { apply(change.name, change.change.to) }
        case .disabled: facts.status = StatusInfo(.inactive, by: event)
        case .enabled: facts.status = StatusInfo(.active, by: event)
        }
    }

    private mutating func apply(_ member: String, _ value: JSON?) {
        switch member {
        case "types": types = (value?.array ?? []).compactMap(\.string)
        case "url": url = value?.string ?? Erasable.placeholder
        case "name": name = value?.string
        default: break
        }
    }
}
