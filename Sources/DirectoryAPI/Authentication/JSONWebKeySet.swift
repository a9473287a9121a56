import CanonicalJSON
import JWTKit

/// The public keys of a JSON Web Key Set (RFC 7517) with which tokens can be verified: RS256, ES256 and EdDSA (Ed25519).
struct JSONWebKeySet: Sendable {
    /// What a token names its key by. A key serves one algorithm.
    struct Name: Hashable, Sendable {
        private let kid: [UInt8]
        let algorithm: String

        init(kid: String, algorithm: String) {
            self.kid = Array(kid.utf8)
            self.algorithm = algorithm
        }
    }

    struct Key: Sendable {
        let signatures: JWTKeyCollection
        /// The key itself: another key under the same name is another one.
        let material: [UInt8]
    }

    let keys: [Name: Key]

    /// The algorithms that keys serve.
    static let algorithms = ["RS256", "ES256", "EdDSA"]

    /// - Throws: `Malformed` unless it is a set. Keys in it that are of another kind, or for another use, are left out.
    init(parsing bytes: [UInt8]) async throws {
        guard let json = try? JSON(parsing: bytes), let array = json["keys"]?.array else { throw Malformed() }
        var keys: [Name: Key] = [:]
        for json in array {
            guard let kid = json["kid"]?.string, json["use"]?.string ?? "sig" == "sig",
                let (algorithm, jwk) = JSONWebKeySet.publicKey(json),
                json["alg"]?.string ?? algorithm == algorithm
            else { continue }
            let signatures = JWTKeyCollection()
            guard (try? await signatures.add(jwk: jwk, isDefault: true)) != nil else { continue }
            let name = Name(kid: kid, algorithm: algorithm)
            // Two keys under one name: which of them a token means would be a guess.
            guard keys[name] == nil else { throw Malformed() }
            keys[name] = Key(signatures: signatures, material: json.canonicalBytes())
        }
        self.keys = keys
    }

    struct Malformed: Error, CustomStringConvertible {
        var description: String { "it is not a JSON Web Key Set" }
    }

    /// The public part of a key; the private part, which has no place in a set, is not looked at.
    private static func publicKey(_ json: JSON) -> (algorithm: String, JWK)? {
        // The library picks a key by its own kid, or else the default: this is the only one.
        let identifier = JWKIdentifier(string: "only")
        switch (json["kty"]?.string, json["crv"]?.string) {
        case ("RSA", _):
            guard let modulus = json["n"]?.string, let exponent = json["e"]?.string else { return nil }
            return ("RS256", .rsa(.rs256, identifier: identifier, modulus: modulus, exponent: exponent))
        case ("EC", "P-256"):
            guard let x = json["x"]?.string, let y = json["y"]?.string else { return nil }
            return ("ES256", .ecdsa(.es256, identifier: identifier, x: x, y: y, curve: .p256))
        case ("OKP", "Ed25519"):
            guard let x = json["x"]?.string else { return nil }
            return ("EdDSA", .octetKeyPair(.eddsa, identifier: identifier, x: x, y: nil, curve: .ed25519))
        default: return nil
        }
    }
}
