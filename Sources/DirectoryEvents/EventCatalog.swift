/// What the directory's log can hold: a declaration for each type of event. `docs/events.md` is made from it.
public enum EventCatalog {
    /// A type of event.
    public struct Declaration: Sendable {
        /// What happened: `employee.manager_assigned`.
        public let type: String
        /// The version of its shape that is written today: encoding an event asks for it here.
        public let schema: Int
        /// What it means, in one sentence.
        public let meaning: String
        /// The kind of entity that it belongs to.
        public let stream: EntityKind
        /// Of what kind the other end is, and when there is one.
        public let related: Related
        /// The fields of `data`, without those that imports add.
        public let data: [Field]
        /// The fields of `sealed`.
        public let sealed: [Field]
        /// Whether the organization in whose trail it stands is a target besides the stream and the related entity.
        public let isOrganizationTarget: Bool

        init(
            _ type: String, schema: Int = 1, _ meaning: String, related: Related = .none, data: [Field] = [],
            sealed: [Field] = [], isOrganizationTarget: Bool = false
        ) {
            self.type = type
            self.schema = schema
            self.meaning = meaning
            self.related = related
            self.data = data
            self.sealed = sealed
            self.isOrganizationTarget = isOrganizationTarget
            // A type begins with the word of its stream's kind.
            let word = type.prefix { $0 != "." }
            stream = EntityKind.allCases.first { $0.word == word } ?? .organization
        }

        /// The kinds of the entities that the event is about.
        public var targets: [EntityKind] {
            var targets = [stream]
            if let kind = related.kind { targets.append(kind) }
            if isOrganizationTarget, stream != .organization { targets.append(.organization) }
            return targets
        }
    }

    /// The other end of a relation.
    public enum Related: Sendable, Equatable {
        /// The type has none.
        case none
        /// Each event has one of that kind.
        case always(EntityKind)
        /// Some have one of that kind.
        case sometimes(EntityKind)

        /// Of what kind it is.
        public var kind: EntityKind? {
            switch self {
            case .none: nil
            case .always(let kind), .sometimes(let kind): kind
            }
        }
    }

    /// A field of `data` or `sealed`.
    public struct Field: Sendable, Equatable {
        /// Its name; a JSON pointer into the entity where it holds what changed.
        public let name: String
        /// Whether events may lack it.
        public let isOptional: Bool

        init(_ name: String, isOptional: Bool = false) {
            self.name = name
            self.isOptional = isOptional
        }
    }

    /// All types, in the order in which they are documented.
    public static let declarations: [Declaration] = organization + account + employee

    /// The declaration of a type.
    public static func declaration(of type: String) -> Declaration? { byType[type] }

    private static let byType = Dictionary(declarations.map { ($0.type, $0) }, uniquingKeysWith: { first, _ in first })

    /// The fields that imports add to the `data` of each event that comes from a line.
    public static let importFields = [Field("import", isOptional: true), Field("line", isOptional: true)]
}
