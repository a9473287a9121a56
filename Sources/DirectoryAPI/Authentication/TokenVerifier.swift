import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials
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
        let organization: UUID?
        /// The token is valid before this time, in seconds since 1970, without leeway.
        let expires: Double
        /// The token is valid from this time on, in seconds since 1970.
        let notBefore: Double?
    }

    private let keys: JWTKeyCollection
    private let requirements: Requirements
    private let remembered = Mutex(Memory())

    /// A verifier for tokens that the server itself signs, with HS256 and this secret.
    public init(secret: [UInt8], requirements: Requirements = Requirements()) async {
        keys = JWTKeyCollection()
        await keys.add(hmac: HMACKey(from: Data(secret)), digestAlgorithm: .sha256)
        self.requirements = requirements
    }

    /// Verifies the token in an `Authorization` header.
    /// - Parameter now: seconds since 1970.
    /// - Throws: `Problem` with status 401.
    func verify(_ header: String?, now: Double) async throws -> Verified {
        guard let header, TokenVerifier.isBearer(header) else {
            throw Problem.unauthenticated("The Authorization header must consist of Bearer and a token.")
        }
        let verified: Verified
        if let known = remembered.withLock({ $0.find(header) }) {
            verified = known
        } else {
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
        var header = header
        return header.withUTF8 { bytes in
            bytes.count > 7 && zip(bytes, "bearer".utf8).allSatisfy { $0 | 0x20 == $1 }
                && bytes[6] == UInt8(ascii: " ") && bytes.reduce(0, |) < 0x80
        }
    }

    private func check(_ token: String) async throws -> Verified {
        let refusal = Problem.unauthenticated("The token is not valid.")
        // The library uses its default key for any unknown kid and does not check alg, so both are checked first.
        guard token.utf8.count <= 8192, let parts = CompactToken(token), parts.header["alg"]?.string == "HS256",
            parts.header["kid"] == nil, parts.header["crit"] == nil,
            (try? await keys.verify(token, as: UnreadClaims.self)) != nil, let claims = ReadClaims(parts.claims)
        else { throw refusal }
        if let issuer = requirements.issuer, !issuer.isIdentical(to: claims.iss) {
            throw Problem.unauthenticated("The token was issued by another issuer.")
        }
        if let audience = requirements.audience, !claims.aud.contains(where: audience.isIdentical) {
            throw Problem.unauthenticated("The token is for another audience.")
        }
        var organization: UUID?
        if let claim = claims.org {
            guard let id = UUID(text: claim) else {
                throw Problem.unauthenticated("The token's org claim is not a UUID.")
            }
            organization = id
        }
        let id = UUID(text: claims.sub)
        // A subject that is neither an id nor an address matches no account, and might contain text that no database accepts.
        guard id != nil || FieldFormat.email.accept(claims.sub) != nil else { throw refusal }
        let subject: Caller.Subject = id.map { .id($0) } ?? .email(SearchText.emailKey(claims.sub))
        return Verified(subject: subject, organization: organization, expires: claims.exp, notBefore: claims.nbf)
    }
}

/// A cache of recently verified `Authorization` headers, in two generations: unused entries are dropped with the older one.
private struct Memory {
    private var young: [String: TokenVerifier.Verified] = [:]
    private var old: [String: TokenVerifier.Verified] = [:]
    private static var generation: Int { 4096 }

    mutating func find(_ header: String) -> TokenVerifier.Verified? {
        if let known = young[header] { return known }
        guard let known = old[header] else { return nil }
        insert(known, header)
        return known
    }

    mutating func insert(_ verified: TokenVerifier.Verified, _ header: String) {
        if young.count >= Memory.generation {
            old = young
            young = [:]
        }
        young[header] = verified
    }
}
