import CanonicalJSON
import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import HTTPTypes

/// A request that is ready to be handled: its operation is known, the caller's token verified and the body read.
final class APIRequest: Sendable {
    /// The maximum size of a body, in bytes.
    static let bodyLimit = 1 << 20

    let service: DirectoryService
    private let route: Route
    let method: String
    /// The path, as sent.
    let path: String
    let caller: Caller
    /// What signed the token, by its `kid`; empty for the server's own secret.
    let credential: String
    let id: RequestID
    /// Where it belongs in a trace, as its client says.
    let trace: TraceParent?
    let headers: HTTPFields
    let body: [UInt8]
    /// Finds the client's address, which few requests need.
    private let address: @Sendable () -> String?
    private let parameters: [(name: String, text: String?)]
    private let query: [String: String]

    init(
        service: DirectoryService, route: Route, method: String, path: String, caller: Caller,
        credential: String, id: RequestID, trace: TraceParent? = nil, headers: HTTPFields, body: [UInt8],
        address: @escaping @Sendable () -> String?, parameters: [Substring], query: Substring
    ) throws {
        self.service = service
        self.route = route
        self.method = method
        self.path = path
        self.caller = caller
        self.credential = credential
        self.id = id
        self.trace = trace
        self.headers = headers
        self.body = body
        self.address = address
        self.parameters = zip(route.operation.path.parameters, parameters).map { ($0, PercentDecoding.decode($1)) }
        self.query = try QueryString(query).values(route.operation.query)
    }

    var operation: Operation { route.operation }

    /// The text of a path parameter; empty, which identifies no entity, if its percent-encoding is malformed.
    func text(_ parameter: String) -> String { parameters.first { $0.name == parameter }?.text ?? "" }

    /// The text of a path parameter that is a search term.
    /// - Throws: `Problem` if its percent-encoding is malformed: unlike a malformed id, a malformed term is not just unknown.
    func searched(_ parameter: String) throws -> String {
        guard let text = parameters.first(where: { $0.name == parameter })?.text else {
            throw Problem.invalid("The path's percent-encoding is malformed.")
        }
        return text
    }

    /// The account that a path parameter identifies, by its id or its e-mail address.
    func account(named parameter: String) -> AccountReference {
        let reference = AccountReference(text(parameter))
        // An invalid address belongs to no account, so there is no need to look it up.
        if case .email(let address) = reference, FieldFormat.email.accept(address) == nil { return .id(.unknown) }
        return reference
    }

    /// The id in a path parameter; `unknown` if it is malformed.
    func uuid(_ parameter: String) -> UUID { UUID(text: text(parameter)) ?? .unknown }

    /// A query parameter, normalised by its format.
    func query(_ name: String) -> String? { query[name] }

    /// The body, with its fields validated.
    /// - Throws: `Problem` that lists every invalid field.
    func decode<B: RequestBody>(_: B.Type) throws -> B {
        if B.self == NoBody.self { return B(BodyFields.recorder()) }
        let fields = BodyFields(try json())
        let body = B(fields)
        try fields.finish()
        return body
    }

    /// The part of a client's name that the audit trail keeps: at most 512 bytes, without splitting a code point, and without what
    /// no text may have.
    private static func bounded(_ agent: String) -> String {
        var bytes = 0
        return String(
            TextRule.cleaned(agent).unicodeScalars.prefix {
                bytes += $0.utf8.count
                return bytes <= 512
            })
    }

    func json() throws -> JSON {
        do {
            return try JSON(parsing: body, limits: Limits(maximumDepth: 16, maximumArrayCount: 10_000))
        } catch {
            throw Problem.invalid(
                "The body is not acceptable JSON: \(error.description).")
        }
    }

    /// What a mutation needs to know about the request.
    func context() throws -> MutationContext {
        var idempotency: Idempotency?
        if let key = headers.value(of: .idempotencyKey), method == "POST" {
            guard RequestID.isValid(key) else {
                throw Problem.invalid(
                    "Idempotency-Key must be 1 to 128 of the characters A-Z, a-z, 0-9, '.', '_' and '-'.")
            }
            idempotency = Idempotency(
                credential: credential, method: method, path: path, key: key, body: body,
                digestedBy: service.secrets)
        }
        var origin: [JSON.Member] = [JSON.Member(name: "requestId", value: .string(id.text))]
        if let address = address() { origin.append(JSON.Member(name: "ip", value: .string(address))) }
        if let agent = headers.value(of: .userAgent), !agent.isEmpty {
            origin.append(JSON.Member(name: "userAgent", value: .string(APIRequest.bounded(agent))))
        }
        if idempotency != nil, let key = headers.value(of: .idempotencyKey) {
            origin.append(JSON.Member(name: "idempotencyKey", value: .string(key)))
        }
        if let trace { origin.append(JSON.Member(name: "traceparent", value: .string(trace.text))) }
        return MutationContext(
            caller: caller, origin: .object(origin),
            preconditions: [
                headers.value(of: .ifMatch).map { Precondition(ifMatch: $0) },
                headers.value(of: .ifNoneMatch).map { Precondition(ifNoneMatch: $0) },
            ].compactMap { $0 },
            idempotency: idempotency)
    }
}

extension Precondition {
    /// Parses an `If-Match` header. The comparison is strong: a weak tag matches nothing.
    init(ifMatch header: String) {
        let tags = header.split(separator: ",").map { $0.trimmingSpaces }
        self = tags == ["*"] ? .exists : .tags(tags)
    }

    /// Parses an `If-None-Match` header. The comparison is weak: the `W/` prefix is ignored.
    init(ifNoneMatch header: String) {
        let tags = header.split(separator: ",").map { $0.trimmingSpaces }
        self = tags.contains("*") ? .absent : .otherThan(tags.map { $0.hasPrefix("W/") ? String($0.dropFirst(2)) : $0 })
    }
}

extension Substring {
    /// The text without leading and trailing spaces and tabs.
    var trimmingSpaces: String {
        var rest = self
        while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return String(rest)
    }
}

extension HTTPField.Name {
    static let link = HTTPField.Name("Link")!
    static let requestID = HTTPField.Name("X-Request-Id")!
    static let organization = HTTPField.Name("X-Organization")!
    static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
    static let directoryPosition = HTTPField.Name("Directory-Position")!
    static let directoryAsOf = HTTPField.Name("Directory-As-Of")!
}
