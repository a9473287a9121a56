import EventSourcing
import FoundationEssentials
import JWTKit

/// Signs tokens under the server's own secret.
public struct TokenIssuer: Sendable {
    private let keys: JWTKeyCollection

    /// An issuer under an HS256 secret.
    public init(secret: [UInt8]) async {
        keys = JWTKeyCollection()
        await keys.add(hmac: HMACKey(from: Data(secret)), digestAlgorithm: .sha256)
    }

    /// A token for an account.
    /// - Parameters:
    ///   - subject: the account's id or e-mail address.
    ///   - organization: confines the token to it.
    ///   - expires: seconds since 1970.
    public func token(
        subject: String, organization: UUID? = nil, expires: Double, issuer: String? = nil, audience: String? = nil
    ) async throws -> String {
        try await keys.sign(
            Claims(
                sub: subject, exp: expires, iss: issuer, aud: audience.map { .one($0) }, org: organization?.text))
    }
}
