import CanonicalJSON
import Directory
import EventSourcing
import FoundationEssentials
import NIOSSL
import Synchronization

/// How deliveries to webhooks are made.
public struct WebhookOptions: Sendable {
    /// The hosts that may be reached by `http` and at addresses that are not public.
    public var hosts = WebhookHosts()
    /// How long connecting to an address may take, and finding the addresses.
    var connectTime = Duration.seconds(10)
    /// How long an attempt may take in all, until the head of the answer.
    var answerTime = Duration.seconds(30)
    /// How often a node looks for attempts that are due, and for deliveries if no other node makes them.
    var interval = Duration.seconds(1)
    /// What tells when attempts are due, and for how long they have failed.
    var clock: @Sendable () -> Instant = { .now }
    var resolver = HostResolver.system
    /// Certificate authorities to trust in addition to the system's.
    var authorities: [NIOSSLCertificate] = []

    public init() {}
}

/// A message to a webhook: what is sent, and under which id.
struct WebhookMessage: Sendable {
    let id: UUID
    let body: [UInt8]
}

/// Sends signed messages to webhooks.
final class WebhookSender: Sendable {
    /// How many tests a node makes at a time.
    private static let tests = 16

    let options: WebhookOptions
    private let testing = Mutex(0)

    init(_ options: WebhookOptions) { self.options = options }

    var hosts: WebhookHosts { options.hosts }

    /// Sends a message over a connection, and says what became of it.
    func attempt(
        _ message: WebhookMessage, position: Position? = nil, number: Int64 = 1, secret: [UInt8]?,
        over connection: inout WebhookConnection
    ) async -> (outcome: WebhookOutcome, attempt: WebhookAttempt) {
        let time = options.clock(), start = ContinuousClock.now
        let outcome: WebhookOutcome
        if let secret {
            let headers = WebhookSignature.headers(id: message.id, at: time, body: message.body, secret: secret)
            outcome = await connection.send(message.body, headers)
        } else {
            outcome = .failed(.noSecret)
        }
        return (
            outcome,
            WebhookAttempt(
                outcome, event: message.id, position: position, number: number, at: time,
                lasting: ContinuousClock.now - start)
        )
    }

    /// Makes a test, unless too many are under way.
    /// - Throws: 503.
    func test(_ body: () async throws -> WebhookAttempt) async throws -> WebhookAttempt {
        let isFree = testing.withLock { count in
            guard count < WebhookSender.tests else { return false }
            count += 1
            return true
        }
        guard isFree else { throw Problem.unavailable("Too many webhooks are being tested. Try again.") }
        defer { testing.withLock { $0 -= 1 } }
        return try await body()
    }
}
