import Crypto

@testable import DirectoryAPI

/// Tokens that are made by hand, not by the library that verifies them.
enum HandmadeToken {
    /// - Parameter header: the JOSE header, as JSON.
    static func make(
        _ claims: String, header: String = #"{"alg":"HS256","typ":"JWT"}"#, secret: [UInt8] = Server.secret
    ) -> String {
        let signed = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(claims.utf8))
        let mac = HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: SymmetricKey(data: secret))
        return signed + "." + Base64URL.encode(Array(mac))
    }

    /// With the signature of another token.
    static func signed(_ claims: String, as other: String) -> String {
        let signature = other.split(separator: ".").last ?? ""
        return make(claims).split(separator: ".").dropLast().joined(separator: ".") + ".\(signature)"
    }
}
