import CanonicalJSON
import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import JWTKit
import Synchronization

/// Verifies bearer tokens (RFC 7519). Only verified signatures are remembered: what an account may is asked of the state,
/// each time anew.
public final class TokenVerifier: Sendable {
    /// What is asked of tokens beyond their signature.
    public struct Requirements: Sendable {
        /// `iss`, where one is configured.
        public var issuer: String?
        /// `aud`, where one is configured.
        public var audience: String?

        /// Nothing but signature and time.
        public init(issuer: String? = nil, audience: String? = nil) {
            self.issuer = issuer
            self.audience = audience
        }
    }

    /// A token whose signature holds.
    struct Verified: Sendable {
        let subject: Caller.Subject
        let organization: UUID?
        /// Seconds since 1970: valid before this, without leeway.
        let expires: Double
        /// Seconds since 1970: valid from this on.
        let notBefore: Double?
    }

    private let keys: JWTKeyCollection
    private let requirements: Requirements
    private let remembered = Mutex(Memory())

    /// A verifier of tokens that the server itself signs, with HS256 under this secret.
    public init(secret: [UInt8], requirements: Requirements = Requirements()) async {
        keys = JWTKeyCollection()
        await keys.add(hmac: HMACKey(from: Data(secret)), digestAlgorithm: .sha256)
        self.requirements = requirements
    }

    /// The caller that an `Authorization` header names.
    /// - Parameter now: seconds since 1970.
    /// - Throws: a problem, 401.
    func verify(_ header: String?, now: Double) async throws -> Verified {
        let verified: Verified
        if let header, let known = remembered.withLock({ $0.find(header) }) {
            verified = known
        } else {
            guard let header, header.count > 7, header.prefix(7).lowercased() == "bearer " else {
                throw Problem.unauthenticated("The header Authorization must be Bearer and a token.")
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
        let refusal = Problem.unauthenticated("The token is not valid here.")
        // The library falls back to its default key for any unknown kid, and does not compare alg: so both are read first.
        guard token.utf8.count <= 8192, let header = TokenVerifier.header(of: token), header["alg"]?.string == "HS256",
            header["kid"] == nil, header["crit"] == nil,
            let claims = try? await keys.verify(token, as: Claims.self), claims.exp.isFinite
        else { throw refusal }
        if let issuer = requirements.issuer, claims.iss != issuer {
            throw Problem.unauthenticated("The token is of another issuer.")
        }
        if let audience = requirements.audience, !claims.audiences.contains(audience) {
            throw Problem.unauthenticated("The token is for another audience.")
        }
        var organization: UUID?
        if let claim = claims.org {
            guard let id = UUID(text: claim) else {
                throw Problem.unauthenticated("The token's claim org is not a UUID.")
            }
            organization = id
        }
        let id = UUID(text: claims.sub)
        // What is neither an id nor an address is nobody's: it need not be looked up, and may hold what no database takes.
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

/// The claims that count.
struct Claims: JWTPayload {
    var sub: String
    var exp: Double
    var nbf: Double?
    var iat: Double?
    var iss: String?
    var aud: Audience?
    var org: String?

    /// `aud` is one string or several (RFC 7519, section 4.1.3).
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

    /// Times are compared for each request, by `TokenVerifier`.
    func verify(using algorithm: some JWTAlgorithm) {}
}

/// The `Authorization` headers verified lately, in two generations: what is not used goes with the older.
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
