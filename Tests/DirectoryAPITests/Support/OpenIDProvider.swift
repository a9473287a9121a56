import Crypto
import CryptoExtras
import Foundation
import Hummingbird
import ServiceLifecycle
import Synchronization
import TestSupport

@testable import DirectoryAPI

/// A small OpenID provider: it signs tokens, and serves the keys for them over a socket.
final class OpenIDProvider: Sendable {
    static let issuer = "https://provider.example", audience = "directory"

    /// A private key, and the name that it has in the set.
    enum Key: Sendable {
        case rsa(_RSA.Signing.PrivateKey)
        case ec(P256.Signing.PrivateKey)
        case edwards(Curve25519.Signing.PrivateKey)

        static func rs256() throws -> Key { .rsa(try _RSA.Signing.PrivateKey(keySize: .bits2048)) }
        static func es256() -> Key { .ec(P256.Signing.PrivateKey()) }
        static func edDSA() -> Key { .edwards(Curve25519.Signing.PrivateKey()) }

        var algorithm: String {
            switch self {
            case .rsa: "RS256"
            case .ec: "ES256"
            case .edwards: "EdDSA"
            }
        }

        fileprivate func members() throws -> String {
            func text(_ data: some Sequence<UInt8>) -> String { Base64URL.encode(Array(data)) }
            switch self {
            case .rsa(let key):
                let numbers = try key.publicKey.getKeyPrimitives()
                return #""kty":"RSA","n":"\#(text(numbers.modulus))","e":"\#(text(numbers.publicExponent))""#
            case .ec(let key):
                let point = Array(key.publicKey.rawRepresentation)
                return #""kty":"EC","crv":"P-256","x":"\#(text(point.prefix(32)))","y":"\#(text(point.suffix(32)))""#
            case .edwards(let key):
                return #""kty":"OKP","crv":"Ed25519","x":"\#(text(key.publicKey.rawRepresentation))""#
            }
        }

        fileprivate func sign(_ text: String) throws -> [UInt8] {
            let bytes = Data(text.utf8)
            return switch self {
            case .rsa(let key): Array(try key.signature(for: bytes, padding: .insecurePKCS1v1_5).rawRepresentation)
            case .ec(let key): Array(try key.signature(for: bytes).rawRepresentation)
            case .edwards(let key): Array(try key.signature(for: bytes))
            }
        }
    }

    private struct State {
        var keys: [String: Key] = [:]
        var requests = 0
        var port = 0
        var running: (group: ServiceGroup, task: Task<Void, any Error>)?
    }

    private let state = Mutex(State())

    /// Starts one with these keys, by their names.
    static func start(_ keys: [String: Key]) async throws -> OpenIDProvider {
        let provider = OpenIDProvider()
        provider.replace(keys)
        try await provider.resume()
        return provider
    }

    /// Serves another set of keys from now on.
    func replace(_ keys: [String: Key]) { state.withLock { $0.keys = keys } }

    /// How often its keys were asked for.
    var requests: Int { state.withLock { $0.requests } }

    var url: String { "http://127.0.0.1:\(state.withLock { $0.port })/keys" }

    /// Listens, on the port that it had before if it had one.
    func resume() async throws {
        let (ports, found) = AsyncStream<Int>.makeStream()
        let router = Router()
        router.get("/keys") { [self] _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/jwk-set+json"],
                body: .init(byteBuffer: .init(string: try set())))
        }
        let application = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: state.withLock { $0.port })),
            onServerRunning: { found.yield($0.localAddress?.port ?? 0) }, logger: quiet)
        let group = ServiceGroup(services: [application], logger: quiet)
        let task = Task {
            defer { found.finish() }
            try await group.run()
        }
        let port = await ports.first { _ in true }
        state.withLock {
            $0.running = (group, task)
            $0.port = port ?? $0.port
        }
    }

    /// Stops listening.
    func stop() async throws {
        let running = state.withLock { $0.running }
        await running?.group.triggerGracefulShutdown()
        try await running?.task.value
    }

    private func set() throws -> String {
        let keys = state.withLock { state in
            state.requests += 1
            return state.keys
        }
        let texts = try keys.map { name, key in #"{"kid":"\#(name)","use":"sig",\#(try key.members())}"# }
        // What is of no use to anybody must do no harm.
        return #"{"keys":[{"kid":"x","kty":"oct","k":"AAAA"},{"kty":"RSA"},\#(texts.joined(separator: ","))]}"#
    }

    /// A token, signed with any key under any name.
    static func token(
        _ subject: String, _ key: Key, kid: String?, issuer: String = issuer, audience: String = audience,
        algorithm: String? = nil
    ) throws -> String {
        let name = kid.map { #","kid":"\#($0)""# } ?? ""
        let header = #"{"alg":"\#(algorithm ?? key.algorithm)"\#(name)}"#
        let claims = #"{"sub":"\#(subject)","exp":4102444800,"iss":"\#(issuer)","aud":["\#(audience)","other"]}"#
        let signed = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(claims.utf8))
        return signed + "." + Base64URL.encode(try key.sign(signed))
    }
}

extension Server {
    /// A node that accepts a provider's tokens.
    static func start(
        trusting provider: OpenIDProvider, _ change: @Sendable (inout IdentityProvider.Configuration) -> Void = { _ in }
    ) async throws -> Server {
        var configuration = IdentityProvider.Configuration(try KeySetSource(provider.url))
        configuration.interval = .seconds(36_000)
        change(&configuration)
        return try await Server.start {
            $0.identityProvider = configuration
            $0.requirements = TokenVerifier.Requirements(
                issuer: OpenIDProvider.issuer, audience: OpenIDProvider.audience)
        }
    }
}
