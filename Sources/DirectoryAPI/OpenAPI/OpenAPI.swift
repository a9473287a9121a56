import CanonicalJSON

/// The OpenAPI 3.1 document of the API. It is generated from the declarations of the operations, so it is always up to date.
enum OpenAPI {
    /// The document as it is served.
    static let bytes: [UInt8] = {
        var writer = JSONWriter(reservingCapacity: 1 << 17)
        writer.asGiven(document(of: Operations.all))
        return writer.bytes
    }()

    static func document(of operations: [Operation]) -> JSON {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "Directory", "version": "1",
                "summary": "People, organizations and reporting lines, with every change accounted for.",
                "description": .string(introduction),
            ],
            "servers": [["url": "/", "description": "This service"]],
            "tags": .array(Resource.allCases.map { ["name": .string($0.rawValue)] }),
            "security": [["bearer": []]],
            "paths": paths(of: operations),
            "webhooks": OpenAPIWebhooks.json,
            "components": [
                "securitySchemes": [
                    "bearer": [
                        "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                        "description": """
                        A token whose `sub` is the account's id or e-mail address; `exp` is required, `org` restricts it to one \
                        organization. An organization's programs sign tokens themselves, with HS256 and the bytes of a key's \
                        `secretBase64`; `kid` is the key's id.
                        """,
                    ]
                ],
                "schemas": schemas(of: operations),
                "parameters": OpenAPIParameters.shared,
                "headers": OpenAPIAnswers.headers,
                "responses": OpenAPIAnswers.problems,
                "examples": Examples.components,
            ],
        ]
    }

    private static let introduction = """
        Every change is an event in one log; every response shows the state after the latest event. Times are UTC with six \
        fractional digits of a second, ids are UUIDs.

        - **The current organization** is the token's `org` claim, otherwise the one in the header `X-Organization`, otherwise \
        the caller's only organization.
        - **Refusals** are `application/problem+json` and list all invalid fields at once. What the caller may not see is 404; \
        what the caller may see but not do is 403.
        - **PATCH** changes only the fields given; `null` clears an optional field.
        - **ETag** of an entity is the position of the last event that changed it, with an `h` at its end for callers who are \
        shown fields that are hidden from others; `If-Match` makes a change conditional, whatever its tag's end.
        - **HEAD** is answered wherever GET is, without the body.
        - **Idempotency-Key** makes a POST repeatable for seven days.
        - **Lists** are streamed whole or, with `limit`, returned as pages with `Link: rel="next"`; all pages show one moment.
        - **Directory-Position** is the position in the log of the change, or of the state that a response shows; refusals have \
        it as well.
        - **asOf**, a time or a position of the log, shows what a GET would have answered then; `Directory-As-Of` is the \
        time of the position shown. Rights are today's. With `effective=true` a time is one at which changes took effect.
        - **Other methods** than those of a path are 405, with those that it has in `Allow`; an unknown path is 404.
        - **Examples** speak of one company, in which every entity has one id (`components/examples`). With the ids of your own \
        entities in their place, and another word for `acme`, every example can be sent.
        """

    /// The operations by path.
    private static func paths(of operations: [Operation]) -> JSON {
        let described = DescribedOperation.all(of: operations)
        var order: [String] = []
        var byPath: [String: [DescribedOperation]] = [:]
        for operation in described {
            if byPath[operation.path] == nil { order.append(operation.path) }
            byPath[operation.path, default: []].append(operation)
        }
        return .object(
            order.map { path in
                let members = (byPath[path] ?? []).map { operation in
                    JSON.Member(
                        name: operation.operation.method.rawValue.lowercased(),
                        value: OpenAPIOperation(operation, among: described).json)
                }
                return JSON.Member(name: path, value: .object(members))
            })
    }

    /// The schemas of responses and request bodies.
    private static func schemas(of operations: [Operation]) -> JSON {
        var members = Shape.all.map { JSON.Member(name: $0.name, value: $0.schema) }
        var seen: Set<String> = []
        for body in operations.compactMap(\.body) {
            let schema = BodySchema(body)
            if seen.insert(schema.name).inserted { members.append(JSON.Member(name: schema.name, value: schema.json)) }
        }
        return .object(members)
    }

    static func reference(_ name: String) -> JSON { ["$ref": .string("#/components/schemas/\(name)")] }
}

extension JSONWriter {
    /// Writes a tree with members in the order given, since people read the document in the order of the declarations.
    mutating func asGiven(_ json: JSON) {
        switch json {
        case .array(let elements):
            beginArray()
            for element in elements { asGiven(element) }
            endArray()
        case .object(let members):
            beginObject()
            for member in members {
                name(member.name)
                asGiven(member.value)
            }
            endObject()
        default: value(json)
        }
    }
}
