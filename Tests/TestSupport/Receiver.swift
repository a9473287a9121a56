import CanonicalJSON
import HTTPTypes
import Hummingbird
import HummingbirdTLS
import NIOCore
import ServiceLifecycle
import Synchronization

/// The receiver of a webhook: an HTTP server that keeps what it is sent, and answers as it is told to.
package final class Receiver: Sendable {
    /// What it was sent.
    package struct Delivery: Sendable {
        package let headers: [String: String]
        package let body: [UInt8]

        package var json: JSON { (try? JSON(parsing: body)) ?? nil }
        package var id: String { headers["webhook-id"] ?? "" }
        /// The position of the event.
        package var position: Int64 { json["data"]?["position"]?.integer ?? 0 }
        package var type: String { json["type"]?.string ?? "" }
    }

    /// What it does with a request.
    package enum Reaction: Sendable {
        case answer(Int, headers: [String: String] = [:])
        /// It says nothing.
        case hang
        /// It answers with a body that has no end.
        case endless
    }

    private struct State {
        var deliveries: [Delivery] = []
        var react: @Sendable (Int, Delivery) async -> Reaction
        var port = 0
        var isStopping = false
        var running: (group: ServiceGroup, task: Task<Void, any Error>)?
    }

    private let state: Mutex<State>

    private init(_ react: @escaping @Sendable (Int, Delivery) async -> Reaction) { state = Mutex(State(react: react)) }

    /// Starts one on a free port of this machine.
    /// - Parameters:
    ///   - isSecure: whether it speaks TLS, with `ReceiverCertificate`.
    ///   - react: is told how many requests there were before, and what is sent.
    package static func start(
        isSecure: Bool = false,
        _ react: @escaping @Sendable (Int, Delivery) async -> Reaction = { _, _ in .answer(204) }
    ) async throws -> Receiver {
        let receiver = Receiver(react)
        let (ports, found) = AsyncStream<Int>.makeStream()
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in try await receiver.receive(request) },
            server: isSecure ? try .tls(.http1(), tlsConfiguration: ReceiverCertificate.configuration()) : .http1(),
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { found.yield($0.localAddress?.port ?? 0) }, logger: quiet)
        let group = ServiceGroup(services: [application], logger: quiet)
        let task = Task {
            defer { found.finish() }
            try await group.run()
        }
        let port = await ports.first { _ in true }
        receiver.state.withLock {
            $0.running = (group, task)
            $0.port = port ?? 0
        }
        return receiver
    }

    /// Stops listening, and ends what is still being answered.
    package func stop() async {
        let running = state.withLock { state in
            state.isStopping = true
            return state.running
        }
        await running?.group.triggerGracefulShutdown()
        _ = await running?.task.result
    }

    private var isStopping: Bool { state.withLock { $0.isStopping } }

    package var port: Int { state.withLock { $0.port } }

    package var url: String { "http://127.0.0.1:\(port)/events" }

    /// What it was sent so far.
    package var deliveries: [Delivery] { state.withLock { $0.deliveries } }

    /// Has it do something else from now on.
    package func react(_ react: @escaping @Sendable (Int, Delivery) async -> Reaction) {
        state.withLock { $0.react = react }
    }

    /// Waits until it was sent something that meets a condition.
    /// - Returns: all that it was sent by then; also where that takes longer than a minute.
    package func deliveries(until condition: ([Delivery]) -> Bool) async throws -> [Delivery] {
        for _ in 0..<6_000 where !condition(deliveries) { try await Task.sleep(for: .milliseconds(10)) }
        return deliveries
    }

    private func receive(_ request: Request) async throws -> Response {
        let body = try await request.body.collect(upTo: 1 << 22)
        let headers = Dictionary(
            request.headers.map { ($0.name.canonicalName, $0.value) }, uniquingKeysWith: { $0 + "," + $1 })
        let delivery = Delivery(headers: headers, body: Array(body.readableBytesView))
        let (before, react) = state.withLock { state in
            state.deliveries.append(delivery)
            return (state.deliveries.count - 1, state.react)
        }
        switch await react(before, delivery) {
        case .answer(let status, let headers):
            var fields = HTTPFields()
            for (name, value) in headers {
                if let name = HTTPField.Name(name) { fields[name] = value }
            }
            return Response(status: HTTPResponse.Status(code: status), headers: fields)
        case .hang:
            while !isStopping { try await Task.sleep(for: .milliseconds(20)) }
            return Response(status: .ok)
        case .endless:
            return Response(
                status: .ok,
                body: ResponseBody { [self] writer in
                    while !isStopping { try await writer.write(ByteBuffer(repeating: 0x61, count: 4096)) }
                    try await writer.finish(nil)
                })
        }
    }
}
