import CanonicalJSON
import Directory

/// The responses of an operation: that of success, and the problems that can occur.
struct OpenAPIAnswers {
    private let operation: Operation
    private let links: OpenAPILinks

    init(_ operation: Operation, links: OpenAPILinks) {
        self.operation = operation
        self.links = links
    }

    /// The responses object.
    var json: JSON {
        var members = [JSON.Member(name: String(operation.response.status), value: success)]
        if operation.method == .get, operation.response.hasTag {
            members.append(
                JSON.Member(
                    name: "304",
                    value: [
                        "description": "The caller already has this state.",
                        "headers": Self.references(["ETag", "X-Request-Id", "traceparent"]),
                    ]))
        }
        members += statuses.map { status in
            JSON.Member(
                name: String(status), value: ["$ref": .string("#/components/responses/\(Self.problem(status).name)")])
        }
        return .object(members)
    }

    private var success: JSON {
        var members = [
            JSON.Member(name: "description", value: .string(operation.response.status == 201 ? "Created" : "OK")),
            JSON.Member(name: "headers", value: Self.references(successHeaders)),
        ]
        if let schema = operation.response.schema {
            let reference = OpenAPI.reference(schema)
            let body: JSON = operation.response.isArray ? ["type": "array", "items": reference] : reference
            members.append(
                JSON.Member(
                    name: "content",
                    value: .object([JSON.Member(name: operation.response.contentType, value: ["schema": body])])))
        } else if operation.response.contentType != "application/json" {
            let types = [operation.response.contentType] + operation.response.otherContentTypes
            let content = types.map { JSON.Member(name: $0, value: ["schema": ["type": "string"]]) }
            members.append(JSON.Member(name: "content", value: .object(content)))
        }
        let links = links.json
        if !links.isEmpty { members.append(JSON.Member(name: "links", value: .object(links))) }
        return .object(members)
    }

    private var successHeaders: [String] {
        var names: [String] = []
        if operation.response.hasTag { names.append(operation.isPaged ? "ListETag" : "ETag") }
        if operation.response.status == 201 { names.append("Location") }
        if operation.isPaged { names.append("Link") }
        if operation.isAuthenticated { names.append("Directory-Position") }
        if operation.showsPast { names.append("Directory-As-Of") }
        return names + ["X-Request-Id", "traceparent"]
    }

    /// The statuses of the problems that can occur, in the order in which they are checked.
    var statuses: [Int] {
        var statuses: Set<Int> = [400]
        if operation.isAuthenticated { statuses.formUnion([401, 404, 503]) }
        if operation.name == "getReadiness" { statuses.insert(503) }
        if mayBeForbidden { statuses.insert(403) }
        if operation.readsBody { statuses.formUnion([413, 415]) }
        if operation.takesIfMatch { statuses.insert(412) }
        if operation.isMutation { statuses.formUnion([412, 422]) }
        if mayConflict { statuses.insert(409) }
        return statuses.sorted()
    }

    /// Whether 403 can occur. What a caller may not see is 404; a GET is 403 only for what members know to exist.
    private var mayBeForbidden: Bool {
        let closedToMembers: Set<Permission?> = [.readTrail, .readHidden, .change, .administer]
        return switch operation.access {
        case .anyone: false
        case .account: operation.isMutation
        case .permission(let permission): operation.isMutation || closedToMembers.contains(permission)
        case .special(let permission, _): operation.isMutation || closedToMembers.contains(permission)
        }
    }

    /// Whether something that it sets may already be taken.
    private var mayConflict: Bool {
        // While an employee was INACTIVE, another may have taken its address or account; accounts and organizations keep theirs.
        if operation.name == "activateEmployee" { return true }
        let unique: Set<String> = ["email", "alias", "account", "employeeId", "mappedId"]
        return operation.body.map { BodySchema($0).fields.contains { unique.contains($0.name) } } ?? false
    }

    private static func references(_ names: [String]) -> JSON {
        .object(
            names.map { name in
                JSON.Member(
                    name: name == "ListETag" ? "ETag" : name,
                    value: ["$ref": .string("#/components/headers/\(name)")])
            })
    }

    private static func header(
        _ meaning: String, _ schema: JSON = ["type": "string"], isRequired: Bool = true
    ) -> JSON {
        ["description": .string(meaning), "required": .bool(isRequired), "schema": schema]
    }

    /// The headers of responses.
    static let headers: JSON = [
        "ETag": header(
            "The position of the last event that changed the entity, in quotation marks; it ends in `h` where the caller is shown "
                + "hidden fields."),
        "ListETag": header(
            "The position of the last event that changed the list, in quotation marks; a list whose elements depend on others "
                + "has none.", isRequired: false),
        "Location": header("The path of the created entity."),
        "Link": header("The next page (RFC 8288), `rel=\"next\"`.", isRequired: false),
        "Directory-Position": header(
            "The log position of the change, or of the state that the response shows.", ["type": "integer"]),
        "Directory-As-Of": header(
            "The time of that position, where the request has `asOf`.", ["type": "string", "format": "date-time"],
            isRequired: false),
        "X-Request-Id": header("The request's id."),
        "traceparent": header(
            "The request's trace, and the id of what was done for it; none where the request named no trace.",
            isRequired: false),
        "WWW-Authenticate": header("Bearer."),
        "Retry-After": header("The number of seconds to wait before trying again.", ["type": "integer"]),
    ]

    private static func problem(_ status: Int) -> (name: String, meaning: String) {
        switch status {
        case 400: ("Invalid", "The request is not valid; `errors` lists every invalid field.")
        case 401: ("Unauthenticated", "There is no token, or it is not accepted.")
        case 403: ("Forbidden", "The caller may see the entity, but may not do this.")
        case 404: ("NotFound", "It does not exist, or the caller may not see it.")
        case 409: ("Conflict", "A value that must be unique is already taken.")
        case 412: ("PreconditionFailed", "The entity does not satisfy `If-Match` or `If-None-Match`.")
        case 413: ("TooLarge", "The body is larger than 1 MiB.")
        case 415: ("UnsupportedMediaType", "The body is not `application/json`, or has a `Content-Encoding`.")
        case 422:
            ("AgainstRule", "Well-formed, but against a rule; `errors` lists the fields concerned, if any.")
        default: ("Unavailable", "The service is temporarily unavailable; try again.")
        }
    }

    /// The problems, by name.
    static let problems: JSON = .object(
        [400, 401, 403, 404, 409, 412, 413, 415, 422, 503].map { status in
            let (name, meaning) = problem(status)
            var names = ["X-Request-Id", "traceparent"]
            if status == 401 { names.append("WWW-Authenticate") }
            if status == 503 { names.append("Retry-After") }
            return JSON.Member(
                name: name,
                value: [
                    "description": .string(meaning), "headers": references(names),
                    "content": ["application/problem+json": ["schema": OpenAPI.reference("Problem")]],
                ])
        })
}
