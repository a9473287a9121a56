/// Why a command or a query is refused: what the caller is told, and by which status.
public struct Refusal: Error, Sendable, Equatable {
    /// The kinds of refusal, in the order in which they are checked.
    public enum Kind: Sendable, Equatable {
        /// The token does not count: its account is missing or inactive.
        case unauthenticated
        /// Something about the request itself is wrong.
        case invalid
        /// Nothing there that the caller may see.
        case notFound
        /// The caller may see it, but not do this.
        case forbidden
        /// `If-Match` names another state.
        case preconditionFailed
        /// Somebody else has it already: an e-mail, an alias, a link.
        case conflict
        /// Well-formed, but against a rule.
        case rule
    }

    /// A field at fault.
    public struct Field: Sendable, Equatable {
        /// A JSON pointer into the body (RFC 6901).
        public let pointer: String
        /// What is wrong with it.
        public let detail: String

        /// A field, and what is wrong with it.
        public init(_ pointer: String, _ detail: String) {
            self.pointer = pointer
            self.detail = detail
        }
    }

    /// Of which kind.
    public let kind: Kind
    /// What is wrong, and what to do.
    public let detail: String
    /// The fields at fault.
    public let fields: [Field]

    /// A refusal of a kind.
    public init(_ kind: Kind, _ detail: String, fields: [Field] = []) {
        self.kind = kind
        self.detail = detail
        self.fields = fields
    }

    /// The token is in order, but of nobody.
    public static let noAccount = Refusal(
        .unauthenticated, "The token's account does not exist or is not active.")

    /// The token is in order, but its key does not count.
    public static let noKey = Refusal(
        .unauthenticated,
        "The token's key does not exist, its organization is not active, or the token's account is not active or has no role there."
    )

    /// There is nothing of that kind which the caller may see.
    public static func notFound(_ what: String) -> Refusal { Refusal(.notFound, "There is no such \(what).") }

    /// The caller may see it, but not do this.
    public static func forbidden(_ detail: String) -> Refusal { Refusal(.forbidden, detail) }

    /// A field is against a rule.
    public static func rule(at pointer: String, _ detail: String) -> Refusal {
        Refusal(.rule, detail, fields: [Field(pointer, detail)])
    }

    /// The request as a whole is against a rule.
    public static func rule(_ detail: String) -> Refusal { Refusal(.rule, detail) }

    /// What a field asks for is taken.
    public static func conflict(at pointer: String, _ detail: String) -> Refusal {
        Refusal(.conflict, detail, fields: [Field(pointer, detail)])
    }
}
