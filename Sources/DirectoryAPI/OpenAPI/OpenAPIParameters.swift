import CanonicalJSON

/// The parameters of an operation in the path, query and headers.
struct OpenAPIParameters {
    private let described: DescribedOperation
    private var operation: Operation { described.operation }

    init(_ described: DescribedOperation) { self.described = described }

    /// The parameter objects, or references to those that many operations share.
    var json: [JSON] {
        var parameters = described.parameters.map { path in
            Self.parameter(path.name, in: "path", path.schema, path.meaning, example: path.example, isRequired: true)
        }
        parameters += operation.query.map { query in
            Self.parameter(
                query.name, in: "query", query.format.schema, query.meaning, example: query.example,
                isRequired: query.isRequired)
        }
        var shared: [String] = []
        if operation.isAuthenticated { shared.append("Organization") }
        if operation.method == .post, !operation.isQuery { shared.append("IdempotencyKey") }
        if operation.takesIfMatch { shared.append("IfMatch") }
        if operation.takesIfMatch || (operation.method == .get && operation.response.hasTag) {
            shared.append("IfNoneMatch")
        }
        if operation.isStream { shared.append("LastEventID") }
        shared += ["RequestId", "TraceParent"]
        return parameters + shared.map { ["$ref": .string("#/components/parameters/\($0)")] }
    }

    /// - Parameter example: a value with which the operation succeeds; none if it does so without the parameter.
    static func parameter(
        _ name: String, in place: String, _ schema: JSON, _ meaning: String, example: String? = nil,
        isRequired: Bool = false
    ) -> JSON {
        var members = [
            JSON.Member(name: "name", value: .string(name)), JSON.Member(name: "in", value: .string(place)),
            JSON.Member(name: "description", value: .string(meaning)),
        ]
        if isRequired { members.append(JSON.Member(name: "required", value: true)) }
        // An empty value counts as missing.
        if place == "query" { members.append(JSON.Member(name: "allowEmptyValue", value: true)) }
        members.append(JSON.Member(name: "schema", value: schema))
        if let example {
            let number = schema["type"] == "integer" ? Int64(example).map { JSON.integer($0) } : nil
            members.append(JSON.Member(name: "example", value: number ?? .string(example)))
        }
        return .object(members)
    }

    private static let text: JSON = ["type": "string"]
    private static let identifier: JSON = ["type": "string", "pattern": "^[A-Za-z0-9._-]{1,128}$"]

    /// The headers that many operations accept.
    static let shared: JSON = [
        "Organization": parameter(
            "X-Organization", in: "header", FieldFormat.uuid.schema,
            "The current organization, if the token names none and the caller has several.",
            example: Examples.Entity.organization.id),
        "IdempotencyKey": parameter(
            "Idempotency-Key", in: "header", identifier,
            "Makes the request repeatable for seven days: a repeat gets the response of the first request and changes nothing."
        ),
        "IfMatch": parameter(
            "If-Match", in: "header", text, "The ETag that the entity must still have; otherwise 412.", example: "*"),
        "IfNoneMatch": parameter(
            "If-None-Match", in: "header", text,
            "The ETag that the caller has; if it is still current, a GET answers 304 and a change 412."),
        "LastEventID": parameter(
            "Last-Event-ID", in: "header", FieldFormat.integer(0...Int64.max).schema,
            "The `id` of the last event that the caller has seen, where to go on; it comes before `after`."),
        "RequestId": parameter(
            "X-Request-Id", in: "header", text,
            "The caller's own id for the request, returned and recorded: 1 to 128 of the characters A-Z, a-z, 0-9, '.', '_' and "
                + "'-'. If it is missing or malformed, the request gets a new one."),
        "TraceParent": parameter(
            "traceparent", in: "header", text,
            "Where the request belongs in a distributed trace (W3C Trace Context), such as `\(TraceParent.example)`. It is recorded "
                + "and given back; a malformed one is ignored."),
    ]
}
