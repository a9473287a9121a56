import EventSourcing
import FoundationEssentials
import Postgres

/// Which events to read, and in which direction. All conditions must hold.
public struct EventQuery: Sendable {
    /// The direction of reading.
    public enum Order: String, Sendable { case ascending = "asc", descending = "desc" }

    /// An entity: events of its own stream, those related to it and, of the named types, those that stand in it.
    public struct Entity: Sendable {
        /// The entity.
        public var id: UUID
        /// The types whose organization is a target, so that an organization finds them.
        public var typesByOrganization: [String]

        /// An entity, and the types by which an organization is one.
        public init(_ id: UUID, typesByOrganization: [String] = []) {
            self.id = id
            self.typesByOrganization = typesByOrganization
        }
    }

    /// Only behind this position.
    public var after: Position = 0
    /// Only up to this position.
    public var through: Position?
    /// The direction.
    public var order = Order.ascending
    /// At most so many.
    public var limit = 1000
    /// Only of this stream.
    public var stream: UUID?
    /// Only related to this entity.
    public var related: UUID?
    /// Only its own, or related to it.
    public var entity: Entity?
    /// Only of streams of this kind.
    public var streamType: String?
    /// Only by this account.
    public var actor: UUID?
    /// Only in the trail of this organization.
    public var organization: UUID?
    /// Only in the trail of no organization.
    public var platformOnly = false
    /// Only of this type.
    public var type: String?
    /// Only of types that begin so: `employee.`
    public var typePrefix: String?
    /// Only recorded at this instant or later.
    public var since: Instant?
    /// Only recorded before this instant.
    public var until: Instant?
    /// Only of the request with this id.
    public var requestID: String?

    /// All events, from the first.
    public init() {}
}

extension EventQuery {
    /// The columns that `StoredEvent(_:)` reads, in its order.
    static let columns = """
        position, id, type, schema, organization, stream, stream_type, related, data, sealed, sealed_salt, sealed_hash, \
        actor, actor_role, actor_key, origin, origin_salt, origin_hash, recorded_at, effective_at, causation, leaf_hash
        """

    /// The statement and its parameters. The text depends on which conditions there are, never on their values.
    var statement: (Statement, [Parameter]) {
        var bound = BoundParameters()
        let conditions = conditions(&bound)
        let tail = "order by position \(order.rawValue) limit \(bound.add(.int8(Int64(limit))))"
        func select(_ conditions: [String]) -> String {
            "select \(Self.columns) from log.events where \(conditions.joined(separator: " and ")) \(tail)"
        }
        guard let entity else { return (Statement(select(conditions)), bound.list) }
        // One index probe a branch, each in order and cut at the limit; no event is found by two branches.
        let id = bound.add(.uuid(entity.id))
        var branches = [["stream = \(id)"], ["related = \(id)", "stream <> \(id)"]]
        if !entity.typesByOrganization.isEmpty {
            var types = ArrayBuilder(of: .text)
            for type in entity.typesByOrganization { types.append(text: type) }
            let array = bound.add(.array(types))
            branches.append([
                "organization = \(id)", "type = any(\(array))", "stream <> \(id)", "related is distinct from \(id)",
            ])
        }
        let union = branches.map { "(\(select(conditions + $0)))" }.joined(separator: " union all ")
        return (Statement("select * from (\(union)) e \(tail)"), bound.list)
    }

    private func conditions(_ bound: inout BoundParameters) -> [String] {
        var conditions = ["position > \(bound.add(.int8(after)))"]
        if let through { conditions.append("position <= \(bound.add(.int8(through)))") }
        if let since {
            let before = bound.add(.timestamptz(microseconds: since.microseconds - 1))
            conditions.append("position > (select log.position_at(\(before)))")
        }
        if let until {
            let last = bound.add(.timestamptz(microseconds: until.microseconds - 1))
            conditions.append("position <= (select log.position_at(\(last)))")
        }
        if let stream { conditions.append("stream = \(bound.add(.uuid(stream)))") }
        if let related { conditions.append("related = \(bound.add(.uuid(related)))") }
        if let streamType { conditions.append("stream_type = \(bound.add(.text(streamType)))") }
        if let actor { conditions.append("actor = \(bound.add(.uuid(actor)))") }
        if let organization { conditions.append("organization = \(bound.add(.uuid(organization)))") }
        if platformOnly { conditions.append("organization is null") }
        if let type { conditions.append("type = \(bound.add(.text(type)))") }
        if let typePrefix { conditions.append("starts_with(type, \(bound.add(.text(typePrefix))))") }
        if let requestID { conditions.append("origin ->> 'requestId' = \(bound.add(.text(requestID)))") }
        return conditions
    }
}

/// The parameters of a statement that is put together, in the order in which they were bound.
private struct BoundParameters {
    private(set) var list: [Parameter] = []

    /// Binds a parameter and gives the text that stands for it.
    mutating func add(_ parameter: Parameter) -> String {
        list.append(parameter)
        return "$\(list.count)"
    }
}
