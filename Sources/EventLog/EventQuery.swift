public import EventSourcing
public import FoundationEssentials
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
        var parameters: [Parameter] = []
        func bind(_ parameter: Parameter) -> String {
            parameters.append(parameter)
            return "$\(parameters.count)"
        }
        var conditions = ["position > \(bind(.int8(after)))"]
        if let through { conditions.append("position <= \(bind(.int8(through)))") }
        if let since {
            let before = bind(.timestamptz(microseconds: since.microseconds - 1))
            conditions.append("position > (select log.position_at(\(before)))")
        }
        if let until {
            let last = bind(.timestamptz(microseconds: until.microseconds - 1))
            conditions.append("position <= (select log.position_at(\(last)))")
        }
        if let stream { conditions.append("stream = \(bind(.uuid(stream)))") }
        if let related { conditions.append("related = \(bind(.uuid(related)))") }
        if let streamType { conditions.append("stream_type = \(bind(.text(streamType)))") }
        if let actor { conditions.append("actor = \(bind(.uuid(actor)))") }
        if let organization { conditions.append("organization = \(bind(.uuid(organization)))") }
        if platformOnly { conditions.append("organization is null") }
        if let type { conditions.append("type = \(bind(.text(type)))") }
        if let typePrefix { conditions.append("starts_with(type, \(bind(.text(typePrefix))))") }
        if let requestID { conditions.append("origin ->> 'requestId' = \(bind(.text(requestID)))") }

        let limit = bind(.int8(Int64(limit)))
        let tail = "order by position \(order.rawValue) limit \(limit)"
        func branch(_ own: String) -> String {
            "(select \(Self.columns) from log.events where \((conditions + [own]).joined(separator: " and ")) \(tail))"
        }
        guard let entity else {
            return (
                Statement(
                    "select \(Self.columns) from log.events where \(conditions.joined(separator: " and ")) \(tail)"),
                parameters
            )
        }
        // One index probe a branch, each in order and cut at the limit; `union` drops what two branches find.
        let id = bind(.uuid(entity.id))
        var branches = [branch("stream = \(id)"), branch("related = \(id) and stream <> \(id)")]
        if !entity.typesByOrganization.isEmpty {
            var types = ArrayBuilder(of: .text)
            for type in entity.typesByOrganization { types.append(text: type) }
            let array = bind(.array(types))
            branches.append(
                branch("organization = \(id) and type = any(\(array)) and stream <> \(id) and related is distinct from \(id)"))
        }
        return (Statement("select * from (\(branches.joined(separator: " union all "))) e \(tail)"), parameters)
    }
}
