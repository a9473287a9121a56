import CanonicalJSON
import Directory

/// The OpenAPI description of one operation.
struct OpenAPIOperation {
    private let described: DescribedOperation
    private let all: [DescribedOperation]
    private var operation: Operation { described.operation }

    /// - Parameter all: the operations of the document, to which it may link.
    init(_ described: DescribedOperation, among all: [DescribedOperation]) {
        self.described = described
        self.all = all
    }

    var json: JSON {
        var members = [
            JSON.Member(name: "operationId", value: .string(operation.name)),
            JSON.Member(name: "summary", value: .string(operation.summary)),
            JSON.Member(name: "description", value: .string(description)),
            JSON.Member(name: "tags", value: [.string(operation.resource.rawValue)]),
            JSON.Member(name: "x-access", value: .string(operation.access.description)),
        ]
        if let number = operation.number {
            members.append(JSON.Member(name: "x-reference-number", value: .integer(Int64(number))))
        }
        if !operation.isAuthenticated { members.append(JSON.Member(name: "security", value: [])) }
        let parameters = OpenAPIParameters(described).json
        if !parameters.isEmpty { members.append(JSON.Member(name: "parameters", value: .array(parameters))) }
        if let body = operation.body {
            let schema = BodySchema(body)
            members.append(
                JSON.Member(
                    name: "requestBody",
                    value: [
                        "required": true,
                        "content": [
                            "application/json": ["schema": OpenAPI.reference(schema.name), "example": schema.example]
                        ],
                    ]))
        }
        members.append(
            JSON.Member(
                name: "responses", value: OpenAPIAnswers(operation, links: OpenAPILinks(described, among: all)).json))
        return .object(members)
    }

    private var description: String {
        let access = "**Access:** \(operation.access.description)."
        return operation.notes.map { "\($0)\n\n\(access)" } ?? access
    }
}

extension Operation {
    /// Whether it needs a token.
    var isAuthenticated: Bool {
        if case .anyone = access { false } else { true }
    }

    /// Whether it changes something.
    var isMutation: Bool { method != .get && !isQuery }

    /// Whether it is a POST that changes nothing: it only reads what must not be asked for in a path, or tries something.
    var isQuery: Bool { method == .post && !response.hasTag }

    /// Whether it supports `If-Match`: its response has a tag, of something that was there before. A profile belongs to an entity,
    /// and a key has its organization's tag.
    var takesIfMatch: Bool {
        let makesEntity = response.status == 201 && response.schema?.hasSuffix("Profile") == false
        return response.hasTag && (!makesEntity || response.schema == "OrganizationKey")
    }

    /// Whether its response is a list that can be paged.
    var isPaged: Bool { response.isArray && query.contains { $0.name == "limit" } }
}
