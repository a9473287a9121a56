import Crypto
import Foundation
import TestSupport
import Testing

@testable import DirectoryAPI

/// Tokens of an identity provider, whose keys are served over a socket.
@Suite struct IdentityProviderTests {
    private func status(_ server: Server, _ token: String) async throws -> Int {
        try await server.send("GET", "/account/me", token: token).status
    }

    @Test func `RS256, ES256 and EdDSA are accepted by kid, for this issuer and audience only`() async throws {
        let keys: [String: OpenIDProvider.Key] = ["r": try .rs256(), "e": .es256(), "d": .edDSA()]
        let provider = try await OpenIDProvider.start(keys)
        let server = try await Server.start(trusting: provider)
        let id = server.admin.id
        for (kid, key) in keys {
            #expect(try await status(server, OpenIDProvider.token(id, key, kid: kid)) == 200, "\(kid)")
            for other in keys.keys where other != kid {
                #expect(try await status(server, OpenIDProvider.token(id, key, kid: other)) == 401, "\(kid), \(other)")
            }
            for forged in [
                try OpenIDProvider.token(id, key, kid: nil), try OpenIDProvider.token(id, key, kid: ""),
                try OpenIDProvider.token(id, key, kid: kid, issuer: "https://other.example"),
                try OpenIDProvider.token(id, key, kid: kid, audience: "somebody else"),
                try OpenIDProvider.token(id, key, kid: kid, algorithm: "none"),
                try OpenIDProvider.token(id, key, kid: kid, algorithm: "HS256"),
                try OpenIDProvider.token(id, key, kid: kid, algorithm: "RS512"),
                try OpenIDProvider.token(server.admin.email, key, kid: kid),
                try OpenIDProvider.token("somebody", key, kid: kid),
            ] { #expect(try await status(server, forged) == 401, "\(kid): \(forged)") }
        }
        for other in [try OpenIDProvider.Key.rs256(), .es256(), .edDSA()] {
            for kid in keys.keys {
                #expect(try await status(server, OpenIDProvider.token(id, other, kid: kid)) == 401)
            }
        }
        try await server.stop()
        try await provider.stop()
    }

    @Test func `A token "signed" with a public key as if that were a secret is 401`() async throws {
        let key = try OpenIDProvider.Key.rs256()
        guard case .rsa(let rsa) = key else { return }
        let provider = try await OpenIDProvider.start(["r": key])
        let server = try await Server.start(trusting: provider)
        let modulus = try rsa.publicKey.getKeyPrimitives().modulus
        let claims =
            #"{"sub":"\#(server.admin.id)","exp":4102444800,"iss":"\#(OpenIDProvider.issuer)","aud":"directory"}"#
        for secret in [
            Array(rsa.publicKey.pemRepresentation.utf8), Array((rsa.publicKey.pemRepresentation + "\n").utf8),
            Array(rsa.publicKey.derRepresentation), Array(modulus), [],
        ] {
            for header in [#"{"alg":"HS256","kid":"r"}"#, #"{"alg":"HS256"}"#, #"{"alg":"RS256","kid":"r"}"#] {
                let signed = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(claims.utf8))
                let mac = HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: SymmetricKey(data: secret))
                #expect(try await status(server, signed + "." + Base64URL.encode(Array(mac))) == 401, "\(header)")
            }
        }
        try await server.stop()
        try await provider.stop()
    }

    @Test func `An e-mail address as sub counts where that is configured`() async throws {
        let key = OpenIDProvider.Key.es256()
        let provider = try await OpenIDProvider.start(["e": key])
        let server = try await Server.start(trusting: provider) { $0.namesEmail = true }
        #expect(try await status(server, OpenIDProvider.token(server.admin.email, key, kid: "e")) == 200)
        #expect(try await status(server, OpenIDProvider.token(server.admin.id, key, kid: "e")) == 200)
        #expect(try await status(server, OpenIDProvider.token("nobody@example.org", key, kid: "e")) == 401)
        try await server.stop()
        try await provider.stop()
    }

    @Test func `A new key is fetched when a token names it, an old one ends, and no flood asks again`() async throws {
        let (old, new, newest) = (
            OpenIDProvider.Key.es256(), OpenIDProvider.Key.edDSA(), try OpenIDProvider.Key.rs256()
        )
        let provider = try await OpenIDProvider.start(["old": old])
        let server = try await Server.start(trusting: provider)
        let id = server.admin.id
        let held = try OpenIDProvider.token(id, old, kid: "old")
        #expect(try await status(server, held) == 200)
        #expect(provider.requests == 1, "once at the start")
        provider.replace(["new": new])
        let token = try OpenIDProvider.token(id, new, kid: "new")
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<32 { group.addTask { try await status(server, token) } }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(statuses == [200] && provider.requests == 2, "all who ask wait for one answer")
        #expect(try await status(server, held) == 401, "although its signature was verified before")
        provider.replace(["newest": newest])
        let unknown = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<64 {
                group.addTask { try await status(server, OpenIDProvider.token(id, newest, kid: "unknown \(number)")) }
            }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(unknown == [401] && provider.requests == 2, "within the interval it is not asked again")
        #expect(try await status(server, token) == 200)
        try await server.stop()
        try await provider.stop()
    }

    @Test func `While the provider is down the known keys serve, and its new ones do when it is back`() async throws {
        let (old, new) = (OpenIDProvider.Key.es256(), OpenIDProvider.Key.es256())
        let provider = try await OpenIDProvider.start(["old": old])
        let server = try await Server.start(trusting: provider) { $0.interval = .zero }
        let id = server.admin.id
        try await provider.stop()
        provider.replace(["old": old, "new": new])
        #expect(try await status(server, OpenIDProvider.token(id, new, kid: "new")) == 401)
        #expect(try await status(server, OpenIDProvider.token(id, old, kid: "old")) == 200)
        try await provider.resume()
        #expect(try await status(server, OpenIDProvider.token(id, new, kid: "new")) == 200)
        // One that starts during an outage serves all others, and this one's when it is back.
        try await provider.stop()
        let late = try await Server.start(trusting: provider) { $0.interval = .zero }
        let token = try OpenIDProvider.token(late.admin.id, new, kid: "new")
        #expect(try await status(late, token) == 401)
        try await provider.resume()
        #expect(try await status(late, token) == 200)
        try await late.stop()
        try await server.stop()
        try await provider.stop()
    }

    @Test func `A file is read again like a URL, and what is no set changes nothing`() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("keys-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: path) }
        func write(_ text: String) throws { try Data(text.utf8).write(to: path) }
        let point = Array(P256.Signing.PrivateKey().publicKey.rawRepresentation).map { $0 }
        func key(_ kid: String, _ more: String = "") -> String {
            let (x, y) = (Base64URL.encode(Array(point.prefix(32))), Base64URL.encode(Array(point.suffix(32))))
            return #"{"kid":"\#(kid)","kty":"EC","crv":"P-256","x":"\#(x)","y":"\#(y)"\#(more)}"#
        }
        func name(_ kid: String) -> JSONWebKeySet.Name { .init(kid: kid, algorithm: "ES256") }
        try write(#"{"keys":[\#(key("a")),\#(key("b", #","use":"enc""#)),\#(key("c", #","alg":"ES384""#))]}"#)
        var configuration = IdentityProvider.Configuration(try KeySetSource(path.path))
        configuration.interval = .zero
        let provider = IdentityProvider(configuration, logger: quiet)
        await provider.start()
        #expect(await provider.key(name("a")) != nil)
        for kid in ["b", "c", "d"] { #expect(await provider.key(name(kid)) == nil, "\(kid)") }
        for text in ["", "{}", "[]", #"{"keys":{}}"#, #"{"keys":[\#(key("a")),\#(key("a"))]}"#] {
            try write(text)
            #expect(await provider.key(name("d")) == nil)
            #expect(await provider.key(name("a")) != nil, "\(text)")
        }
        try write(#"{"keys":[\#(key("d"))]}"#)
        #expect(await provider.key(name("d")) != nil)
        #expect(await provider.key(name("a")) == nil)
    }

    @Test func `Keys come from a file, over https, or from this machine`() throws {
        for text in [
            "https://id.example/keys", "http://127.0.0.1:9/keys", "http://localhost/k", "http://[::1]:80/k",
            "/etc/keys.json",
            "keys.json",
        ] { #expect(throws: Never.self) { try KeySetSource(text) } }
        for text in [
            "http://id.example/keys", "ftp://id.example/keys", "https://", "http://localhost.example/k",
            "http://127.0.0.1@id.example/k", "https://a:b@id.example/k",
        ] { #expect(throws: KeySetSource.Unusable.self, "\(text)") { try KeySetSource(text) } }
        #expect(try KeySetSource("https://id.example/keys?secret=1").description == "https://id.example/keys")
    }

    @Test func `Without a required issuer and audience a node does not start`() async throws {
        for requirements in [
            TokenVerifier.Requirements(), TokenVerifier.Requirements(issuer: "i"),
            TokenVerifier.Requirements(audience: "a"),
        ] {
            await #expect(throws: DirectoryNode.UnboundedTrust.self) {
                try await Server.start {
                    $0.identityProvider = try? IdentityProvider.Configuration(KeySetSource("/nowhere"))
                    $0.requirements = requirements
                }
            }
        }
    }
}
