import CanonicalJSON
import JWTKit

/// The claims that are written and read; others are not looked at.
struct Claims: Codable, Sendable {
    var sub: String
    var exp: Double
    var nbf: Double?
    var iss: String?
    var aud: String?
    var org: String?
}

extension Claims: JWTPayload {
    /// Does nothing: `TokenVerifier` checks the times for each request.
    func verify(using algorithm: some JWTAlgorithm) {}
}

/// The claims of a token whose signature is being verified. JWTKit decodes them once more: nothing is taken from that.
struct UnreadClaims: JWTPayload {
    func verify(using algorithm: some JWTAlgorithm) {}
}

/// The claims of a verified token.
struct ReadClaims {
    let sub: String
    /// In seconds since 1970.
    let exp: Double
    /// In seconds since 1970.
    let nbf: Double?
    let iss: String?
    let aud: [String]
    let org: String?

    /// `nil` where one is missing or has another type. `null` counts as missing.
    init?(_ json: JSON) {
        guard let sub = json["sub"]?.string, let exp = json["exp"]?.number else { return nil }
        self.sub = sub
        self.exp = exp
        do {
            nbf = try ReadClaims.optional(json["nbf"], \.number)
            iss = try ReadClaims.optional(json["iss"], \.string)
            org = try ReadClaims.optional(json["org"], \.string)
            // One string or an array of strings (RFC 7519, section 4.1.3).
            aud = try ReadClaims.optional(json["aud"], ReadClaims.audiences) ?? []
            _ = try ReadClaims.optional(json["iat"], \.number)
        } catch {
            return nil
        }
    }

    private struct WrongType: Error {}

    private static func optional<Value>(_ json: JSON?, _ read: (JSON) -> Value?) throws -> Value? {
        guard let json, !json.isNull else { return nil }
        guard let value = read(json) else { throw WrongType() }
        return value
    }

    private static func audiences(_ json: JSON) -> [String]? {
        if let one = json.string { return [one] }
        let many = json.array?.compactMap(\.string)
        return many?.count == json.array?.count ? many : nil
    }
}
