import CanonicalJSON
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
        let verified: Verified
        if let header, let known = remembered.withLock({ $0.find(header) }) {
            verified = known
        } else {
            guard let header, header.count > 7, header.prefix(7).lowercased() == "bearer " else {
                throw Problem.unauthenticated("The Authorization header must consist of Bearer and a token.")
            }
            verified = try await check(String(header.dropFirst(7)))
            remembered.withLock { $0.insert(verified, header) }
        }
        guard now < verified.expires else { throw Problem.unauthenticated("The token has expired.") }
        guard verified.notBefore.map({ now >= $0 }) ?? true else {
            throw Problem.unauthenticated("The token is not valid yet.")
        }
        return verified
    }

    private func check(_ token: String) async throws -> Verified {
        let refusal = Problem.unauthenticated("The token is not valid.")
        // The library uses its default key for any unknown kid and does not check alg, so both are checked first.
        guard token.utf8.count <= 8192, let header = TokenVerifier.header(of: token), header["alg"]?.string == "HS256",
            header["kid"] == nil, header["crit"] == nil,
            let claims = try? await keys.verify(token, as: Claims.self), claims.exp.isFinite
        else { throw refusal }
        if let issuer = requirements.issuer, claims.iss != issuer {
            throw Problem.unauthenticated("The token was issued by another issuer.")
        }
        if let audience = requirements.audience, !claims.audiences.contains(audience) {
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

    private static func header(of token: String) -> JSON? {
        guard let first = token.split(separator: ".", omittingEmptySubsequences: false).first,
            let bytes = Data(base64URL: first)
        else { return nil }
        return try? JSON(parsing: Array(bytes))
    }
}

/// The claims that are read.
struct Claims: JWTPayload {
    var sub: String
    var exp: Double
    var nbf: Double?
    var iat: Double?
    var iss: String?
    var aud: Audience?
    var org: String?

    /// `aud` is one string or an array of strings (RFC 7519, section 4.1.3).
    enum Audience: Codable, Sendable {
        case one(String)
        case many([String])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let one = try? container.decode(String.self) {
                self = .one(one)
            } else {
                self = .many(try container.decode([String].self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .one(let one): try container.encode(one)
            case .many(let many): try container.encode(many)
            }
        }
    }

    var audiences: [String] {
        switch aud {
        case .one(let one): [one]
        case .many(let many): many
        case nil: []
        }
    }

    /// Does nothing: `TokenVerifier` checks the times for each request.
    func verify(using algorithm: some JWTAlgorithm) {}
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

extension Data {
    /// Reads base64url without padding (RFC 7515, section 2).
    fileprivate init?(base64URL text: Substring) {
        var base64 = text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        while base64.count % 4 != 0 { base64.append("=") }
        self.init(base64Encoded: String(base64))
    }
}
