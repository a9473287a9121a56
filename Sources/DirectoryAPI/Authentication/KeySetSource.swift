import AsyncHTTPClient
import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where a JSON Web Key Set is: in a file, or at a URL.
public enum KeySetSource: Sendable, Equatable, CustomStringConvertible {
    case file(String)
    case url(String)

    /// More than any set of keys needs, in bytes.
    private static let limit = 1 << 20

    /// A path, or a URL: `https`, and `http` on this machine only, since whoever can change the keys on their way can sign in as
    /// anybody.
    /// - Throws: `Unusable` where it is a URL of another kind.
    public init(_ text: String) throws {
        guard let scheme = text.range(of: "://") else {
            self = .file(text)
            return
        }
        let host = text[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" }
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        switch text[..<scheme.lowerBound].lowercased() {
        case "https" where !name.isEmpty && !host.contains("@"): self = .url(text)
        case "http" where ["localhost", "127.0.0.1", "[::1]"].contains(name): self = .url(text)
        default: throw Unusable()
        }
    }

    public struct Unusable: Error {}

    public var description: String {
        switch self {
        case .file(let path): path
        // A query may hold a secret.
        case .url(let url): String(url.prefix { $0 != "?" })
        }
    }

    /// The set, as it is there now.
    func read() async throws -> [UInt8] {
        switch self {
        case .file(let path):
            let data = try Data(contentsOf: URL(filePath: path))
            guard data.count <= KeySetSource.limit else { throw JSONWebKeySet.Malformed() }
            return Array(data)
        case .url(let url):
            var request = HTTPClientRequest(url: url)
            request.headers.add(name: "Accept", value: "application/jwk-set+json, application/json")
            let response = try await KeySetSource.client.execute(request, timeout: .seconds(10))
            guard response.status == .ok else { throw Refused(status: response.status.code) }
            return Array(try await response.body.collect(upTo: KeySetSource.limit).readableBytesView)
        }
    }

    /// Follows no redirection: it might lead away from https.
    private static let client = HTTPClient(
        eventLoopGroupProvider: .singleton, configuration: HTTPClient.Configuration(redirectConfiguration: .disallow))

    private struct Refused: Error, CustomStringConvertible {
        let status: UInt
        var description: String { "the answer is \(status)" }
    }
}
