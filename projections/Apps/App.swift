import CanonicalJSON
import DirectoryEvents
import DirectoryRows
import EventSourcing
import FoundationEssentials

/// A system that an organization uses, as it is decided upon and served.
public struct App: Entity, OrganizationPart {
    public var facts: EntityFacts
    public let organization: UUID
    /// The kind of app: `SLACK`.
    public var type: String
    /// The organization's id in that system.
    public var externalID: String?
    /// Whether it is one of the organization's own systems.
    public var isInternal: Bool?
    public var name: String?
    /// Free-form data about it: an object.
    public var appData: JSON
    /// The names of its secrets, in order.
    public var secretNames: [String]

    /// The finished JSON. Secrets are shown by their names.
    public var json: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 512)
        writer.beginObject()
        writer.member("id", id.text)
        if let externalID { writer.member("externalId", externalID) }
        if let isInternal { writer.member("internal", isInternal) }
        if let name { writer.member("name", name) }
        writer.member("type", type)
        facts.write(to: &writer)
        writer.member("organization", organization.text)
        writer.name("secretData")
        writer.secrets(secretNames)
        writer.member("appData", appData)
        writer.endObject()
        return writer.bytes
    }

    init(facts: EntityFacts, organization: UUID, type: String) {
        self.facts = facts
        self.organization = organization
        self.type = type
        appData = .object([])
        secretNames = []
    }

    init?(_ json: JSON, createdPosition: Position) {
        guard let facts = EntityFacts(json, createdPosition: createdPosition),
            let organization = json["organization"]?.string.flatMap({ UUID(text: $0) }),
            let type = json["type"]?.string, let appData = json["appData"]
        else { return nil }
        self.facts = facts
        self.organization = organization
        self.type = type
        self.appData = appData
        externalID = json["externalId"]?.string
        isInternal = json["internal"]?.bool
        name = json["name"]?.string
        secretNames = (json["secretData"]?.members ?? []).map(\.name)
    }

    mutating func apply(_ change: AppEvent, of event: Event<DirectoryEvent>) {
        switch change {
        case .added(let type, let isInternal, let name, let externalID, let appData):
            self.type = type
            self.isInternal = isInternal
            self.name = name?.shown
            self.externalID = externalID?.text
            self.appData = appData?.value ?? .object([])
        case .changed(let changes):
            for change in changes { apply(change.name, change.change.to) }
        case .secretsChanged(let names): secretNames = names.applied(to: secretNames)
        case .deactivated: facts.status = StatusInfo(.inactive, by: event)
        case .activated: facts.status = StatusInfo(.active, by: event)
        }
    }

    private mutating func apply(_ name: String, _ value: JSON?) {
        switch name {
        case "type": type = value?.string ?? ""
        case "internal": isInternal = value?.bool
        case "name": self.name = value?.string
        case "externalId": externalID = value?.string
        case "appData": appData = value ?? .object([])
        default: break
        }
    }
}
