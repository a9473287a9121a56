import CanonicalJSON
import DirectoryEvents
import DirectoryRows
import EventSourcing
import FoundationEssentials

/// A reporting line, as the employee that has it shows it.
public struct ManagerReference: Sendable, Equatable {
    /// The employee at its other end.
    public let manager: UUID
    /// The line's type: `DIRECT`.
    public var type: String
    /// When the line began, or its type last changed.
    public var since: Instant
}

/// An employee, as it is decided upon and served.
public struct Employee: OrganizationEntity {
    public var facts: EntityFacts
    public let organization: UUID
    public var name: String
    /// The e-mail address, as written; `nil` once erased.
    public var email: String?
    /// Its job title.
    public var role: String?
    /// The kind of employee: `EMPLOYEE`.
    public var type: String
    /// The account that it is linked to.
    public var account: UUID?
    public var profile: Profile
    /// Its reporting lines, in the order in which they began.
    public var managers: [ManagerReference]

    /// The key under which its address is unique among the active employees of its organization.
    public var emailKey: String? { email.map(SearchText.emailKey) }

    /// Whether it has a reporting line of the default type.
    public var isManaged: Bool { managers.contains { $0.type == DefaultType.line } }

    public var json: [UInt8] { json(hiddenFields: false) }

    public var fullJSON: [UInt8]? {
        let isHiding = EntityKind.employee.profileFields.contains { $0.isHidden && profile.values[$0.name] != nil }
        return isHiding ? json(hiddenFields: true) : nil
    }

    private func json(hiddenFields: Bool) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 640)
        writer.beginObject()
        writer.member("id", id.text)
        writer.member("organization", organization.text)
        writer.member("name", name)
        if let email { writer.member("email", email) }
        if let account { writer.member("account", account.text) }
        if let role { writer.member("role", role) }
        writer.member("type", type)
        facts.write(to: &writer)
        profile.write(EntityKind.employee.profileFields.filter { hiddenFields || !$0.isHidden }, to: &writer)
        writer.name("managers")
        Employee.write(managers, to: &writer)
        writer.endObject()
        return writer.bytes
    }

    /// Writes reporting lines as an array.
    public static func write(_ managers: [ManagerReference], to writer: inout JSONWriter) {
        writer.beginArray()
        for line in managers {
            writer.beginObject()
            writer.member("managerId", line.manager.text)
            writer.member("type", line.type)
            writer.member("since", line.since.description)
            writer.endObject()
        }
        writer.endArray()
    }

    init(
        facts: EntityFacts, organization: UUID, name: String, email: String?, role: String?, type: String,
        account: UUID?
    ) {
        self.facts = facts
        self.organization = organization
        self.name = name
        self.email = email
        self.role = role
        self.type = type
        self.account = account
        profile = Profile()
        managers = []
    }

    init?(_ json: JSON, createdPosition: Position) {
        guard let facts = EntityFacts(json, createdPosition: createdPosition),
            let organization = json["organization"]?.string.flatMap({ UUID(text: $0) }),
            let name = json["name"]?.string, let type = json["type"]?.string
        else { return nil }
        self.facts = facts
        self.organization = organization
        self.name = name
        email = json["email"]?.string
        role = json["role"]?.string
        self.type = type
        account = json["account"]?.string.flatMap { UUID(text: $0) }
        profile = Profile(json["profile"])
        managers = []
        for line in json["managers"]?.array ?? [] {
            guard let manager = line["managerId"]?.string.flatMap({ UUID(text: $0) }), let type = line["type"]?.string,
                let since = line["since"]?.string.flatMap({ Instant(rfc3339: $0) })
            else { return nil }
            managers.append(ManagerReference(manager: manager, type: type, since: since))
        }
    }
}
