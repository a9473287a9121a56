import CanonicalJSON
import Crypto
import Foundation
import Testing

@testable import DirectoryAPI

/// An organization's key, as its programs hold it. Its tokens are made by hand, not by the library that verifies them.
struct SigningKey: Sendable {
    let id: String
    let organization: String
    let secret: [UInt8]

    /// A token for an account.
    /// - Parameters:
    ///   - more: more claims, each after a comma.
    ///   - kid: what it says signed it.
    func token(
        _ subject: String, _ more: String = "", kid: String? = nil, algorithm: String = "HS256",
        secret: [UInt8]? = nil
    ) -> String {
        let header = #"{"alg":"\#(algorithm)","typ":"JWT","kid":"\#(kid ?? id)"}"#
        let claims = #"{"sub":"\#(subject)","exp":4102444800\#(more)}"#
        let signed = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(claims.utf8))
        let mac = HMAC<SHA256>.authenticationCode(
            for: Array(signed.utf8), using: SymmetricKey(data: secret ?? self.secret))
        return signed + "." + Base64URL.encode(Array(mac))
    }

    /// An account that calls with this key.
    func person(_ account: Person) -> Person {
        Person(id: account.id, email: account.email, token: token(account.id))
    }
}

extension Server {
    /// A new key of an organization.
    func makeKey(_ organization: String, by owner: Person, limit: String? = nil) async throws -> SigningKey {
        let limit = limit.map { #","limitToRole":"\#($0)""# } ?? ""
        let made = try await post(
            "/organization/\(organization)/keys", as: owner, #"{"name":"\#(unique("key"))"\#(limit)}"#)
        try #require(made.status == 201, "\(made.text)")
        let secret = try #require(made["secretBase64"].flatMap { Data(base64Encoded: $0) })
        return SigningKey(id: made.id, organization: organization, secret: Array(secret))
    }
}
