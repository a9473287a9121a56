import EventSourcing
import FoundationEssentials
import JWTKit

/// Signs tokens with the server's own secret.
public struct TokenIssuer: Sendable {
    private let keys: JWTKeyCollection

    /// - Parameter secret: the HS256 secret.
    public init(secret: [UInt8]) async {
        keys = JWTKeyCollection()
        await keys.add(hmac: HMACKey(from: Data(secret)), digestAlgorithm: .sha256)
    }

    /// A signed token for an account.
    /// - Parameters:
    ///   - subject: the account's id or e-mail address.
    ///   - organization: restricts the token to this organization.
    ///   - expires: when the token expires, in seconds since 1970.
    public func token(
        subject: String, organization: UUID? = nil, expires: Double, issuer: String? = nil, audience: String? = nil
    ) async throws -> String {
        try await keys.sign(
            Claims(
                sub: subject, exp: expires, iss: issuer, aud: audience, org: organization?.text))
    }
}
