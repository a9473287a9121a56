import Directory

/// One operation of the API, declared once: its route, validation, OpenAPI description and entry in the docs, and the
/// authorization walk in the tests, are derived from this value.
struct Operation: Sendable {
    enum Method: String, Sendable { case get = "GET", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE" }

    let method: Method
    let path: PathPattern
    /// The name in OpenAPI and client libraries, such as `assignManager`.
    let name: String
    let summary: String
    let resource: Resource
    /// The number in the reference, if it is one of its 52 operations.
    let number: Int?
    /// Who may call it; refers to the permission that is checked.
    let access: Access
    var query: [QueryParameter] = []
    var body: (any RequestBody.Type)?
    /// What the summary leaves out, in Markdown.
    var notes: String?
    let response: ResponseShape
    let handle: @Sendable (APIRequest) async throws -> APIResponse

    /// Whether the body of a request has a meaning, and so is read: where one is declared, and in every POST, since a repeat
    /// under its Idempotency-Key must have the same.
    var readsBody: Bool { body != nil || method == .post }
}

/// What an operation is about; the docs are grouped by it.
enum Resource: String, Sendable, CaseIterable {
    case organizations = "Organizations"
    case accounts = "Accounts"
    case employees = "Employees"
    case reportingLines = "Reporting lines"
    case groups = "Groups"
    case apps = "Apps"
    case webhooks = "Webhooks"
    case mappings = "Mappings"
    case preferences = "Preferences"
    case audit = "Audit trail"
    case service = "Service"
}

/// Who may call an operation.
enum Access: Sendable {
    /// Anyone, without a token.
    case anyone
    /// Any active account.
    case account
    /// Accounts with the permission in the organization in question.
    case permission(Permission)
    /// Accounts with the permission, and what the text says.
    case special(Permission?, String)

    /// Whoever reads the audit trail, each what it may read of it.
    static let trail = Access.special(
        .readTrail, "an account what happened to itself outside of every organization")

    var description: String {
        switch self {
        case .anyone: "anyone"
        case .account: "any active account"
        case .permission(let permission): permission.roles.words.joined(separator: ", ")
        case .special(let permission, let words):
            permission.map { "\($0.roles.words.joined(separator: ", ")); \(words)" } ?? words
        }
    }
}

/// The shape of an operation's response.
struct ResponseShape: Sendable {
    var status = 200
    /// The name of the body's schema; `nil` for an empty body.
    let schema: String?
    var isArray = false
    /// Whether it has an `ETag` and supports `If-None-Match` or `If-Match`.
    var hasTag = false
    /// The content type of the body.
    var contentType = "application/json"
    /// Those that it has instead where the request asks for another format.
    var otherContentTypes: [String] = []
    /// Whether it is sent while it is read, so that it may be of any length.
    var isStreamed = false

    static func one(_ schema: String, status: Int = 200) -> ResponseShape {
        ResponseShape(status: status, schema: schema, hasTag: true)
    }
    static func list(_ schema: String) -> ResponseShape { ResponseShape(schema: schema, isArray: true) }
    static let empty = ResponseShape(schema: nil, hasTag: true)
}

/// A path with parameters: `/api/v1/employee/{employee}`.
struct PathPattern: Sendable, ExpressibleByStringLiteral {
    let text: String
    let segments: [PathSegment]
    /// Whether the last parameter takes the whole rest of a path, with its slashes; it is written `{tile...}`.
    let isOpen: Bool

    init(stringLiteral text: String) { self.init(text) }

    init(_ pattern: String) {
        isOpen = pattern.hasSuffix("...}")
        let text = isOpen ? "\(pattern.dropLast(4))}" : pattern
        self.text = text
        segments = text.dropFirst().split(separator: "/").map { part in
            part.hasPrefix("{") ? .parameter(String(part.dropFirst().dropLast())) : .name(String(part))
        }
    }

    var parameters: [String] {
        segments.compactMap { if case .parameter(let name) = $0 { name } else { nil } }
    }
}

enum PathSegment: Sendable {
    case name(String)
    case parameter(String)
}

/// A query parameter. An empty value counts as missing; unknown parameters are refused.
struct QueryParameter: Sendable {
    let name: String
    let format: FieldFormat
    let meaning: String
    /// A value with which the operation has something to show; none if it shows more without the parameter.
    let example: String?
    /// Whether the parameter is required. This only documents it: the operation itself refuses requests without it.
    let isRequired: Bool

    init(
        _ name: String, _ format: FieldFormat, _ meaning: String, example: String? = nil, isRequired: Bool = false
    ) {
        self.name = name
        self.format = format
        self.meaning = meaning
        self.example = example
        self.isRequired = isRequired
    }
}
