import CanonicalJSON

/// The parameters of an operation in the path, query and headers.
struct OpenAPIParameters {
    private let operation: Operation
    private let names: [String]

    init(_ operation: Operation, named names: [String]) {
        self.operation = operation
        self.names = names
    }

    /// The parameter objects, or references to those that many operations share.
    var json: [JSON] {
        var parameters = names.map { name in
            let (schema, meaning) = Self.path[name] ?? Self.id(name)
            return Self.parameter(name, in: "path", schema, meaning, isRequired: true)
        }
        parameters += operation.query.map { query in
            Self.parameter(query.name, in: "query", query.format.schema, query.meaning, isRequired: query.isRequired)
        }
        var shared: [String] = []
        if operation.isAuthenticated { shared.append("Organization") }
        if operation.method == .post, !operation.isQuery { shared.append("IdempotencyKey") }
        if operation.takesIfMatch { shared.append("IfMatch") }
        if operation.takesIfMatch || (operation.method == .get && operation.response.hasTag) {
            shared.append("IfNoneMatch")
        }
        shared.append("RequestId")
        return parameters + shared.map { ["$ref": .string("#/components/parameters/\($0)")] }
    }

    private static func parameter(
        _ name: String, in place: String, _ schema: JSON, _ meaning: String, isRequired: Bool = false
    ) -> JSON {
        var members = [
            JSON.Member(name: "name", value: .string(name)), JSON.Member(name: "in", value: .string(place)),
            JSON.Member(name: "description", value: .string(meaning)),
        ]
        if isRequired { members.append(JSON.Member(name: "required", value: true)) }
        members.append(JSON.Member(name: "schema", value: schema))
        return .object(members)
    }

    private static let uuid: JSON = ["type": "string", "format": "uuid"]
    private static let text: JSON = ["type": "string"]

    /// What a parameter means that is called after the entity whose id it is: `employee`, `accountId`.
    private static func id(_ name: String) -> (schema: JSON, meaning: String) {
        (uuid, "The \(name.hasSuffix("Id") ? String(name.dropLast(2)) : name)'s id.")
    }

    /// The meanings of the other path parameters, by their names in the reference.
    private static let path: [String: (schema: JSON, meaning: String)] = [
        "accountIdOrEmail": (text, "The account's id, or its e-mail address."),
        "alias": (FieldFormat.alias.schema, "The organization's alias."),
        "externalId": (text, "The organization's id in the app."),
        "key": (text, "A member of the app's data, or the name of one of its secrets."),
        "mappedId": (text, "The entity's id in the app."),
        "namespace": (text, "The namespace."),
        "type": (FieldFormat.word.schema, "The type of app."),
        "value": (text, "The member's value."),
        "name": (text, "Beginnings of words of the name; case and accents do not matter."),
    ]

    private static let identifier: JSON = ["type": "string", "pattern": "^[A-Za-z0-9._-]{1,128}$"]

    /// The headers that many operations accept.
    static let shared: JSON = [
        "Organization": parameter(
            "X-Organization", in: "header", uuid,
            "The current organization, if the token names none and the caller has several."),
        "IdempotencyKey": parameter(
            "Idempotency-Key", in: "header", identifier,
            "Makes the request repeatable for seven days: a repeat gets the response of the first request and changes nothing."
        ),
        "IfMatch": parameter(
            "If-Match", in: "header", text, "The ETag that the entity must still have; otherwise 412."),
        "IfNoneMatch": parameter(
            "If-None-Match", in: "header", text,
            "The ETag that the caller has; if it is still current, a GET answers 304 and a change 412."),
        "RequestId": parameter(
            "X-Request-Id", in: "header", identifier,
            "The caller's own id for the request, returned and recorded; a new one if it is missing or malformed."
        ),
    ]
}
