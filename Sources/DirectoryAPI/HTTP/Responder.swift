import Directory
import EventSourcing
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// The way of every request: route, token, body, operation, answer; whatever goes wrong becomes a problem.
struct Responder: HTTPResponder {
    typealias Context = ConnectionContext

    let service: DirectoryService
    let routes: RouteTable

    func respond(to request: Request, context: Context) async throws -> Response {
        let now = Date().timeIntervalSince1970
        let id = RequestID(
            header: request.headers[.requestID], at: Instant(microseconds: Int64(now * 1_000_000)))
        do {
            let reply = try await answer(request, context, id, now)
            return reply.response(id)
        } catch {
            let problem = Problem(error)
            if problem.status.code >= 500 { log(error, problem, request, id) }
            return problem.response(id)
        }
    }

    private func answer(_ request: Request, _ context: Context, _ id: RequestID, _ now: Double) async throws -> Reply {
        let target = request.head.path ?? "/"
        let mark = target.utf8.firstIndex(of: UInt8(ascii: "?"))
        let path = mark.map { String(target[..<$0]) } ?? target
        let query = mark.map { target[target.utf8.index(after: $0)...] } ?? ""
        let method = request.method.rawValue
        switch routes.match(method, path) {
        case .unknownPath: throw Problem.unknownPath
        case .wrongMethod(let allowed): throw Problem.wrongMethod(allowed: allowed)
        case .operation(let operation, let parameters):
            var caller = Caller(.id(.unknown))
            if case .anyone = operation.access {
                // Nothing to verify.
            } else {
                let token = try await service.tokens.verify(request.headers[.authorization], now: now)
                caller = Caller(token.subject, claimedOrganization: token.organization)
            }
            let body = try await body(of: request, operation)
            if let stated = request.headers[.organization], case .anyone = operation.access {
                _ = stated
            } else if let stated = request.headers[.organization] {
                guard let organization = UUID(text: stated) else {
                    throw Problem.invalid("X-Organization must be a UUID.")
                }
                if let claimed = caller.claimedOrganization, claimed != organization {
                    throw Problem.invalid("X-Organization and the token's claim org name different organizations.")
                }
                caller.namedOrganization = organization
            }
            let hand = try APIRequest(
                service: service, operation: operation, method: method, path: path, caller: caller, credential: "", id: id,
                headers: request.headers, body: body, address: context.address, parameters: parameters, query: query)
            return try await operation.handle(hand).checked(against: request.headers, method: method)
        }
    }

    /// Reads the body of an operation that takes one.
    private func body(of request: Request, _ operation: Operation) async throws -> [UInt8] {
        guard operation.body != nil else { return [] }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > APIRequest.bodyLimit {
            throw Problem.tooLarge
        }
        var bytes: [UInt8] = []
        for try await buffer in request.body {
            guard bytes.count + buffer.readableBytes <= APIRequest.bodyLimit else { throw Problem.tooLarge }
            bytes += buffer.readableBytesView
        }
        let type = request.headers[.contentType]?.split(separator: ";").first?.trimmingSpaces.lowercased()
        guard type == "application/json" else { throw Problem.unsupportedMediaType }
        return bytes
    }

    private func log(_ error: any Error, _ problem: Problem, _ request: Request, _ id: RequestID) {
        // An error's text may hold what a client sent; its type and the route do not.
        service.logger.error(
            "request failed",
            metadata: [
                "request": "\(id.text)", "status": "\(problem.status.code)", "method": "\(request.method.rawValue)",
                "error": "\(LoggableError(error))",
            ])
    }
}

/// What Hummingbird makes of a connection, and what we keep of it.
struct ConnectionContext: InitializableFromSource, RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The client's address.
    let address: String?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        address = source.channel.remoteAddress?.ipAddress
    }
}
