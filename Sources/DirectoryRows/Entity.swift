import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// An entity, as it is decided upon and served.
public protocol Entity: Sendable, Equatable {
    /// Id, status and creation.
    var facts: EntityFacts { get }
}

extension Entity {
    @inlinable public var id: UUID { facts.id }
    /// Whether its status is ACTIVE.
    @inlinable public var isActive: Bool { facts.isActive }
    /// Whether its status is ERASED, for good.
    @inlinable public var isErased: Bool { facts.status.current == .erased }
}

/// An entity of an organization, which those see who read the organization's directory. An organization is one of its own.
public protocol OrganizationEntity: Entity {
    var organization: UUID { get }
    /// The account of the person that it is, who is shown what is hidden from most; `nil` for what is no person.
    var account: UUID? { get }
    var profile: Profile { get }
    /// The finished JSON that all who see it see. What only some see is spliced in after it.
    var json: [UInt8] { get }
    /// The same with the profile's hidden fields, if it has any.
    var fullJSON: [UInt8]? { get }
}

extension OrganizationEntity {
    public var account: UUID? { nil }
    public var fullJSON: [UInt8]? { nil }
}

/// The entities of a kind, by id.
public protocol EntityProjection: Projection where Payload == DirectoryEvent, Key == UUID, Row: Entity {
    static var kind: EntityKind { get }
}

/// The entities of a kind whose entities belong to organizations. Its columns include `created` and `json`, and `account` and
/// `full_json` if profiles of the kind have hidden fields.
public protocol OrganizationEntityProjection: EntityProjection where Row: OrganizationEntity {
    /// The column with the organization.
    static var organizationColumn: String { get }
}

extension OrganizationEntityProjection {
    public static var organizationColumn: String { "organization" }
}
