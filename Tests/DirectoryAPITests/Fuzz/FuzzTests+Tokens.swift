import CanonicalJSON
import Crypto
import Directory
import EventSourcing
import Foundation
import TestSupport
import Testing

@testable import DirectoryAPI

extension FuzzTests {
    private static let id = "0192f0c1-0000-7000-8000-000000000000"
    private static let headers = Mutator(
        [#"{"alg":"HS256","typ":"JWT"}"#, #"{"alg":"HS256"}"#, #"{"alg":"HS256","kid":"x"}"#, #"{"alg":"none"}"#],
        [#""alg":"HS256","#, #","alg":"none""#, "\"", "}", ",", "null"])
    private static let claims = Mutator(
        [
            #"{"sub":"\#(id)","exp":4102444800}"#, #"{"sub":"Ada@Example.org","exp":4102444800.5,"nbf":1}"#,
            #"{"exp":4102444800,"aud":["a","b"],"iss":"i","org":"\#(id)","sub":"jürgen@münchen.de"}"#,
        ], [#""sub":"a@b","#, #","exp":1"#, "\"", "}", ",", "null", "1e999", "[", "]"])

    /// A token, and whether it is signed as it is.
    private struct Sent: CustomStringConvertible {
        let text: String
        let description: String
    }

    private static func sign(_ signed: String) -> String {
        let mac = HMAC<SHA256>.authenticationCode(
            for: Array(signed.utf8), using: SymmetricKey(data: Server.secret))
        return signed + "." + Base64URL.encode(Array(mac))
    }

    private static func token(_ header: [UInt8], _ claims: [UInt8]) -> String {
        sign(Base64URL.encode(header) + "." + Base64URL.encode(claims))
    }

    private static func make(_ random: inout SeededGenerator) -> Sent {
        let header = random.chance(70) ? Array(#"{"alg":"HS256"}"#.utf8) : headers.bytes(&random)
        let claims = claims.bytes(&random)
        var text = token(header, claims)
        let plain = "\(String(decoding: header, as: UTF8.self)) \(String(decoding: claims, as: UTF8.self))"
        switch Int.random(in: 0..<10, using: &random) {
        case 0...1: text = Mutator([text], [".", "=", "-", "_", "A", "B"]).text(&random)
        // Spelt otherwise, and signed as it is spelt.
        case 2...3:
            let signed = text.utf8.lastIndex(of: UInt8(ascii: ".")).map { String(text[..<$0]) } ?? ""
            text = sign(Mutator([signed], [".", "=", "-", "_", "A", "B"]).text(&random))
        default: break
        }
        return Sent(text: text, description: "\(plain): \(text)")
    }

    @Test func `Tokens: what is accepted is signed, and has one reading`() async throws {
        let verifier = await TokenVerifier(secret: Server.secret)
        try await Fuzz("tokens").run(Self.make) { token in
            let verified: TokenVerifier.Verified
            do {
                verified = try await verifier.verify("Bearer \(token.text)", now: 1_800_000_000)
            } catch let problem as Problem {
                try hold(problem.status == .unauthorized, "a token is refused by 401")
                return false
            }
            let segments = token.text.split(separator: ".", omittingEmptySubsequences: false).map { String($0) }
            try hold(segments.count == 3, "it has three segments")
            try hold(Self.sign("\(segments[0]).\(segments[1])") == token.text, "it is signed as it was sent")
            let decoded = segments.map { Base64URL.decode($0.utf8) ?? [] }
            for (bytes, segment) in zip(decoded, segments) {
                try hold(Base64URL.encode(bytes) == segment, "each segment is the text of its bytes")
            }
            let json = try decoded.prefix(2).map { try JSON(parsing: $0) }
            try hold(json[0]["alg"] == "HS256", "its algorithm is ours")
            let canonical = json.map { $0.canonicalBytes() }
            let again = try await verifier.verify(
                "Bearer \(Self.token(canonical[0], canonical[1]))", now: 1_800_000_000)
            try hold(
                again.subject == verified.subject && again.expires == verified.expires
                    && again.organization == verified.organization && again.notBefore == verified.notBefore,
                "its canonical form says the same")
            return true
        }
    }
}
