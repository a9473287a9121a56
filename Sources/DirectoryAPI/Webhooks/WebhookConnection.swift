import AsyncHTTPClient
import Directory
import NIOCore
import NIOSSL

/// A connection to the receiver of a webhook, which lasts for some deliveries.
///
/// The host's addresses are found and checked first; then a client is made that reaches the checked address and no other, whatever the
/// name resolves to by then. The name is still the one that TLS asks the certificate for. `close` it in any case.
struct WebhookConnection: Sendable {
    /// How many addresses of a host are tried.
    private static let addresses = 3
    /// How much of an answer is read so that its connection can be used again, in bytes, and for how long.
    private static let read = (bytes: 16 << 10, time: Duration.seconds(2))

    private let url: WebhookURL
    private let options: WebhookOptions
    private var client: HTTPClient?

    init(to url: WebhookURL, _ options: WebhookOptions) {
        self.url = url
        self.options = options
    }

    /// Sends a POST with a body. No redirection is followed: it might lead to where nothing may be sent.
    mutating func send(_ body: [UInt8], _ headers: [(name: String, value: String)]) async -> WebhookOutcome {
        var request = HTTPClientRequest(url: url.requested)
        request.method = .POST
        request.headers.add(name: "content-type", value: AuditEntry.cloudEventType)
        request.headers.add(name: "user-agent", value: "directory-webhooks/1")
        for header in headers { request.headers.add(name: header.name, value: header.value) }
        request.body = .bytes(body)
        let deadline = ContinuousClock.now + options.answerTime
        if let client { return await post(request, client, deadline) }
        let addresses: [IPAddress]
        switch await checkedAddresses() {
        case .success(let checked): addresses = checked
        case .failure(let error): return .failed(error.failure)
        }
        var outcome = WebhookOutcome.failed(.notConnected)
        for address in addresses.prefix(WebhookConnection.addresses) where outcome == .failed(.notConnected) {
            await close()
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration(reaching: address))
            self.client = client
            outcome = await post(request, client, deadline)
        }
        return outcome
    }

    /// Ends the connection.
    mutating func close() async {
        guard let client else { return }
        self.client = nil
        try? await client.shutdown()
    }

    private struct Unreachable: Error {
        let failure: WebhookOutcome.Failure
    }

    /// The addresses of the host, all of which may be reached: one that may not says that something is wrong with the others too.
    private func checkedAddresses() async -> Result<[IPAddress], Unreachable> {
        // What was allowed when the webhook was created may not be any longer.
        guard options.hosts.fault(in: url) == nil else { return .failure(Unreachable(failure: .refused)) }
        let found: [IPAddress]
        if let address = url.address {
            found = [address]
        } else {
            let resolved = try? await options.resolver.addresses(of: url.host, within: options.connectTime)
            guard let resolved else { return .failure(Unreachable(failure: .notResolved)) }
            found = resolved
        }
        guard found.allSatisfy({ options.hosts.allows($0, of: url) }) else {
            return .failure(Unreachable(failure: .refused))
        }
        return .success(found)
    }

    private func configuration(reaching address: IPAddress) -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        if !options.authorities.isEmpty { tls.additionalTrustRoots = [.certificates(options.authorities)] }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: .init(connect: .nanoseconds(options.connectTime.nanoseconds)))
        configuration.dnsOverride = [url.host: address.description]
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    private mutating func post(
        _ request: HTTPClientRequest, _ client: HTTPClient, _ deadline: ContinuousClock.Instant
    ) async -> WebhookOutcome {
        let left = max(.milliseconds(1), deadline - .now)
        let outcome: WebhookOutcome
        var isReusable = false
        do {
            let response = try await client.execute(request, timeout: .nanoseconds(left.nanoseconds))
            outcome = .answered(
                status: Int(response.status.code), retryAfter: response.headers.first(name: "retry-after"))
            isReusable = await WebhookConnection.readToEnd(response.body)
        } catch {
            outcome = .failed(WebhookOutcome.Failure(error))
        }
        if !isReusable { await close() }
        return outcome
    }

    /// Reads a short answer to its end.
    /// - Returns: whether that is where it ended.
    private static func readToEnd(_ body: HTTPClientResponse.Body) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                var left = read.bytes
                do {
                    for try await part in body {
                        left -= part.readableBytes
                        if left < 0 { return false }
                    }
                    return true
                } catch { return false }
            }
            group.addTask {
                try? await Task.sleep(for: read.time)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}

extension WebhookOutcome.Failure {
    /// What an error of the HTTP client means.
    fileprivate init(_ error: any Error) {
        switch error {
        case let error as HTTPClientError where error == .connectTimeout: self = .notConnected
        case let error as HTTPClientError where error == .tlsHandshakeTimeout: self = .notSecured
        case let error as HTTPClientError
        where [.deadlineExceeded, .readTimeout, .writeTimeout, .getConnectionFromPoolTimeout].contains(error):
            self = .timedOut
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: self = .notSecured
        case let error as IOError where WebhookOutcome.Failure.refusals.contains(error.errnoCode): self = .notConnected
        default: self = .brokenOff
        }
    }
}
