import DirectoryEvents
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

    /// An organization's key that signed a token.
    public struct Key: Sendable, Hashable {
        public let id: UUID
        /// The role whose rights the token has at most.
        public let limit: Role

        public init(_ id: UUID, limitedTo limit: Role) {
            self.id = id
            self.limit = limit
        }
    }

    /// The account.
    public var subject: Subject
    /// The organization that the token is confined to.
    public var claimedOrganization: UUID?
    /// The organization that the request names.
    public var namedOrganization: UUID?
    /// The key that signed the token, if an organization's did: one of the organization that the token is confined to. Whether
    /// it still exists is asked of the state, like every right.
    public var key: Key?

    /// A caller, part by part.
    public init(
        _ subject: Subject, claimedOrganization: UUID? = nil, namedOrganization: UUID? = nil, key: Key? = nil
    ) {
        self.subject = subject
        self.key = key
        self.claimedOrganization = claimedOrganization
        self.namedOrganization = namedOrganization
    }

    /// The organization that is current, as far as the request says: the claim, else the header.
    public var statedOrganization: UUID? { claimedOrganization ?? namedOrganization }

    /// Whether the caller's rights count at a place, an organization or (`nil`) the platform: a token with a claim has none
    /// outside of the organization that it claims.
    public func hasRights(at place: UUID?) -> Bool { claimedOrganization == nil || claimedOrganization == place }

    /// Whether the caller has the rights of an account over itself: with an organization's key it does not.
    public var actsForItself: Bool { key == nil }

    /// What is left of the roles that the account has at a place.
    public func limited(_ roles: Roles) -> Roles { key.map { roles.limited(to: $0.limit) } ?? roles }

    /// Whether an entity of an organization may be found: where one is stated, only its entities are.
    public func finds(in organization: UUID?) -> Bool {
        statedOrganization == nil || statedOrganization == organization
    }

    /// Whether a request reaches a place: an organization in which it finds entities, or the platform.
    public func reaches(_ place: UUID?) -> Bool { place == nil ? hasRights(at: nil) : finds(in: place) }
}
