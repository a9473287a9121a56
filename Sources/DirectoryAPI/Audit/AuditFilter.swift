import Directory
import DirectoryEvents
import EventLog
import EventSourcing
import FoundationEssentials

/// Which entries of the audit trail to read. All conditions must hold.
public struct AuditFilter: Sendable {
    /// Who caused an entry.
    public enum Actor: Sendable, Equatable {
        /// That account.
        case account(UUID)
        /// The system itself: imports, the first start.
        case system
    }

    /// Only with this entity among the targets.
    public var entity: UUID?
    /// Only with an entity of this type among the targets, one of `entityTypes`.
    public var entityType: String?
    /// Only of this type, or of all types of a kind of entity: `employee.role_changed`, `employee.*`.
    public var type: String?
    /// Only caused by it.
    public var actor: Actor?
    /// Only caused by the request with this id.
    public var requestID: String?
    /// Only in the trail of this organization.
    public var organization: UUID?
    /// Only recorded at this time or later.
    public var since: Instant?
    /// Only recorded before this time.
    public var until: Instant?
    /// Where to go on: behind this position in the order given; 0 for the beginning.
    public var after: Position = 0
    /// At most so many, 1 to 1000.
    public var limit = 100
    /// Oldest or newest first.
    public var order = EventQuery.Order.ascending

    /// The types that targets have.
    public static let entityTypes = EntityKind.allCases.map(\.rawValue) + ["APP", "KEY"]

    /// All entries, oldest first.
    public init() {}

    /// Reads the parameters of `GET /api/v1/audit`, by their names there.
    /// - Throws: a refusal that names every parameter at fault.
    public init(parsing values: [String: String]) throws {
        var accepted: [String: String] = [:]
        var errors: [Refusal.Field] = []
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            guard let parameter = AuditFilter.parameters.first(where: { $0.name == name }) else {
                errors.append(Refusal.Field("?\(name)", "is not known here"))
                continue
            }
            if let value = parameter.format.accept(value) {
                accepted[name] = value
            } else {
                errors.append(Refusal.Field("?\(name)", parameter.format.requirement))
            }
        }
        guard errors.isEmpty else { throw Refusal(.invalid, "The filter is not valid.", fields: errors) }
        self.init { accepted[$0] }
    }

    /// Reads parameters that their formats have accepted.
    init(_ value: (String) -> String?) {
        entity = value("entity").flatMap { UUID(text: $0) }
        entityType = value("entityType")
        type = value("type")
        actor = value("actor").flatMap { text in UUID(text: text).map { .account($0) } ?? .system }
        requestID = value("requestId")
        organization = value("organization").flatMap { UUID(text: $0) }
        since = value("since").flatMap { Instant(rfc3339: $0) }
        until = value("until").flatMap { Instant(rfc3339: $0) }
        after = value("after").flatMap { Position($0) } ?? 0
        limit = value("limit").flatMap { Int($0) } ?? 100
        order = value("order").flatMap { EventQuery.Order(rawValue: $0) } ?? .ascending
    }
}

extension AuditFilter {
    /// The parameters of `GET /api/v1/audit`.
    static let parameters =
        [
            QueryParameter("entity", .uuid, "Only entries with this entity among the targets."),
            QueryParameter("entityType", .choice(entityTypes), "Only entries with a target of this type."),
            QueryParameter("organization", .uuid, "Only entries in the trail of this organization."),
        ] + historyParameters

    /// The parameters of the history of one entity.
    static let historyParameters = [
        QueryParameter("type", .eventType, "Only entries of this type; employee.* stands for all that begin so."),
        QueryParameter("actor", .actor, "Only entries that this account caused, or the SYSTEM itself."),
        QueryParameter("requestId", .text(128), "Only entries that the request with this X-Request-Id caused."),
        QueryParameter("since", .time, "Only entries of this time or later (inclusive)."),
        QueryParameter("until", .time, "Only entries before this time (exclusive)."),
        QueryParameter(
            "after", .integer(0...Int64.max),
            "Where to go on, as in the Link: behind this position in the order given; 0 for the beginning."),
        QueryParameter("limit", .integer(1...1000), "At most so many entries; 100 if not given."),
        QueryParameter(
            "order", .choice(EventQuery.Order.allCases.map(\.rawValue)),
            "Oldest (asc, the default) or newest (desc) first."),
    ]

    /// How many events one request looks at: what bounds its work, however rare what it asks for.
    static let scanLimit = 25_000

    /// The query that finds the entries and, if there is one, the next.
    var query: EventQuery {
        var query = EventQuery()
        query.entity = entity.map { EventQuery.Entity($0, typesByOrganization: EventTargets.byOrganization) }
        query.kind = entityType.map { EventTargets.kind($0) }
        if let type, type.hasSuffix(".*") {
            query.typePrefix = String(type.dropLast())
        } else {
            query.type = type
        }
        switch actor {
        case .account(let account): query.actor = account
        case .system: query.bySystem = true
        case nil: break
        }
        query.requestID = requestID
        query.since = since
        query.until = until
        query.order = order
        switch order {
        case .ascending: query.after = after
        case .descending: query.through = after > 0 ? after - 1 : nil
        }
        query.limit = limit + 1
        query.scanLimit = AuditFilter.scanLimit
        return query
    }
}

/// Which types of event an entity finds that does not own their stream, as the catalog declares it.
enum EventTargets {
    static let byOrganization = EventCatalog.declarations.filter(\.isOrganizationTarget).map(\.type)

    static func kind(_ entityType: String) -> EventQuery.Kind {
        let kind = EntityKind(rawValue: entityType)
        let byRelated = EventCatalog.declarations.filter { kind != nil && $0.related.kind == kind }.map(\.type)
        return EventQuery.Kind(
            entityType, typesByRelated: byRelated, typesByOrganization: kind == .organization ? byOrganization : [])
    }
}
