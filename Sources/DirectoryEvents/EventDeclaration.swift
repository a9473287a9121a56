/// A type of event: what it is called, where it is stored, which entities it is about, and what the audit trail shows of it.
/// Its fields are declared by the `EventType` that reads and writes them.
public struct EventDeclaration: Sendable {
    /// What happened: `employee.manager_assigned`.
    public let type: String
    /// The version of its shape that is written today.
    public let schema: Int
    /// What it means, in one sentence.
    public let meaning: String
    /// The kind of entity in whose stream it is.
    public let stream: EntityKind
    public let related: Related
    /// The fields of `data` and `sealed`, without those that imports add, in the order in which they are shown.
    public let fields: [Field]
    /// Whether the organization in whose trail it is recorded is a target besides the stream and the related entity.
    public let isOrganizationTarget: Bool
    public let trail: Trail

    /// The fields of `data`.
    public var data: [Field] { fields.filter { $0.place == .data } }
    /// The fields of `sealed`.
    public var sealed: [Field] { fields.filter { $0.place == .sealed } }

    /// The kinds of what the event is about.
    public var targets: [TargetKind] {
        var targets = [TargetKind(stream)]
        if let kind = related.kind { targets.append(kind) }
        if isOrganizationTarget, stream != .organization { targets.append(.organization) }
        return targets
    }

    /// The other end of a relation.
    public enum Related: Sendable, Equatable {
        case none
        /// Every event of the type has one.
        case always(TargetKind)
        /// Some events of the type have one.
        case sometimes(TargetKind)

        public var kind: TargetKind? {
            switch self {
            case .none: nil
            case .always(let kind), .sometimes(let kind): kind
            }
        }
    }

    /// A field of `data` or `sealed`.
    public struct Field: Sendable, Equatable {
        public enum Place: Sendable { case data, sealed }

        /// Its name; a JSON pointer into the entity if it holds a change.
        public let name: String
        public let place: Place
        /// Whether events may lack it.
        public let isOptional: Bool

        init(_ name: String, in place: Place, isOptional: Bool = false) {
            self.name = name
            self.place = place
            self.isOptional = isOptional
        }
    }

    /// What the audit trail shows of an event as changes of the entity in whose stream it is.
    public enum Trail: Sendable {
        /// Nothing: the event changes no field.
        case nothing
        /// Every field that the entity was created with, and the related entity under the word of its kind.
        case everything
        /// The fields that the event names by JSON pointers.
        case changedFields
        case status(from: Status, to: Status)
        /// The entity became ERASED, for a reason.
        case erasure
        /// An element was added to the set at a pointer.
        case added(String, Element)
        /// An element was added to the set at a pointer, or replaced another where the event has changes of its members.
        case set(String, Element)
        /// An element was removed from the set at a pointer.
        case removed(String, Element)
        /// An element of the set at a pointer was changed.
        case replaced(String, Element)
        /// An element of the set at a pointer was changed, or added where the member named has no value before.
        case put(String, Element, new: String)
    }

    /// An element of a set, as the entity shows it.
    public enum Element: Sendable {
        /// The related entity's id.
        case related
        /// An object of these members; those without a value are left out. Of an element that was changed, a member has the
        /// matching side of the change at `/<name>`, if there is one.
        case object([(name: String, value: Part)])
    }

    /// Where a member's value comes from.
    public enum Part: Sendable {
        /// The related entity's id.
        case related
        /// The event's organization.
        case organization
        /// A value of `data`.
        case word(String)
        /// A value of `sealed`.
        case sealed(String)
        /// The change at `/<name>` alone: nothing where the event has none.
        case change
        /// An object of the secrets that these lists in `sealed` name, without their values.
        case secrets(set: String, removed: String)
        /// A status, before and after.
        case status(from: Status, to: Status)
    }
}
