import EventSourcing
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Instruments
import Logging
import NIOCore
import ServiceLifecycle

/// Serves the metrics of a node, at an address that is not the API's: who may reach the one need not reach the other.
struct MetricsServer: Service {
    private let application: Application<MetricsResponder>

    /// - Parameter onListening: called with the port once it is bound.
    init(
        _ metrics: [Metric], at address: ListeningAddress, logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        application = Application(
            responder: MetricsResponder(metrics: metrics),
            server: HTTPServerBuilder {
                EventLoopChannel(
                    http: HTTP1Channel(
                        responder: $0, configuration: HTTP1Channel.Configuration(idleTimeout: .seconds(60))),
                    malformed: Counter())
            },
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port), serverName: DirectoryServer.name),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? address.port
                let bound = ListeningAddress(host: address.host, port: port)
                logger.info("metrics are served", metadata: ["address": "\(bound)"])
                await onListening(port)
            },
            logger: ServerLog.logger(logger))
    }

    func run() async throws { try await application.run() }
}

/// Answers GET and HEAD of `/metrics`, and refuses everything else.
private struct MetricsResponder: HTTPResponder {
    typealias Context = ConnectionContext

    private static let path = "/metrics"

    let metrics: [Metric]

    func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        let id = RequestID(header: request.headers.value(of: .requestID), at: .now)
        let response: Response
        do { response = try await answer(request, id) } catch { response = Problem(error).response(id) }
        return request.method == .head ? response.withoutBody : response
    }

    private func answer(_ request: Request, _ id: RequestID) async throws -> Response {
        let path = (request.head.path ?? "/").prefix { $0 != "?" }
        guard path == MetricsResponder.path else {
            throw Problem(
                status: .notFound, name: "unknown-path", title: "Unknown path",
                detail: "There is nothing here but \(MetricsResponder.path).")
        }
        guard request.method == .get || request.method == .head else {
            throw Problem.wrongMethod(allowed: ["GET", "HEAD"])
        }
        // Writing all of it takes as long as some hundred requests, which must not wait for it on the event loop.
        let text = await withTaskExecutorPreference(globalConcurrentExecutor) { await MetricsText.read(metrics) }
        return Response(
            status: .ok,
            headers: [
                .contentType: MetricsText.contentType, .cacheControl: "no-store", .requestID: id.text,
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: text)))
    }
}
