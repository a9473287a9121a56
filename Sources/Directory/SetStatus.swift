import DirectoryEvents
import DirectoryRows
import EventSourcing

/// The statuses that an entity can be given.
public enum SettableStatus: Sendable {
    case active, inactive

    /// What whoever sets it does: "Only OWNER and ADMIN deactivate employees".
    var verb: String { self == .active ? "activate" : "deactivate" }
}

/// Activates or deactivates an entity. One that has the status already is left as it is.
public struct SetStatus<Rules: StatusRules>: Mutation {
    private let status: SettableStatus
    private let rules: Rules

    public init(_ status: SettableStatus, of rules: Rules) {
        self.status = status
        self.rules = rules
    }

    public var loads: [Load] { rules.loads }

    public func authorize(_ view: View, _ caller: Authority) throws -> Permit<Rules.Subject> {
        try rules.authorize(status, view, caller)
    }

    public func decide(_ view: View, _ caller: Authority, _ permit: Permit<Rules.Subject>) throws -> [ProposedEvent] {
        let entity = permit.subject
        try entity.checkNotErased()
        guard entity.isActive != (status == .active) else { return [] }
        return switch status {
        case .active: try rules.activation(of: entity, view)
        case .inactive: try rules.deactivation(of: entity, view)
        }
    }
}

/// What setting the status of one kind of entity takes.
public protocol StatusRules: Sendable {
    associatedtype Subject: Entity

    /// What is sure to be read.
    var loads: [Load] { get }

    /// Finds the entity, and whether the caller may give it a status.
    func authorize(_ status: SettableStatus, _ view: View, _ caller: Authority) throws -> Permit<Subject>

    /// The events that activate an INACTIVE entity.
    /// - Throws: a refusal, where something that it has is now taken.
    func activation(of entity: Subject, _ view: View) throws -> [ProposedEvent]

    /// The events that deactivate an ACTIVE entity, and end what must not outlast it.
    func deactivation(of entity: Subject, _ view: View) throws -> [ProposedEvent]
}
