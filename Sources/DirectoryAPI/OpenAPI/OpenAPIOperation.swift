import CanonicalJSON
import Directory

/// One operation, as OpenAPI describes it.
struct OpenAPIOperation {
    private let operation: Operation
    private let parameters: [String]

    /// - Parameter parameters: the names of the path's parameters, which those of the operation may differ from.
    init(_ operation: Operation, parameters: [String]) {
        self.operation = operation
        self.parameters = parameters
    }

    /// The operation object.
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
        let parameters = OpenAPIParameters(operation, named: parameters).json
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
        members.append(JSON.Member(name: "responses", value: OpenAPIAnswers(operation).json))
        return .object(members)
    }

    private var description: String {
        let access = "**Who may:** \(operation.access.description)."
        return operation.notes.map { "\($0)\n\n\(access)" } ?? access
    }
}

extension Operation {
    /// Whether it takes a token.
    var isAuthenticated: Bool {
        if case .anyone = access { false } else { true }
    }

    /// Whether it changes something.
    var isMutation: Bool { method != .get }

    /// Whether it takes `If-Match`: its answer has a tag, and it makes no entity of its own. A profile is its entity's.
    var takesIfMatch: Bool {
        let makesProfile = answer.schema?.hasSuffix("Profile") == true
        return answer.hasTag && (method != .post || !path.parameters.isEmpty || makesProfile)
    }

    /// Whether it answers a list in pages.
    var isPaged: Bool { answer.isArray && query.contains { $0.name == "limit" } }
}
