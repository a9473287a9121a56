import Directory

/// One operation of the API, declared once: its route, validation, OpenAPI description, place in the documents and the walk
/// through all authorizations in the tests come from this value.
struct Operation: Sendable {
    enum Method: String, Sendable { case get = "GET", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE" }

    let method: Method
    let path: PathPattern
    /// Its name in OpenAPI and client libraries: `assignManager`.
    let name: String
    let summary: String
    let resource: Resource
    /// Its number among the 52 of the reference, where it is one of them.
    let number: Int?
    /// Who may call it, in words that refer to the permission that is checked.
    let access: Access
    var query: [QueryParameter] = []
    var body: (any RequestBody.Type)?
    /// What the summary leaves open, in Markdown.
    var notes: String?
    let answer: Answer
    let handle: @Sendable (APIRequest) async throws -> Reply
}

/// What an operation is about: the documents are grouped so.
enum Resource: String, Sendable, CaseIterable {
    case organizations = "Organizations"
    case accounts = "Accounts"
    case employees = "Employees"
    case reportingLines = "Reporting lines"
    case audit = "Audit trail"
    case service = "Service"
}

/// Who may call an operation.
enum Access: Sendable {
    /// Anyone, without a token.
    case anyone
    /// Every account.
    case account
    /// Whoever has the permission at the organization in question.
    case permission(Permission)
    /// The permission, or what the words say.
    case special(Permission?, String)

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

/// What an operation answers.
struct Answer: Sendable {
    var status = 200
    /// The name of the body's schema; `nil` for an empty body.
    let schema: String?
    var isArray = false
    /// Whether it bears `ETag` and takes `If-None-Match` or `If-Match`.
    var hasTag = false
    /// Whether a body of that content type is answered instead of JSON.
    var contentType = "application/json"

    static func one(_ schema: String, status: Int = 200) -> Answer {
        Answer(status: status, schema: schema, hasTag: true)
    }
    static func list(_ schema: String) -> Answer { Answer(schema: schema, isArray: true) }
    static let empty = Answer(schema: nil, hasTag: true)
}

/// A path with parameters: `/api/v1/employee/{employee}`.
struct PathPattern: Sendable, ExpressibleByStringLiteral {
    let text: String
    let segments: [PathSegment]

    init(stringLiteral text: String) {
        self.text = text
        segments = text.dropFirst().split(separator: "/").map { part in
            part.hasPrefix("{") ? .parameter(String(part.dropFirst().dropLast())) : .name(String(part))
        }
    }

    var parameters: [String] {
        segments.compactMap { if case .parameter(let name) = $0 { name } else { nil } }
    }
}

/// A part of a path.
enum PathSegment: Sendable {
    case name(String)
    case parameter(String)
}

/// A parameter of the query. An empty value is none; an unknown parameter is refused.
struct QueryParameter: Sendable {
    let name: String
    let format: FieldFormat
    let meaning: String
    /// Whether the operation cannot do without it; it says so itself.
    let isRequired: Bool

    init(_ name: String, _ format: FieldFormat, _ meaning: String, isRequired: Bool = false) {
        self.name = name
        self.format = format
        self.meaning = meaning
        self.isRequired = isRequired
    }
}
