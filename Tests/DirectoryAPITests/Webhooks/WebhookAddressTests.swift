import CanonicalJSON
import EventSourcing
import FoundationEssentials
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import Directory
@testable import DirectoryAPI

/// Where deliveries may lead, whatever the names of hosts resolve to.
@Suite(.timeLimit(.minutes(10))) struct WebhookAddressTests {
    /// Counts connections to a port of this machine.
    private final class Listener: Sendable {
        private let count = Mutex(0)
        private let channel = Mutex<(any Channel)?>(nil)

        var connections: Int { count.withLock { $0 } }
        var port: Int { channel.withLock { $0?.localAddress?.port ?? 0 } }

        static func start() async throws -> Listener {
            let listener = Listener()
            let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .childChannelInitializer { channel in
                    listener.count.withLock { $0 += 1 }
                    return channel.eventLoop.makeSucceededVoidFuture()
                }
                .bind(host: "127.0.0.1", port: 0).get()
            listener.channel.withLock { $0 = channel }
            return listener
        }

        func stop() async { try? await channel.withLock { $0 }?.close() }
    }

    /// What becomes of a message to a URL.
    private func send(to url: String, _ options: WebhookOptions) async throws -> WebhookOutcome {
        var connection = WebhookConnection(to: try #require(WebhookURL(url)), options)
        let outcome = await connection.send(Array("{}".utf8), [])
        await connection.close()
        return outcome
    }

    private func options(
        _ hosts: String = "", resolving addresses: [String: [String]] = [:], within time: Duration = .seconds(60)
    ) throws -> WebhookOptions {
        var options = WebhookOptions()
        options.hosts = try #require(WebhookHosts(hosts))
        (options.connectTime, options.answerTime) = (time, time * 2)
        options.resolver = HostResolver { host in
            (addresses[host] ?? []).compactMap { IPAddress($0) }
        }
        return options
    }

    @Test(arguments: [
        ["127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"], ["192.168.1.1"], ["100.64.1.1"], ["0.0.0.0"], ["224.0.0.1"],
        ["::1"], ["::"], ["fe80::1"], ["fd00::1"], ["::ffff:127.0.0.1"], ["::ffff:1.1.1.1"], ["64:ff9b::7f00:1"],
        ["1.1.1.1", "127.0.0.1"], ["2606:4700::1111", "::1"],
    ])
    func `A name that resolves to an address that is not public is refused`(_ addresses: [String]) async throws {
        let listener = try await Listener.start()
        let options = try options(resolving: ["hooks.example": addresses])
        let outcome = try await send(to: "https://hooks.example:\(listener.port)/", options)
        #expect(outcome == .failed(.refused))
        #expect(listener.connections == 0)
        await listener.stop()
    }

    @Test func `The system's own names of this machine are refused`() async throws {
        let listener = try await Listener.start()
        let options = WebhookOptions()
        #expect(try await send(to: "https://localhost:\(listener.port)/", options) == .failed(.refused))
        #expect(listener.connections == 0)
        await listener.stop()
    }

    @Test func `What is reached is the address that was checked, whatever the name resolves to by then`() async throws {
        // The system resolves this name to the listener; when it was checked, it was a public address. Nobody answers there.
        let listener = try await Listener.start()
        let options = try options(resolving: ["localhost": ["192.31.196.1"]], within: .seconds(1))
        let outcome = try await send(to: "https://localhost:\(listener.port)/", options)
        #expect([.failed(.notConnected), .failed(.timedOut)].contains(outcome), "\(outcome)")
        #expect(listener.connections == 0)
        await listener.stop()
    }

    @Test func `A name that only the check resolves is reached at that address`() async throws {
        let receiver = try await Receiver.start()
        let options = try options("receiver.test", resolving: ["receiver.test": ["127.0.0.1"]])
        let outcome = try await send(to: "http://receiver.test:\(receiver.port)/x?y", options)
        #expect(outcome == .answered(status: 204))
        #expect(receiver.deliveries.first?.headers["user-agent"] == "directory-webhooks/1")
        await receiver.stop()
    }

    @Test func `Each name is resolved and checked again for each connection`() async throws {
        let receiver = try await Receiver.start()
        var options = try options(within: .seconds(1))
        let asked = Mutex(0)
        options.resolver = HostResolver { _ in
            let isFirst = asked.withLock { count in
                count += 1
                return count == 1
            }
            return [isFirst ? "192.31.196.1" : "127.0.0.1"].compactMap { IPAddress($0) }
        }
        let url = "https://rebound.example:\(receiver.port)/"
        #expect([.failed(.notConnected), .failed(.timedOut)].contains(try await send(to: url, options)))
        #expect(try await send(to: url, options) == .failed(.refused))
        #expect(receiver.deliveries.isEmpty)
        await receiver.stop()
    }

    @Test func `Addresses are tried one after the other`() async throws {
        let receiver = try await Receiver.start()
        // Nobody is at the first, and this machine has none of the second.
        let options = try options("receiver.test", resolving: ["receiver.test": ["127.0.0.2", "::1", "127.0.0.1"]])
        let outcome = try await send(to: "http://receiver.test:\(receiver.port)/", options)
        #expect(outcome == .answered(status: 204) && receiver.deliveries.count == 1)
        await receiver.stop()
    }

    @Test func `The certificate must name the host, not the address`() async throws {
        let receiver = try await Receiver.start(isSecure: true)
        var options = try options(
            "receiver.test, other.test", resolving: ["receiver.test": ["127.0.0.1"], "other.test": ["127.0.0.1"]])
        let (good, bad) = ("https://receiver.test:\(receiver.port)/", "https://other.test:\(receiver.port)/")
        #expect(try await send(to: good, options) == .failed(.notSecured), "nobody vouches for it")
        options.authorities = [try ReceiverCertificate.certificate()]
        #expect(try await send(to: good, options) == .answered(status: 204))
        #expect(try await send(to: bad, options) == .failed(.notSecured))
        #expect(receiver.deliveries.count == 1)
        await receiver.stop()
    }

    @Test func `A host that was allowed and is not any longer is not reached`() async throws {
        let receiver = try await Receiver.start()
        #expect(try await send(to: receiver.url, options("127.0.0.1")) == .answered(status: 204))
        #expect(try await send(to: receiver.url, options()) == .failed(.refused))
        #expect(receiver.deliveries.count == 1)
        await receiver.stop()
    }

    @Test func `A name that nobody knows, or that takes too long to find, is not resolved`() async throws {
        #expect(try await send(to: "https://nobody.example/", options()) == .failed(.notResolved))
        var options = try options()
        options.connectTime = .milliseconds(100)
        options.resolver = HostResolver { _ in
            try await Task.sleep(for: .seconds(600))
            return []
        }
        #expect(try await send(to: "https://slow.example/", options) == .failed(.notResolved))
    }

    @Test func `The system finds the addresses of this machine`() async throws {
        let found = try await HostResolver.system.addresses(of: "localhost", within: .seconds(60))
        #expect(found.contains { ["127.0.0.1", "0:0:0:0:0:0:0:1"].contains($0.description) })
        await #expect(throws: (any Error).self) {
            try await HostResolver.system.addresses(of: "nobody.invalid", within: .seconds(60))
        }
    }
}
