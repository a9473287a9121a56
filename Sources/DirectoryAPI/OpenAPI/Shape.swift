import CanonicalJSON

/// The OpenAPI description of a JSON object that the API returns.
struct Shape: Sendable {
    struct Field: Sendable {
        let name: String
        let kind: Kind
        let meaning: String
        /// Whether every response includes it, for every caller. Members without a value are left out.
        let isAlwaysThere: Bool
        let example: String?
    }

    /// The type of a member's value.
    indirect enum Kind: Sendable {
        case string, uuid, email, date, time, bool, integer
        /// An account's id, or `SYSTEM`.
        case author
        /// One of these values.
        case words([String])
        /// A JSON value of any kind.
        case anything
        /// A free-form object.
        case open
        /// An object of another shape.
        case shape(String)
        case array(Kind)
    }

    let name: String
    let meaning: String
    let fields: [Field]

    init(_ name: String, _ meaning: String, _ fields: [Field]) {
        self.name = name
        self.meaning = meaning
        self.fields = fields
    }

    var schema: JSON {
        let properties = fields.map { JSON.Member(name: $0.name, value: $0.schema) }
        let required = fields.filter(\.isAlwaysThere).map { JSON.string($0.name) }
        var members = [
            JSON.Member(name: "type", value: "object"), JSON.Member(name: "description", value: .string(meaning)),
        ]
        if !required.isEmpty { members.append(JSON.Member(name: "required", value: .array(required))) }
        members.append(JSON.Member(name: "properties", value: .object(properties)))
        return .object(members)
    }
}

extension Shape.Field {
    /// A member that is always present.
    static func always(_ name: String, _ kind: Shape.Kind, _ meaning: String, _ example: String? = nil) -> Self {
        Self(name: name, kind: kind, meaning: meaning, isAlwaysThere: true, example: example)
    }

    /// A member that is left out if it has no value.
    static func optional(_ name: String, _ kind: Shape.Kind, _ meaning: String, _ example: String? = nil) -> Self {
        Self(name: name, kind: kind, meaning: meaning, isAlwaysThere: false, example: example)
    }

    /// A member that only some callers see.
    static func hidden(_ name: String, _ kind: Shape.Kind, _ meaning: String) -> Self {
        let words = "\(meaning) Shown to OWNER, ADMIN, AUDITOR and SYSTEM_ADMIN."
        return Self(name: name, kind: kind, meaning: words, isAlwaysThere: false, example: nil)
    }

    fileprivate var schema: JSON {
        var members = kind.schema.members ?? []
        members.append(JSON.Member(name: "description", value: .string(meaning)))
        if let example { members.append(JSON.Member(name: "examples", value: [.string(example)])) }
        return .object(members)
    }
}

extension Shape.Kind {
    var schema: JSON {
        switch self {
        case .string: ["type": "string"]
        case .uuid: ["type": "string", "format": "uuid"]
        case .email: ["type": "string", "format": "email"]
        case .date: ["type": "string", "format": "date"]
        case .time: ["type": "string", "format": "date-time"]
        case .bool: ["type": "boolean"]
        case .integer: ["type": "integer"]
        case .author: ["type": "string", "examples": [.string(Examples.Entity.account.id)]]
        case .words(let words): ["type": "string", "enum": .array(words.map { .string($0) })]
        case .anything: [:]
        case .open: ["type": "object"]
        case .shape(let name): OpenAPI.reference(name)
        case .array(let element): ["type": "array", "items": element.schema]
        }
    }
}
