import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// What belongs to one organization and has an id of its own there, as it is decided upon and served: an app, a key, a webhook. Unlike
/// an entity it has no stream of its own: what happens to it is in that of its organization.
public protocol OrganizationPart: Sendable, Equatable {
    var id: UUID { get }
    var organization: UUID { get }
    /// The position of the event that created it: lists are in this order.
    var createdPosition: Position { get }
    /// The finished JSON that all who are shown it see.
    var json: [UInt8] { get }
}

extension OrganizationPart where Self: Entity {
    public var createdPosition: Position { facts.createdPosition }
}

/// The parts of organizations of one kind, by id. Its columns include `organization`, `created` and `json`; `current` has an index
/// on (organization, created).
public protocol OrganizationPartProjection: Projection
where Payload == DirectoryEvent, Key == UUID, Row: OrganizationPart {}

extension OrganizationPartProjection {
    /// All of an organization.
    public static var byOrganization: Lookup<Self> {
        Lookup(0, by: ["organization"]) { [.uuid($0.organization)] }
    }
    public static var lookups: [Lookup<Self>] { [byOrganization] }
    /// The streams of organizations are never erased.
    public static var erasedBy: String? { nil }
}
