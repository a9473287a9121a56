import CanonicalJSON
import CommandProcessor
import Directory
import EventLog
import EventSourcing
import FoundationEssentials
import HTTPTypes
import Postgres
import ReadModels

/// An error response: `application/problem+json` (RFC 9457).
struct Problem: Error, Sendable {
    var status: HTTPResponse.Status
    /// The kind of problem, as in `urn:directory:problem:<name>`.
    var name: String
    var title: String
    var detail: String
    var fields: [Refusal.Field] = []
    var headers: HTTPFields = [:]

    /// The body.
    /// - Parameter instance: the id of the request.
    func json(instance: UUID) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("type", "urn:directory:problem:\(name)")
        writer.member("title", title)
        writer.member("status", Int64(status.code))
        writer.member("detail", detail)
        writer.member("instance", "urn:uuid:\(instance.text)")
        if !fields.isEmpty {
            writer.name("errors")
            writer.beginArray()
            for field in fields {
                writer.beginObject()
                writer.member("pointer", field.pointer)
                writer.member("detail", field.detail)
                writer.endObject()
            }
            writer.endArray()
        }
        writer.endObject()
        return writer.bytes
    }
}

extension Problem {
    static let unknownPath = Problem(
        status: .notFound, name: "unknown-path", title: "Unknown path",
        detail: "No such path; see /docs.")

    static func wrongMethod(allowed: [String]) -> Problem {
        let methods = allowed.joined(separator: ", ")
        return Problem(
            status: .methodNotAllowed, name: "method-not-allowed", title: "Method not allowed",
            detail: "This path only allows \(methods).", headers: [.allow: methods])
    }

    static func unauthenticated(_ detail: String) -> Problem {
        Problem(
            status: .unauthorized, name: "unauthenticated", title: "Unauthenticated", detail: detail,
            headers: [.wwwAuthenticate: "Bearer"])
    }

    static let tooLarge = Problem(
        status: .contentTooLarge, name: "content-too-large", title: "Content too large",
        detail: "The body must not exceed \(APIRequest.bodyLimit) bytes.")

    static let unsupportedMediaType = Problem(
        status: .unsupportedMediaType, name: "unsupported-media-type", title: "Unsupported media type",
        detail: "The body must be application/json.", headers: [.accept: "application/json"])

    static let unsupportedEncoding = Problem(
        status: .unsupportedMediaType, name: "unsupported-media-type", title: "Unsupported media type",
        detail: "The body must not be compressed: identity is the only Content-Encoding.",
        headers: [.acceptEncoding: "identity"])

    static func invalid(_ detail: String, _ fields: [Refusal.Field] = []) -> Problem {
        Problem(
            status: .badRequest, name: "invalid-request", title: "Invalid request", detail: detail, fields: fields)
    }

    static func unavailable(_ detail: String) -> Problem {
        Problem(
            status: .serviceUnavailable, name: "unavailable", title: "Service unavailable", detail: detail,
            headers: [.retryAfter: "1"])
    }

    static let failed = Problem(
        status: .internalServerError, name: "internal", title: "Internal error",
        detail: "The service failed; nothing was changed. Its log has the details under the id of this request.")

    /// The problem that is reported to the client for an error.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let refusal as Refusal: self.init(refusal)
        case let error as ProcessorError: self.init(error)
        case PostgresError.deadlineExceeded:
            self = .unavailable("The database does not answer in time. Nothing was changed; try again.")
        case let error as PostgresError where error.isOutage || error.isForeignSchema:
            self = .unavailable("The database cannot be reached. Nothing was changed; try again.")
        case let refusal as CheckpointRefusal: self = .unavailable("No checkpoint is signed: \(refusal).")
        case is IncompleteBody: self = .incompleteBody
        case is CancellationError, PostgresError.cancelled: self = .unavailable("The service is shutting down.")
        default: self = .failed
        }
    }

    private init(_ error: ProcessorError) {
        switch error {
        case .unavailable: self = .unavailable("The database cannot be reached. Nothing was changed; try again.")
        case .outcomeUnknown:
            self = .unavailable(
                "The database became unreachable while the change was being committed: it may have been made. Repeat the "
                    + "request with the same Idempotency-Key, or check first.")
        case .stopped: self = .unavailable("This node has stopped writing; an operator must investigate.")
        case .shuttingDown: self = .unavailable("The service is shutting down.")
        case .tooLarge(let detail): self.init(Refusal.rule("The change is too large: \(detail)."))
        case .failed: self = .failed
        }
    }

    private init(_ refusal: Refusal) {
        let (status, name, title): (HTTPResponse.Status, String, String) =
            switch refusal.kind {
            case .unauthenticated: (.unauthorized, "unauthenticated", "Unauthenticated")
            case .invalid: (.badRequest, "invalid-request", "Invalid request")
            case .notFound: (.notFound, "not-found", "Not found")
            case .forbidden: (.forbidden, "forbidden", "Forbidden")
            case .preconditionFailed: (.preconditionFailed, "precondition-failed", "Precondition failed")
            case .conflict: (.conflict, "conflict", "Conflict")
            case .rule: (.unprocessableContent, "rule", "Rule violated")
            }
        self.init(status: status, name: name, title: title, detail: refusal.detail, fields: refusal.fields)
        if refusal.kind == .unauthenticated { headers[.wwwAuthenticate] = "Bearer" }
    }
}
