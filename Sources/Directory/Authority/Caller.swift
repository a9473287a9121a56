import FoundationEssentials

/// Who calls, as a verified token and the request's headers say; what the state makes of it is `Authority`.
public struct Caller: Sendable, Hashable {
    /// How a token names its account.
    public enum Subject: Sendable, Hashable {
        /// By its id.
        case id(UUID)
        /// By the key of its e-mail address (`SearchText.emailKey`).
        case email(String)
    }

    /// The account.
    public var subject: Subject
    /// The organization that the token is confined to.
    public var claimedOrganization: UUID?
    /// The organization that the request names.
    public var namedOrganization: UUID?

    /// A caller, part by part.
    public init(_ subject: Subject, claimedOrganization: UUID? = nil, namedOrganization: UUID? = nil) {
        self.subject = subject
        self.claimedOrganization = claimedOrganization
        self.namedOrganization = namedOrganization
    }

    /// The organization that is current, as far as the request says: the claim, else the header.
    public var statedOrganization: UUID? { claimedOrganization ?? namedOrganization }

    /// Whether the caller's rights count at a place, an organization or (`nil`) the platform: a token with a claim has none
    /// outside of the organization that it claims.
    public func hasRights(at place: UUID?) -> Bool { claimedOrganization == nil || claimedOrganization == place }

    /// Whether an entity of an organization may be found: where one is stated, only its entities are.
    public func finds(in organization: UUID?) -> Bool {
        statedOrganization == nil || statedOrganization == organization
    }

    /// Whether a request reaches a place: an organization in which it finds entities, or the platform.
    public func reaches(_ place: UUID?) -> Bool { place == nil ? hasRights(at: nil) : finds(in: place) }
}
