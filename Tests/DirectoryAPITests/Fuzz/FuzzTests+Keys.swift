import CanonicalJSON
import Crypto
import EventSourcing
import Foundation
import TestSupport
import Testing

@testable import DirectoryAPI

/// Tokens that organizations' keys sign, those of an identity provider, and the sets in which its keys are published.
extension FuzzTests {
    /// A token, and how it was made.
    private struct Sent: CustomStringConvertible {
        let text: String
        let description: String
    }

    /// Spells a token otherwise, perhaps, and signs it as it is spelt.
    private static func make(
        _ headers: Mutator, _ claims: Mutator, _ random: inout SeededGenerator, _ sign: (String) throws -> String
    ) rethrows -> Sent {
        let header = random.chance(60) ? headers.seed(&random) : headers.bytes(&random)
        let claims = random.chance(30) ? claims.seed(&random) : claims.bytes(&random)
        var signed = Base64URL.encode(header) + "." + Base64URL.encode(claims)
        if random.chance(15) { signed = Mutator([signed], [".", "=", "-", "_", "A", "B"]).text(&random) }
        var text = try sign(signed)
        if random.chance(10) { text = Mutator([text], [".", "=", "-", "_", "A", "B"]).text(&random) }
        let plain = "\(String(decoding: header, as: UTF8.self)) \(String(decoding: claims, as: UTF8.self))"
        return Sent(text: text, description: "\(plain): \(text)")
    }

    /// The header and the claims of a token that was accepted.
    private static func parts(of token: String) throws -> (header: JSON, claims: JSON, signed: String) {
        let segments = token.split(separator: ".", omittingEmptySubsequences: false).map { String($0) }
        try hold(segments.count == 3, "it has three segments")
        let decoded = segments.map { Base64URL.decode($0.utf8) ?? [] }
        for (bytes, segment) in zip(decoded, segments) {
            try hold(Base64URL.encode(bytes) == segment, "each segment is the text of its bytes")
        }
        return (try JSON(parsing: decoded[0]), try JSON(parsing: decoded[1]), "\(segments[0]).\(segments[1])")
    }

    @Test func `Key tokens: what is accepted is signed by the key that it names, for its organization`() async throws {
        let cast = try await Cast.make()
        let keys = [
            try await cast.server.makeKey(cast.organization, by: cast.owner),
            try await cast.server.makeKey(cast.foreign, by: cast.stranger, limit: "AUDITOR"),
        ]
        let headers = Mutator(
            keys.map { #"{"alg":"HS256","kid":"\#($0.id)"}"# } + [#"{"alg":"HS256"}"#],
            [#""kid":"x","#, #","kid":null"#, "\"", "}", ",", "-"])
        let claims = Mutator(
            [
                #"{"sub":"\#(cast.owner.id)","exp":4102444800}"#,
                #"{"sub":"\#(cast.stranger.email)","exp":4102444800}"#,
                #"{"exp":4102444800,"org":"\#(cast.organization)","sub":"\#(cast.owner.id)"}"#,
            ], [#","org":"\#(cast.foreign)""#, #","org":null"#, "\"", "}", ",", "null"])
        func sign(_ signed: String, _ secret: [UInt8]) -> String {
            let mac = HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: SymmetricKey(data: secret))
            return signed + "." + Base64URL.encode(Array(mac))
        }
        let tokens = cast.server.service.tokens
        try await Fuzz("key tokens").run({ random in
            let key = random.pick(keys)
            return Self.make(headers, claims, &random) { sign($0, key.secret) }
        }) { token in
            let verified: TokenVerifier.Verified
            do {
                verified = try await tokens.verify("Bearer \(token.text)", now: 1_800_000_000)
            } catch let problem as Problem {
                try hold(problem.status == .unauthorized, "a token is refused by 401")
                return false
            }
            let (header, claims, signed) = try Self.parts(of: token.text)
            try hold(header["alg"] == "HS256", "its algorithm is the key's")
            let kid = try #require(header["kid"]?.string, "the server's own secret signed none")
            let key = try #require(keys.first { $0.id == kid.lowercased() }, "it names a key")
            try hold(sign(signed, key.secret) == token.text, "the key that it names has signed it")
            try hold(verified.organization?.text == key.organization, "it is confined to the key's organization")
            try hold(verified.key?.id.text == key.id && verified.credential == key.id, "it acts with the key")
            try hold(
                claims["org"]?.string.map { $0.lowercased() == key.organization } ?? true,
                "its claim names no other organization")
            return true
        }
    }

    @Test func `Provider tokens: what is accepted is signed by the key that it names, and has one reading`()
        async throws
    {
        let key = P256.Signing.PrivateKey()
        let point = Array(key.publicKey.rawRepresentation)
        let jwk =
            #"{"kid":"e","kty":"EC","crv":"P-256","x":"\#(Base64URL.encode(Array(point.prefix(32))))","#
            + #""y":"\#(Base64URL.encode(Array(point.suffix(32))))"}"#
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("fuzz-\(UUID().uuidString).json")
        try Data(#"{"keys":[\#(jwk)]}"#.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        var configuration = IdentityProvider.Configuration(try KeySetSource(file.path))
        configuration.interval = .seconds(36_000)
        let provider = IdentityProvider(configuration, logger: quiet)
        await provider.start()
        let verifier = await TokenVerifier(
            secret: Server.secret, requirements: TokenVerifier.Requirements(issuer: "i", audience: "a"),
            provider: provider)
        let headers = Mutator(
            [#"{"alg":"ES256","kid":"e"}"#, #"{"alg":"HS256","kid":"e"}"#, #"{"alg":"ES256"}"#],
            [#""alg":"HS256","#, #""alg":"RS256","#, #","kid":"f""#, "\"", "}", ","])
        let subject = "0192f0c1-0000-7000-8000-000000000000"
        let claims = Mutator(
            [
                #"{"sub":"\#(subject)","exp":4102444800,"iss":"i","aud":"a"}"#,
                #"{"aud":["b","a"],"iss":"i","exp":4102444800.5,"sub":"\#(subject)","nbf":1}"#,
                #"{"sub":"ada@example.org","exp":4102444800,"iss":"i","aud":"a"}"#,
            ], [#","aud":"c""#, #","iss":"j""#, "\"", "}", ",", "null", "1e999", "[", "]"])
        try await Fuzz("provider tokens").run({ random in
            let isForged = random.chance(20)
            return try Self.make(headers, claims, &random) { signed in
                let bytes = Data(signed.utf8)
                // "Signed" with the public key as if that were a secret.
                let forged = HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: point))
                let signature = isForged ? Array(forged) : Array(try key.signature(for: bytes).rawRepresentation)
                return signed + "." + Base64URL.encode(signature)
            }
        }) { token in
            let verified: TokenVerifier.Verified
            do {
                verified = try await verifier.verify("Bearer \(token.text)", now: 1_800_000_000)
            } catch let problem as Problem {
                try hold(problem.status == .unauthorized, "a token is refused by 401")
                return false
            }
            let (header, claims, signed) = try Self.parts(of: token.text)
            try hold(header["alg"] == "ES256" && header["kid"] == "e", "it names the key, and its algorithm")
            let signature = Base64URL.decode((token.text.split(separator: ".").last ?? "").utf8) ?? []
            let isValid = try key.publicKey.isValidSignature(
                P256.Signing.ECDSASignature(rawRepresentation: signature), for: Data(signed.utf8))
            try hold(isValid, "the key has signed it")
            try hold(claims["iss"] == "i", "it is the issuer's")
            let audiences = claims["aud"]?.array ?? [claims["aud"] ?? .null]
            try hold(audiences.contains("a"), "it is for this audience")
            guard case .id(let id) = verified.subject else { throw Fuzz.Fault("it names an account by its address") }
            try hold(claims["sub"]?.string?.lowercased() == id.text, "its subject is the one that is named")
            try hold(verified.credential == "e" && verified.key == nil, "it acts with the provider's key")
            return true
        }
    }

    @Test func `Key sets: what is read has keys for known algorithms, and the same in its canonical form`()
        async throws
    {
        let point = Array(P256.Signing.PrivateKey().publicKey.rawRepresentation)
        let (x, y) = (Base64URL.encode(Array(point.prefix(32))), Base64URL.encode(Array(point.suffix(32))))
        let edwards = Base64URL.encode(Array(Curve25519.Signing.PrivateKey().publicKey.rawRepresentation))
        let modulus = Base64URL.encode([0xC1] + Array(repeating: 0x5A, count: 254) + [0x01])
        let ec = #"{"kid":"e","kty":"EC","crv":"P-256","x":"\#(x)","y":"\#(y)"}"#
        let okp = #"{"kid":"d","kty":"OKP","crv":"Ed25519","x":"\#(edwards)","use":"sig","alg":"EdDSA"}"#
        let rsa = #"{"kid":"r","kty":"RSA","n":"\#(modulus)","e":"AQAB","alg":"RS256"}"#
        let mutator = Mutator(
            [
                #"{"keys":[\#(ec)]}"#, #"{"keys":[\#(okp),\#(rsa)]}"#, #"{"keys":[\#(rsa),\#(ec),\#(okp)]}"#,
                #"{"keys":[]}"#,
            ],
            [#""use":"enc","#, #""alg":"HS256","#, #","kid":"e""#, #""kty":"oct","#, "{}", "null", "[", "]", "A", "="])
        try await Fuzz("key sets").run({ mutator.bytes(&$0) }) { bytes in
            let set: JSONWebKeySet
            do {
                set = try await JSONWebKeySet(parsing: bytes)
            } catch is JSONWebKeySet.Malformed { return false }
            let json = try JSON(parsing: bytes)
            try hold(set.keys.count <= json["keys"]?.array?.count ?? 0, "no key is made up")
            for name in set.keys.keys {
                try hold(JSONWebKeySet.algorithms.contains(name.algorithm), "a key is for a known algorithm")
            }
            let again = try await JSONWebKeySet(parsing: json.canonicalBytes())
            try hold(Set(again.keys.keys) == Set(set.keys.keys), "its canonical form has the same keys")
            for (name, key) in set.keys {
                try hold(again.keys[name]?.material == key.material, "each of them is the same")
            }
            return !set.keys.isEmpty
        }
    }
}
