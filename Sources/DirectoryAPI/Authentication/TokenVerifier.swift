import CanonicalJSON
import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import Instruments
import JWTKit
import Synchronization

/// Verifies bearer tokens (RFC 7519). Only verified signatures are cached; an account's rights are read from the current
/// state for every request.
public final class TokenVerifier: Sendable {
    /// What tokens must satisfy besides having a valid signature.
    public struct Requirements: Sendable {
        /// The required `iss`, if one is configured.
        public var issuer: String?
        /// The `aud` that must be among the token's, if one is configured.
        public var audience: String?

        /// By default only signature and times are checked.
        public init(issuer: String? = nil, audience: String? = nil) {
            self.issuer = issuer
            self.audience = audience
        }
    }

    /// A token with a valid signature.
    struct Verified: Sendable {
        let subject: Caller.Subject
        /// The organization that it is confined to, by a claim or by the key that signed it.
        let organization: UUID?
        /// The organization's key that signed it. Whether that still exists is for whoever carries out the request to ask.
        let key: Caller.Key?
        /// The `kid`; empty for the server's own secret.
        let credential: String
        /// The identity provider's key that signed it, and its name.
        let provided: (name: JSONWebKeySet.Name, key: JSONWebKeySet.Key)?
        /// The token is valid before this time, in seconds since 1970, without leeway.
        let expires: Double
        /// The token is valid from this time on, in seconds since 1970.
        let notBefore: Double?
    }

    private let keys: JWTKeyCollection
    private let requirements: Requirements
    private let organizationKeys: OrganizationKeyRing?
    private let provider: IdentityProvider?
    private let remembered = Mutex(RecentlyUsed<String, Verified>(generation: 4096))
    /// How often a token had been verified before.
    let lookups = CacheLookups()
    /// How often the secret of an organization's key had been decrypted before.
    let organizationKeyLookups: CacheLookups

    /// A verifier for tokens that the server itself signs, with HS256 and this secret, and for those of organizations' keys.
    init(
        secret: [UInt8], requirements: Requirements = Requirements(), organizationKeys: OrganizationKeyRing? = nil,
        provider: IdentityProvider? = nil
    ) async {
        self.organizationKeys = organizationKeys
        organizationKeyLookups = organizationKeys?.lookups ?? CacheLookups()
        self.provider = provider
        keys = JWTKeyCollection()
        await keys.add(hmac: HMACKey(from: Data(secret)), digestAlgorithm: .sha256)
        self.requirements = requirements
    }

    /// Forgets the tokens that it has verified: they may name people who have been erased.
    func forget() { remembered.withLock { $0 = RecentlyUsed(generation: 4096) } }

    /// Verifies the token in an `Authorization` header.
    /// - Parameter now: seconds since 1970.
    /// - Throws: `Problem` with status 401.
    func verify(_ header: String?, now: Double) async throws -> Verified {
        guard let header, TokenVerifier.isBearer(header) else {
            throw Problem.unauthenticated("The Authorization header must consist of Bearer and a token.")
        }
        let verified: Verified
        if let known = remembered.withLock({ $0.find(header) }), await stillCounts(known) {
            verified = known
            lookups.count(found: true)
        } else {
            lookups.count(found: false)
            verified = try await check(String(header.dropFirst(7)))
            remembered.withLock { $0.insert(verified, header) }
        }
        guard now < verified.expires else { throw Problem.unauthenticated("The token has expired.") }
        guard verified.notBefore.map({ now >= $0 }) ?? true else {
            throw Problem.unauthenticated("The token is not valid yet.")
        }
        return verified
    }

    /// Whether a header has the scheme Bearer, and nothing beyond ASCII: to a Swift string the Kelvin sign is a K, and such a
    /// text must not find another's token in the cache.
    private static func isBearer(_ header: String) -> Bool {
        header.withBytes { bytes in
            bytes.count > 7 && zip(bytes, scheme).allSatisfy { $0 | 0x20 == $1 }
                && bytes[6] == UInt8(ascii: " ") && bytes.reduce(0, |) < 0x80
        }
    }

    private static let scheme = Array("bearer".utf8)

    /// Whether the key that signed a known token is still its provider's.
    private func stillCounts(_ verified: Verified) async -> Bool {
        guard let provided = verified.provided else { return true }
        return await provider?.holds(provided.key, under: provided.name) ?? false
    }

    private func check(_ token: String) async throws -> Verified {
        // The library uses its default key for any unknown kid and does not check alg, so both are checked first.
        guard token.utf8.count <= 8192, let parts = CompactToken(token), parts.header["crit"] == nil,
            let signer = try await signer(parts.header["alg"]?.string, parts.header["kid"]),
            (try? await signer.keys.verify(token, as: UnreadClaims.self)) != nil, let claims = ReadClaims(parts.claims)
        else { throw TokenVerifier.refusal }
        if let issuer = requirements.issuer, !issuer.isIdentical(to: claims.iss) {
            throw Problem.unauthenticated("The token was issued by another issuer.")
        }
        if let audience = requirements.audience, !claims.aud.contains(where: audience.isIdentical) {
            throw Problem.unauthenticated("The token is for another audience.")
        }
        let organization = try organization(claims, signer)
        let id = UUID(text: claims.sub)
        // A subject that is neither an id nor an address matches no account, and might contain text that no database accepts.
        guard id != nil || FieldFormat.email.accept(claims.sub) != nil else { throw TokenVerifier.refusal }
        guard id != nil || signer.namesEmail else {
            throw Problem.unauthenticated("The token's sub is not an account's id.")
        }
        let subject: Caller.Subject = id.map { .id($0) } ?? .email(SearchText.emailKey(claims.sub))
        return Verified(
            subject: subject, organization: organization, key: signer.key, credential: signer.credential,
            provided: signer.provided,
            expires: claims.exp, notBefore: claims.nbf)
    }

    private static let refusal = Problem.unauthenticated("The token is not valid.")

    /// What may have signed a token.
    private struct Signer {
        let keys: JWTKeyCollection
        var credential = ""
        var key: Caller.Key?
        var organization: UUID?
        var provided: (name: JSONWebKeySet.Name, key: JSONWebKeySet.Key)?
        var namesEmail = true
    }

    /// By HS256 the server's own secret without a `kid`, else the organization's key with that id; by any other algorithm the
    /// identity provider's key of that name for it. `nil` where there is none.
    private func signer(_ algorithm: String?, _ kid: JSON?) async throws -> Signer? {
        guard let algorithm else { return nil }
        guard algorithm == "HS256" else {
            guard let provider, let kid = kid?.string, JSONWebKeySet.algorithms.contains(algorithm) else { return nil }
            let name = JSONWebKeySet.Name(kid: kid, algorithm: algorithm)
            guard let key = await provider.key(name) else { return nil }
            return Signer(
                keys: key.signatures, credential: kid, provided: (name, key), namesEmail: provider.namesEmail)
        }
        guard let kid else { return Signer(keys: keys) }
        guard let id = kid.string.flatMap({ UUID(text: $0) }), let key = try await organizationKeys?.key(id) else {
            return nil
        }
        return Signer(
            keys: key.signatures, credential: id.text, key: Caller.Key(id, limitedTo: key.limit),
            organization: key.organization)
    }

    /// The organization that a token is confined to: that of its key, which a claim may only repeat, else the claimed one.
    private func organization(_ claims: ReadClaims, _ signer: Signer) throws -> UUID? {
        guard let claim = claims.org else { return signer.organization }
        guard let id = UUID(text: claim) else {
            throw Problem.unauthenticated("The token's org claim is not a UUID.")
        }
        guard signer.organization.map({ $0 == id }) ?? true else {
            throw Problem.unauthenticated("The token's org claim is not the organization of its key.")
        }
        return id
    }
}
