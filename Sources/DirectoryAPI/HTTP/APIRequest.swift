import CanonicalJSON
import Crypto
import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import HTTPTypes

/// A request in hand: its operation is known, its caller's token verified, its body read.
final class APIRequest: Sendable {
    /// The most that a body may have, in bytes.
    static let bodyLimit = 1 << 20

    let service: DirectoryService
    let operation: Operation
    let method: String
    /// The path, as sent.
    let path: String
    let caller: Caller
    /// What signed the token: the id of an organization's key, once there are such; empty for the server's own secret.
    let credential: String
    let id: RequestID
    let headers: HTTPFields
    let body: [UInt8]
    let address: String?
    private let parameters: [(name: String, text: String?)]
    private let query: [String: String]

    init(
        service: DirectoryService, operation: Operation, method: String, path: String, caller: Caller,
        credential: String,
        id: RequestID, headers: HTTPFields, body: [UInt8], address: String?, parameters: [Substring], query: Substring
    ) throws {
        self.service = service
        self.operation = operation
        self.method = method
        self.path = path
        self.caller = caller
        self.credential = credential
        self.id = id
        self.headers = headers
        self.body = body
        self.address = address
        self.parameters = zip(operation.path.parameters, parameters).map { ($0, PercentDecoding.decode($1)) }
        self.query = try QueryString(query).values(operation.query)
    }

    /// The text at a parameter of the path; empty where it is broken, which no entity's is.
    func text(_ parameter: String) -> String { parameters.first { $0.name == parameter }?.text ?? "" }

    /// The text at a parameter of the path by which something is searched.
    /// - Throws: a problem where its percent-encoding is broken: what is not an id is not just an unknown one.
    func searched(_ parameter: String) throws -> String {
        guard let text = parameters.first(where: { $0.name == parameter })?.text else {
            throw Problem.invalid("The path's percent-encoding is broken.")
        }
        return text
    }

    /// The account that a parameter of the path names, by its id or its e-mail address.
    func account(named parameter: String) -> AccountReference {
        let reference = AccountReference(text(parameter))
        // What can be nobody's address need not be looked for.
        if case .email(let address) = reference, FieldFormat.email.accept(address) == nil { return .id(.unknown) }
        return reference
    }

    /// The id at a parameter of the path.
    func uuid(_ parameter: String) -> UUID { UUID(text: text(parameter)) ?? .unknown }

    /// A parameter of the query, as its format gives it.
    func query(_ name: String) -> String? { query[name] }

    /// The body, its fields checked.
    /// - Throws: a problem that names every field at fault.
    func decode<B: RequestBody>(_: B.Type) throws -> B {
        if B.self == NoBody.self { return B(BodyFields.recorder()) }
        let fields = BodyFields(try json())
        let body = B(fields)
        try fields.finish()
        return body
    }

    /// The beginning of a client's name that the audit trail keeps: 512 bytes at most, in whole characters.
    private static func bounded(_ agent: String) -> String {
        var bytes = 0
        return String(
            agent.unicodeScalars.prefix {
                bytes += $0.utf8.count
                return bytes <= 512
            })
    }

    /// The body as JSON.
    func json() throws -> JSON {
        do {
            return try JSON(parsing: body, limits: Limits(maximumDepth: 16, maximumArrayCount: 10_000))
        } catch {
            throw Problem.invalid(
                "The body is not acceptable JSON: \(error.description) (at byte \(error.offset)).")
        }
    }

    /// What a mutation needs to know of the request.
    func context() throws -> MutationContext {
        var idempotency: Idempotency?
        if let key = headers.value(of: .idempotencyKey), method == "POST" {
            guard RequestID.isValid(key) else {
                throw Problem.invalid(
                    "Idempotency-Key must be 1 to 128 of the characters A-Z, a-z, 0-9, '.', '_' and '-'.")
            }
            idempotency = Idempotency(
                credential: credential, method: method, path: path, key: key,
                fingerprint: Array(SHA256.hash(data: body)))
        }
        var origin: [JSON.Member] = [JSON.Member(name: "requestId", value: .string(id.text))]
        if let address { origin.append(JSON.Member(name: "ip", value: .string(address))) }
        if let agent = headers.value(of: .userAgent), !agent.isEmpty {
            origin.append(JSON.Member(name: "userAgent", value: .string(APIRequest.bounded(agent))))
        }
        if idempotency != nil, let key = headers.value(of: .idempotencyKey) {
            origin.append(JSON.Member(name: "idempotencyKey", value: .string(key)))
        }
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
    /// Reads an `If-Match` header. A weak tag matches nothing: the comparison is strong.
    init(ifMatch header: String) {
        let tags = header.split(separator: ",").map { $0.trimmingSpaces }
        self = tags == ["*"] ? .exists : .tags(tags)
    }

    /// Reads an `If-None-Match` header, whose comparison is weak: the mark of a weak tag does not count.
    init(ifNoneMatch header: String) {
        let tags = header.split(separator: ",").map { $0.trimmingSpaces }
        self = tags.contains("*") ? .absent : .otherThan(tags.map { $0.hasPrefix("W/") ? String($0.dropFirst(2)) : $0 })
    }
}

extension Substring {
    /// The text without the spaces and tabs around it.
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
}
