import CanonicalJSON
import Crypto
import EventSourcing
import Foundation
import Testing

@testable import DirectoryAPI

/// Tokens are made by hand here, not by the library that verifies them.
@Suite struct TokenTests {
    private func base64URL(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private func token(
        _ claims: String, header: String = #"{"alg":"HS256","typ":"JWT"}"#, secret: [UInt8] = Server.secret
    ) -> String {
        sign(base64URL(Array(header.utf8)) + "." + base64URL(Array(claims.utf8)), secret: secret)
    }

    private func sign(_ signed: String, secret: [UInt8] = Server.secret) -> String {
        let mac = HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: SymmetricKey(data: secret))
        return signed + "." + base64URL(mac)
    }

    private func status(_ server: Server, _ token: String) async throws -> Int {
        let answer = try await server.send("GET", "/account/me", token: token)
        if answer.status == 401, token.count > 20 { #expect(!answer.text.contains(token), "a token is not repeated") }
        return answer.status
    }

    @Test func `A valid token is accepted, a forged one refused`() async throws {
        let server = try await Server.shared
        let id = server.admin.id
        let good = #"{"sub":"\#(id)","exp":4102444800}"#
        #expect(try await status(server, token(good)) == 200)
        #expect(try await status(server, token(good, secret: Array("wrong".utf8))) == 401)
        #expect(try await status(server, token(good, secret: [])) == 401)
        let headers = [
            #"{"alg":"none"}"#, #"{"alg":"None"}"#, #"{"alg":"HS384"}"#, #"{"alg":"RS256"}"#, #"{"alg":"hs256"}"#, "{}",
            "[]", "",
            #"{"alg":"HS256","kid":"unknown"}"#, #"{"alg":"HS256","kid":""}"#, #"{"alg":"HS256","crit":["exp"]}"#,
            #"{"alg":"HS256","alg":"none"}"#, #"{"alg":["HS256"]}"#,
        ]
        for header in headers { #expect(try await status(server, token(good, header: header)) == 401, "\(header)") }
        // These have no signature.
        let none = base64URL(Array(#"{"alg":"none"}"#.utf8)) + "." + base64URL(Array(good.utf8))
        for forged in [
            "\(none).", none, "\(none).x", "..", ".", "a.b.c", "", "Bearer", token(good) + "x", token(good) + ".x",
            String(token(good).dropLast(2)), String(repeating: "a", count: 7000),
        ] {
            #expect(try await status(server, forged) == 401, "\(forged.prefix(40))")
        }
        let huge = token(#"{"sub":"\#(id)","exp":4102444800,"x":"\#(String(repeating: "x", count: 9000))"}"#)
        let answer = try await server.raw("GET /api/v1/account/me HTTP/1.1", headers: ["Authorization: Bearer \(huge)"])
        #expect([401, 431].contains(answer), "\(answer)")
    }

    @Test(arguments: [
        #"{"sub":"ID","sub":"ID","exp":4102444800}"#, #"{"sub":"nobody@x.de","exp":4102444800,"sub":"ID"}"#,
        #"{"sub":"ID","exp":1,"exp":4102444800}"#, #"{"sub":"ID","exp":4102444800,"s\u0075b":"ID"}"#,
        #"{"sub":"ID","exp":4102444800,"x":{"a":1,"a":2}}"#, #"{"sub":"ID","exp":4102444800,"org":null,"org":null}"#,
    ])
    func `A claim that is named twice is 401`(_ claims: String) async throws {
        let server = try await Server.shared
        #expect(try await status(server, token(claims.replacing("ID", with: server.admin.id))) == 401)
    }

    @Test func `A member of the header that is named twice is 401`() async throws {
        let server = try await Server.shared
        for header in [
            #"{"alg":"HS256","alg":"HS256"}"#, #"{"alg":"none","alg":"HS256"}"#,
            #"{"alg":"HS256","typ":"JWT","typ":"x"}"#,
        ] {
            let claims = #"{"sub":"\#(server.admin.id)","exp":4102444800}"#
            #expect(try await status(server, token(claims, header: header)) == 401, "\(header)")
        }
    }

    @Test func `base64url that is padded or not canonical is 401, in each segment`() async throws {
        let server = try await Server.shared
        // Lengths that leave bits over, in header and claims: the signature of 32 bytes does too.
        let good = token(#"{"sub":"\#(server.admin.id)","exp":4102444800,"x":12}"#, header: #"{"alg":"HS256" }"#)
        #expect(try await status(server, good) == 200)
        let segments = good.split(separator: ".").map { String($0) }
        for index in segments.indices {
            var others: [String] = ["=", "==", "~", "%3D", "+", "/"].map { segments[index] + $0 }
            others += Base64.siblings(of: segments[index])
            for other in others {
                var changed = segments
                changed[index] = other
                // Signed as it is sent, so that nothing but the spelling is wrong with it.
                let signed = index == 2 ? changed.joined(separator: ".") : sign("\(changed[0]).\(changed[1])")
                #expect(try await status(server, signed) == 401, "segment \(index): \(other.suffix(4))")
            }
        }
    }

    @Test func `A token that differs from one in the cache is not taken for it`() async throws {
        let verifier = await TokenVerifier(secret: Server.secret)
        var good = ""
        for number in 0..<200 where !good.contains("K") {
            good = "Bearer " + token(#"{"sub":"0192f0c1-0000-7000-8000-000000000000","exp":1000,"x":\#(number)}"#)
        }
        _ = try await verifier.verify(good, now: 1)
        let other = good.replacing("K", with: "\u{212A}")
        #expect(other == good, "to Swift they are the same")
        await #expect(throws: Problem.self) { try await verifier.verify(other, now: 1) }
    }

    @Test func `Every text of base64url is that of its bytes`() {
        for count in 0...40 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 89 &+ count) }
            let text = Base64URL.encode(bytes)
            #expect(text == base64URL(bytes))
            #expect(Base64URL.decode(text.utf8) == bytes)
            for other in Base64.siblings(of: text) { #expect(Base64URL.decode(other.utf8) == nil, "\(other)") }
        }
        #expect(Base64URL.decode("A".utf8) == nil)
    }

    @Test func `exp is required without leeway, nbf is checked, org must be a UUID`() async throws {
        let server = try await Server.shared
        let id = server.admin.id
        let now = Int(Date().timeIntervalSince1970)
        for (claims, expected) in [
            (#"{"sub":"\#(id)"}"#, 401), (#"{"sub":"\#(id)","exp":null}"#, 401),
            (#"{"sub":"\#(id)","exp":"4102444800"}"#, 401),
            (#"{"sub":"\#(id)","exp":\#(now)}"#, 401), (#"{"sub":"\#(id)","exp":\#(now - 1)}"#, 401),
            (#"{"sub":"\#(id)","exp":-1}"#, 401), (#"{"sub":"\#(id)","exp":1e308}"#, 200),
            (#"{"sub":"\#(id)","exp":1e999}"#, 401),
            (#"{"sub":"\#(id)","exp":\#(now + 100)}"#, 200),
            (#"{"sub":"\#(id)","exp":4102444800,"nbf":\#(now + 100)}"#, 401),
            (#"{"sub":"\#(id)","exp":4102444800,"nbf":\#(now - 1)}"#, 200), (#"{"exp":4102444800}"#, 401),
            (#"{"sub":"","exp":4102444800}"#, 401), (#"{"sub":"nobody@example.org","exp":4102444800}"#, 401),
            (#"{"sub":7,"exp":4102444800}"#, 401), (#"{"sub":"\#(id)","exp":4102444800,"org":"x"}"#, 401),
            (#"{"sub":"01890000-0000-7000-8000-000000000000","exp":4102444800}"#, 401),
            (#"{"sub":"\u0000","exp":4102444800}"#, 401), ("[]", 401), ("", 401),
        ] {
            #expect(try await status(server, token(claims)) == expected, "\(claims)")
        }
    }

    @Test func `Only the scheme Bearer is accepted, in any case`() async throws {
        let server = try await Server.shared
        let token = server.admin.token
        for (header, status) in [
            ("bearer \(token)", 200), ("BEARER \(token)", 200), ("Basic \(token)", 401), (token, 401), ("Bearer", 401),
            ("Bearer  \(token)", 401),
        ] {
            let answer = try await server.raw("GET /api/v1/account/me HTTP/1.1", headers: ["Authorization: \(header)"])
            #expect(answer == status, "\(header.prefix(12))")
        }
        let twice = ["Authorization: Bearer \(token)", "Authorization: Bearer \(token)"]
        #expect(try await server.raw("GET /api/v1/account/me HTTP/1.1", headers: twice) == 401)
        for operation in Operations.all {
            guard case .anyone = operation.access else { continue }
            #expect(
                ["/healthz", "/readyz", "/openapi.json", "/docs"].contains(operation.path.text), "\(operation.name)")
        }
    }

    @Test func `iss and aud are checked where configured`() async throws {
        let server = try await Server.start {
            $0.requirements = TokenVerifier.Requirements(issuer: "https://issuer", audience: "directory")
        }
        let id = server.admin.id
        let base = #"{"sub":"\#(id)","exp":4102444800"#
        for (more, expected) in [
            ("", 401), (#","iss":"https://issuer""#, 401), (#","aud":"directory""#, 401),
            (#","iss":"https://issuer","aud":"directory""#, 200),
            (#","iss":"https://issuer","aud":["x","directory"]"#, 200),
            (#","iss":"https://other","aud":"directory""#, 401), (#","iss":"https://issuer","aud":["x"]"#, 401),
            (#","iss":"https://issuer","aud":7"#, 401),
        ] {
            #expect(try await status(server, token(base + more + "}")) == expected, "\(more)")
        }
        try await server.stop()
    }

    @Test func `A token that has been accepted still expires`() async throws {
        // The time is passed in: a test that waits for it would depend on the machine.
        let verifier = await TokenVerifier(secret: Server.secret)
        let header = "Bearer " + token(#"{"sub":"0192f0c1-0000-7000-8000-000000000000","exp":1000.5}"#)
        _ = try await verifier.verify(header, now: 1000)
        _ = try await verifier.verify(header, now: 1000.25)
        await #expect(throws: Problem.self) { try await verifier.verify(header, now: 1000.5) }
    }
}

private enum Base64 {
    /// The texts that differ from a text in bits of its last character that stand for nothing.
    static func siblings(of text: String) -> [String] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let spare = [0, 0, 16, 4][text.count % 4]
        guard let last = text.last, let value = alphabet.firstIndex(of: last) else { return [] }
        return (0..<spare).dropFirst().map { text.dropLast() + String(alphabet[value | $0]) }
    }
}
