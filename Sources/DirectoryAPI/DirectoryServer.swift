import Hummingbird
import HummingbirdCore
import Logging
import ServiceLifecycle

/// The HTTP server.
public struct DirectoryServer: Service {
    /// What the header `Server` says.
    static let name = "directory"

    /// Counts the requests that it answers.
    let requests = RequestMetrics(Operations.all)
    private let application: Application<Responder>

    /// A server for the service at an address; port 0 picks a free one.
    /// - Parameter onListening: called with the port once it is bound.
    public init(
        _ service: DirectoryService, host: String, port: Int, logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        application = Application(
            responder: Responder(service: service, routes: RouteTable(Operations.all), requests: requests),
            // An incomplete request must not hold a descriptor forever.
            server: HTTPServerBuilder { [requests] in
                EventLoopChannel(
                    http: HTTP1Channel(
                        responder: $0, configuration: HTTP1Channel.Configuration(idleTimeout: .seconds(60))),
                    malformed: requests.malformed)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: DirectoryServer.name, backlog: 1024),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? port) },
            logger: ServerLog.logger(logger))
    }

    /// Serves until graceful shutdown; requests in progress are answered first.
    public func run() async throws { try await application.run() }
}
