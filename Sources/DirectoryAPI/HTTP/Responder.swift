import Directory
import EventSourcing
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// The path of every request: route, token, body, operation, response. Any error becomes a problem.
struct Responder: HTTPResponder {
    typealias Context = ConnectionContext

    let service: DirectoryService
    let routes: RouteTable

    func respond(to request: Request, context: Context) async throws -> Response {
        let now = Date().timeIntervalSince1970
        let id = RequestID(
            header: request.headers.value(of: .requestID), at: Instant(microseconds: Int64(now * 1_000_000)))
        do {
            let reply = try await answer(request, context, id, now)
            return reply.response(id)
        } catch {
            let problem = Problem(error)
            if problem.status.code >= 500, !(error is CancellationError) { log(error, problem, request, id) }
            let response = problem.response(id)
            // The response to HEAD has no body (RFC 9110, section 9.3.2): the client would read one as the next response.
            return request.method == .head ? response.createHeadResponse() : response
        }
    }

    private func answer(_ request: Request, _ context: Context, _ id: RequestID, _ now: Double) async throws
        -> APIResponse
    {
        let target = request.head.path ?? "/"
        let mark = target.utf8.firstIndex(of: UInt8(ascii: "?"))
        let path = mark.map { String(target[..<$0]) } ?? target
        let query = mark.map { target[target.utf8.index(after: $0)...] } ?? ""
        let method = request.method.rawValue
        switch routes.match(method, path) {
        case .unknownPath: throw Problem.unknownPath
        case .wrongMethod(let allowed): throw Problem.wrongMethod(allowed: allowed)
        case .operation(let operation, let parameters):
            var caller: Caller?
            if case .anyone = operation.access {
                // Nothing to verify.
            } else {
                let token = try await service.tokens.verify(request.headers.value(of: .authorization), now: now)
                caller = Caller(token.subject, claimedOrganization: token.organization)
            }
            do {
                let body = try await body(of: request, operation)
                let hand = try APIRequest(
                    service: service, operation: operation, method: method, path: path,
                    caller: try caller.map { try named($0, request) } ?? .nobody, credential: "", id: id,
                    headers: request.headers, body: body, address: context.address,
                    parameters: parameters, query: query)
                let reply = try await handle(hand, context)
                return try reply.checked(against: request.headers, method: method)
            } catch {
                throw caller == nil ? error : await positioned(error)
            }
        }
    }

    /// Carries an operation out. A list may take a walk or a search before its first byte: when its client goes meanwhile, what
    /// is under way in the database is cancelled.
    private func handle(_ hand: APIRequest, _ context: Context) async throws -> APIResponse {
        let operation = hand.operation
        guard operation.method == .get, operation.response.isArray,
            let presence = try? await context.channel.pipeline.handler(type: ClientPresence.self).get()
        else { return try await operation.handle(hand) }
        return try await presence.whilePresent { try await operation.handle(hand) }
    }

    /// The caller, with the organization that the request names.
    private func named(_ caller: Caller, _ request: Request) throws -> Caller {
        guard let stated = request.headers.value(of: .organization) else { return caller }
        guard let organization = UUID(text: stated) else { throw Problem.invalid("X-Organization must be a UUID.") }
        guard caller.claimedOrganization.map({ $0 == organization }) ?? true else {
            throw Problem.invalid("X-Organization and the token's org claim name different organizations.")
        }
        var caller = caller
        caller.namedOrganization = organization
        return caller
    }

    /// Adds `Directory-Position` to the refusal of an authenticated request: the log had reached it, so the refusal is based on
    /// a state no older.
    private func positioned(_ error: any Error) async -> any Error {
        var problem = Problem(error)
        guard problem.status.code < 500, problem.status != .unauthorized, let head = try? await service.log.head()
        else {
            return error
        }
        problem.headers[.directoryPosition] = String(head)
        return problem
    }

    /// Reads the body of an operation that takes one.
    private func body(of request: Request, _ operation: Operation) async throws -> [UInt8] {
        guard operation.body != nil else { return [] }
        if let length = request.headers.value(of: .contentLength).flatMap({ Int($0) }), length > APIRequest.bodyLimit {
            throw Problem.tooLarge
        }
        var bytes: [UInt8] = []
        for try await buffer in request.body {
            guard bytes.count + buffer.readableBytes <= APIRequest.bodyLimit else { throw Problem.tooLarge }
            bytes += buffer.readableBytesView
        }
        let type = request.headers.value(of: .contentType)?.split(separator: ";").first?.trimmingSpaces.lowercased()
        guard type == "application/json" else { throw Problem.unsupportedMediaType }
        return bytes
    }

    /// The name of the operation that a request is for.
    private func operation(of request: Request) -> String {
        let path = (request.head.path ?? "/").prefix { $0 != "?" }
        if case .operation(let operation, _) = routes.match(request.method.rawValue, String(path)) {
            return operation.name
        }
        return "none"
    }

    private func log(_ error: any Error, _ problem: Problem, _ request: Request, _ id: RequestID) {
        // An error's text may contain what a client sent; its type and the route do not.
        service.logger.error(
            "request failed",
            metadata: [
                "request": "\(id.text)", "status": "\(problem.status.code)", "operation": "\(operation(of: request))",
                "error": "\(LoggableError(error))",
            ])
    }
}

/// What is known about the connection of a request.
struct ConnectionContext: InitializableFromSource, RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    /// The client's address.
    let address: String?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
        address = source.channel.remoteAddress?.ipAddress
    }
}
