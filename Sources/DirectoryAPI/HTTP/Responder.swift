import CanonicalJSON
import Directory
import EventSourcing
import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Postgres

/// The path of every request: route, token, body, operation, response. Any error becomes a problem.
struct Responder: HTTPResponder {
    typealias Context = ConnectionContext

    let service: DirectoryService
    let routes: RouteTable
    let requests: RequestMetrics

    func respond(to request: Request, context: Context) async throws -> Response {
        let begun = NIODeadline.now()
        let now = Instant.now
        let names = Names(
            id: RequestID(header: request.headers.value(of: .requestID), at: now), trace: RequestTrace(request.headers))
        var row = requests.none
        var isDeparture = false
        var response: Response
        do {
            response = try await answer(request, context, names, now, &row).response(names.id, on: context.channel)
        } catch {
            let problem = Problem(error)
            isDeparture = Responder.isDeparture(error)
            if problem.status.code >= 500, !isDeparture { log(error, problem, request, names) }
            response = problem.response(names.id)
        }
        if let trace = names.trace {
            response.headers.append(HTTPField(name: .traceparent, value: trace.own.text))
        }
        requests.record(row, isDeparture ? nil : response.status, since: begun)
        return request.method == .head ? response.withoutBody : response
    }

    /// What a request is called.
    private struct Names {
        let id: RequestID
        let trace: RequestTrace?
    }

    /// - Parameter row: is set to the one under which the request is counted.
    private func answer(
        _ request: Request, _ context: Context, _ names: Names, _ now: Instant, _ row: inout Int
    ) async throws -> APIResponse {
        let target = request.head.path ?? "/"
        let mark = target.withBytes { $0.firstIndex(of: UInt8(ascii: "?")) }
            .map { target.utf8.index(target.startIndex, offsetBy: $0) }
        let path = mark.map { String(target[..<$0]) } ?? target
        let query = mark.map { target[target.utf8.index(after: $0)...] } ?? ""
        let method = request.method.rawValue
        switch routes.match(method, path) {
        case .unknownPath:
            let page = try ConsoleSite.answer(method, path, request.headers)
            row = requests.console
            return page
        case .wrongMethod(let allowed): throw Problem.wrongMethod(allowed: allowed)
        case .route(let route, let parameters):
            row = route.index
            let operation = route.operation
            var caller: Caller?
            var credential = ""
            if case .anyone = operation.access {
                // Nothing to verify.
            } else {
                let token = try await service.tokens.verify(request.headers.value(of: .authorization), now: now.seconds)
                caller = Caller(token.subject, claimedOrganization: token.organization, key: token.key)
                credential = token.credential
            }
            do {
                let body = try await body(of: request, operation, context)
                let hand = try APIRequest(
                    service: service, route: route, method: method, path: path,
                    caller: try caller.map { try named($0, request) } ?? .nobody, credential: credential, id: names.id,
                    trace: names.trace?.received, headers: request.headers, body: body, address: { context.address },
                    parameters: parameters, query: query)
                let reply = try await handle(hand, context)
                return try operation.method == .get ? reply.checked(against: request.headers) : reply
            } catch {
                throw caller == nil ? error : await positioned(error)
            }
        }
    }

    /// Carries an operation out. A list or an export may take a walk or a search before its first byte: when its client goes
    /// meanwhile, what is under way in the database is cancelled.
    private func handle(_ hand: APIRequest, _ context: Context) async throws -> APIResponse {
        let operation = hand.operation
        guard operation.method == .get, operation.response.isArray || operation.response.isStreamed,
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

    /// Reads the body, where one has a meaning: what an operation declares, and the bytes of a POST, which a repeat under its
    /// Idempotency-Key must match.
    private func body(of request: Request, _ operation: Operation, _ context: Context) async throws -> [UInt8] {
        guard operation.readsBody else { return [] }
        let length = request.headers.value(of: .contentLength).flatMap { Int($0) }
        if let length, length > APIRequest.bodyLimit { throw Problem.tooLarge }
        let unsupported = operation.unsupportedContent(request.headers)
        // What comes in chunks may turn out to be too large, which is the first thing to say of it.
        if length != nil, let unsupported { throw unsupported }
        if request.headers[.expect] != nil {
            context.channel.triggerUserOutboundEvent(ConformanceHandler.BodyIsAwaited(), promise: nil)
        }
        let bytes = try await Responder.read(request.body)
        if let unsupported { throw unsupported }
        return bytes
    }

    /// - Throws: `IncompleteBody` where its client has gone, or its framing is malformed.
    private static func read(_ body: HummingbirdCore.RequestBody) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            for try await buffer in body {
                guard bytes.count + buffer.readableBytes <= APIRequest.bodyLimit else { throw Problem.tooLarge }
                bytes += buffer.readableBytesView
            }
        } catch let problem as Problem {
            throw problem
        } catch let cancellation as CancellationError {
            throw cancellation
        } catch {
            throw IncompleteBody()
        }
        return bytes
    }

    /// The name of the operation that a request is for.
    private func operation(of request: Request) -> String {
        let path = (request.head.path ?? "/").prefix { $0 != "?" }
        if case .route(let route, _) = routes.match(request.method.rawValue, String(path)) {
            return route.operation.name
        }
        return "none"
    }

    /// Whether nobody waits for the response: the client has gone, or the service is shutting down.
    private static func isDeparture(_ error: any Error) -> Bool {
        error is CancellationError || (error as? PostgresError) == .cancelled
    }

    private func log(_ error: any Error, _ problem: Problem, _ request: Request, _ names: Names) {
        // An error's text may contain what a client sent; its type and the route do not.
        var metadata: Logger.Metadata = [
            "request": "\(names.id.text)", "status": "\(problem.status.code)", "operation": "\(operation(of: request))",
            "error": "\(LoggableError(error))",
        ]
        if let trace = names.trace {
            metadata["trace"] = "\(trace.own.trace)"
            metadata["span"] = "\(trace.own.parent)"
        }
        service.logger.error("request failed", metadata: metadata)
    }
}

/// What is known about the connection of a request.
struct ConnectionContext: InitializableFromSource, RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    /// The client's address.
    var address: String? { channel.remoteAddress?.ipAddress }

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
