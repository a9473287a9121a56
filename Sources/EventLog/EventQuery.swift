import EventSourcing
import FoundationEssentials

/// Which events to read, and in which direction. All conditions must hold.
public struct EventQuery: Sendable {
    /// The direction of reading.
    public enum Order: String, Sendable, CaseIterable { case ascending = "asc", descending = "desc" }

    /// An entity: events of its own stream, those related to it and, of the named types, those in whose organization it is.
    /// Without named types it is not looked for as an organization.
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

    /// Entities of a kind: events of their streams and, of the named types, those related to one or in one.
    public struct Kind: Sendable {
        /// The kind of their streams.
        public var streamType: String
        /// The types whose related entity is one.
        public var typesByRelated: [String]
        /// The types whose organization is one.
        public var typesByOrganization: [String]

        /// A kind of entity, and the types by which one is found that does not own the stream.
        public init(_ streamType: String, typesByRelated: [String] = [], typesByOrganization: [String] = []) {
            self.streamType = streamType
            self.typesByRelated = typesByRelated
            self.typesByOrganization = typesByOrganization
        }
    }

    /// Only after this position.
    public var after: Position = 0
    /// Only up to this position.
    public var through: Position?
    /// The direction.
    public var order = Order.ascending
    /// How many events at most.
    public var limit = 1000
    /// How many events are looked at, at most, along the index that leads to them, to find those that meet the other
    /// conditions: what bounds the work of a reader that looks for what is rare. Without it all are.
    public var scanLimit: Int?
    /// Only its own, or related to it.
    public var entity: Entity?
    /// Only about an entity of this kind.
    public var kind: Kind?
    /// Only by this account.
    public var actor: UUID?
    /// Only by the system itself.
    public var bySystem = false
    /// Only in the trail of this organization.
    public var organization: UUID?
    /// Only of this type.
    public var type: String?
    /// Only of types with this prefix: `employee.`
    public var typePrefix: String?
    /// Only of one of these types; of any, if there are none.
    public var types: [String] = []
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
    /// What a reader may read, as SQL of the statement that a query becomes part of.
    public struct Reader: Sendable {
        /// A boolean: whether it reads everything.
        public var everything: String
        /// A `uuid[]`: the organizations whose trails it reads; empty where it reads everything.
        public var organizations: String
        /// A `uuid`: the stream of which it reads what is in the trail of no organization; null for none, and where it reads
        /// everything.
        public var stream: String

        /// A reader of these.
        public init(everything: String, organizations: String, stream: String) {
            self.everything = everything
            self.organizations = organizations
            self.stream = stream
        }
    }

    /// What decides the text of the statement; the values are its parameters.
    public struct Shape: Hashable, Sendable {
        /// The indexes along which events are looked at. What happened to an entity is its own events and those related to it;
        /// of an organization, also those in its trail.
        enum Route: CaseIterable { case log, entity, organizationEntity, actor, organization }

        let route: Route
        /// The direction of reading.
        public let order: Order
        let isBounded: Bool
        /// Whether times bound it, which have to be resolved to positions.
        let isTimed: Bool

        /// All shapes with bounded work: what a service prepares.
        public static var bounded: [Shape] { all(isBounded: true) }

        /// All shapes without bounds.
        static var unbounded: [Shape] { all(isBounded: false) }

        private static func all(isBounded: Bool) -> [Shape] {
            Route.allCases.flatMap { route in
                Order.allCases.flatMap { order in
                    [false, true].map { Shape(route: route, order: order, isBounded: isBounded, isTimed: $0) }
                }
            }
        }
    }

    /// The shape of its statement.
    public var shape: Shape {
        Shape(route: route, order: order, isBounded: scanLimit != nil, isTimed: since != nil || until != nil)
    }

    private var route: Shape.Route {
        if let entity { return entity.typesByOrganization.isEmpty ? .entity : .organizationEntity }
        if actor != nil || bySystem { return .actor }
        return organization != nil ? .organization : .log
    }

    /// Whether an event on the route may fail another condition: then the work has to be bounded by what is looked at.
    /// - Parameter isScoped: whether a reader's rights are a condition too.
    func isSelective(isScoped: Bool) -> Bool {
        let others = [type, typePrefix, requestID, kind?.streamType].contains { $0 != nil } || !types.isEmpty
        switch route {
        case .log: return others
        case .organization: return others || isScoped
        case .actor: return others || isScoped || organization != nil
        case .entity, .organizationEntity: return true
        }
    }
}
