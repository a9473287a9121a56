import CanonicalJSON
import Directory
import EventSourcing
import FoundationEssentials
import Synchronization
import TestSupport
import Testing

@testable import DirectoryAPI

/// A clock that shows one time until it is set forward.
final class SettableClock: Sendable {
    private let time = Mutex(Instant.now)

    var now: Instant { time.withLock { $0 } }

    func advance(hours: Int64) { time.withLock { $0 = $0.advanced(byMicroseconds: hours * 3_600_000_000) } }
}

extension Server {
    /// The node of those tests that need no other settings: it may reach receivers on this machine.
    private static let delivering = Task { try await Server.startDelivering() }

    static var deliveringToLoopback: Server { get async throws { try await delivering.value } }

    /// A node that may reach receivers on this machine, and looks for what is due all the time.
    static func startDelivering(
        on database: String? = nil, clock: SettableClock? = nil,
        _ change: @Sendable (inout WebhookOptions) -> Void = { _ in }
    ) async throws -> Server {
        try await Server.start(database: database) { configuration in
            configuration.webhooks.hosts = WebhookHosts("127.0.0.1, receiver.test, other.test") ?? WebhookHosts()
            configuration.webhooks.interval = .milliseconds(50)
            if let clock { configuration.webhooks.clock = { clock.now } }
            change(&configuration.webhooks)
        }
    }

    /// Renames an organization, so that something happens in it.
    @discardableResult
    func rename(_ organization: String, by owner: Person) async throws -> Answer {
        let renamed = try await patch("/organization/\(organization)", as: owner, #"{"name":"\#(unique("Name "))"}"#)
        try #require(renamed.status == 200, "\(renamed.text)")
        return renamed
    }

    /// The attempts at deliveries to a webhook, the latest first, once they meet a condition, or after a minute.
    func deliveries(
        to webhook: String, of organization: String, by owner: Person, until condition: ([JSON]) -> Bool
    ) async throws -> [JSON] {
        var shown: [JSON] = []
        for _ in 0..<3_000 {
            shown = try await get("/organization/\(organization)/webhooks/\(webhook)/deliveries", as: owner).elements
            if condition(shown) { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        return shown
    }

    /// A webhook, once it meets a condition, or after a minute.
    func webhook(
        _ webhook: String, of organization: String, by owner: Person, until condition: (Answer) -> Bool
    ) async throws -> Answer {
        let path = "/organization/\(organization)/webhooks/\(webhook)"
        var shown = try await get(path, as: owner)
        for _ in 0..<3_000 where !condition(shown) {
            try await Task.sleep(for: .milliseconds(20))
            shown = try await get(path, as: owner)
        }
        return shown
    }
}
