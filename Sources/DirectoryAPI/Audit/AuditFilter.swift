import Directory
import DirectoryEvents
import EventLog
import EventSourcing
import FoundationEssentials

/// Which entries of the audit trail to read. An entry must meet all conditions.
public struct AuditFilter: Sendable, Hashable {
    /// Who caused an entry.
    public enum Actor: Sendable, Hashable {
        /// An account.
        case account(UUID)
        /// The system itself: imports and the first start.
        case system
    }

    /// Only with this entity among the targets.
    public var entity: UUID?
    /// The kind that this entity has to be of, for its history; `nil` where one of any kind is meant.
    var entityKind: EntityKind?
    /// Only with an entity of this type among the targets, one of `entityTypes`.
    public var entityType: String?
    /// Only of this type (`employee.role_changed`), or of every type with this prefix (`employee.*`).
    public var type: String?
    /// Only of one of these types, prefixes as `employee.*` among them; of any, if there are none.
    var types: [String] = []
    /// Only caused by this actor.
    public var actor: Actor?
    /// Only caused by the request with this id.
    public var requestID: String?
    /// Only in the trail of this organization.
    public var organization: UUID?
    /// Only recorded at or after this time.
    public var since: Instant?
    /// Only recorded before this time.
    public var until: Instant?
    /// Where to continue: after this position in the given order; 0 for the beginning.
    public var after: Position = 0
    /// Only up to this position, in ascending order.
    var through: Position?
    /// The maximum number of entries, 1 to 1000.
    public var limit = 100
    /// How many events are examined at most to find them.
    var examined = AuditFilter.scanLimit
    /// Oldest or newest first.
    public var order = EventQuery.Order.ascending

    /// The types of targets.
    public static let entityTypes = TargetKind.allCases.map(\.rawValue)

    /// All entries, oldest first.
    public init() {}

    /// Reads the parameters of `GET /api/v1/audit`, by their names there.
    /// - Throws: `Refusal` that lists every invalid parameter.
    public init(parsing values: [String: String]) throws {
        var accepted: [String: String] = [:]
        var errors: [Refusal.Field] = []
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            guard let parameter = AuditFilter.parameters.first(where: { $0.name == name }) else {
                errors.append(Refusal.Field("?\(name)", "is unknown"))
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

    /// Reads parameters that have been validated.
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
            QueryParameter("entity", .uuid, "Only entries with this entity among their targets."),
            QueryParameter("entityType", .choice(entityTypes), "Only entries with a target of this type."),
            QueryParameter("organization", .uuid, "Only entries in the trail of this organization."),
        ] + historyParameters

    /// The parameters of an export, which has no pages and always begins with the oldest entry.
    static let exportParameters =
        [
            QueryParameter(
                "format", .choice(AuditExport.Format.allCases.map(\.rawValue)), "The format (default: ndjson).",
                example: "csv")
        ] + parameters.filter { !["after", "limit", "order"].contains($0.name) } + [
            QueryParameter(
                "after", .integer(0...Int64.max), "Only entries after this position, to go on with an earlier export.")
        ]

    /// The parameters of the history of one entity.
    static let historyParameters = [
        QueryParameter(
            "type", .eventType, "Only entries of this type; employee.* matches every type with that prefix."),
        QueryParameter("actor", .actor, "Only entries caused by this account, or by SYSTEM."),
        QueryParameter("requestId", .requestID, "Only entries caused by the request with this X-Request-Id."),
        QueryParameter("since", .time, "Only entries at or after this time."),
        QueryParameter("until", .time, "Only entries before this time."),
        QueryParameter(
            "after", .integer(0...Int64.max),
            "Where to continue, as in the Link: after this position in the given order; 0 for the beginning."),
        QueryParameter("limit", .integer(1...1000), "The maximum number of entries (default: 100).", example: "20"),
        QueryParameter(
            "order", .choice(EventQuery.Order.allCases.map(\.rawValue)),
            "Oldest (asc, the default) or newest (desc) first.", example: "desc"),
    ]

    /// How many events one request examines at most, which bounds its work however rare the matches are.
    static let scanLimit = 25_000

    /// The query that finds the entries and, if there is one, the entry after them.
    var query: EventQuery {
        var query = EventQuery()
        let typesByOrganization = [nil, .organization].contains(entityKind) ? EventTargets.byOrganization : []
        query.entity = entity.map { EventQuery.Entity($0, typesByOrganization: typesByOrganization) }
        query.kind = entityType.map { EventTargets.kind($0) }
        if let type, type.hasSuffix(".*") {
            query.typePrefix = String(type.dropLast())
        } else {
            query.type = type
        }
        query.types = EventTargets.types(matching: types)
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
        case .ascending: (query.after, query.through) = (after, through)
        case .descending: query.through = after > 0 ? after - 1 : nil
        }
        query.limit = limit + 1
        query.scanLimit = examined
        return query
    }
}

/// The types of events that concern an entity although they are not in its stream, as declared in the catalog.
enum EventTargets {
    static let byOrganization = EventCatalog.declarations.filter(\.isOrganizationTarget).map(\.type)

    /// The kinds of what events relate to: employees, to which most do, before accounts.
    static let related = (EntityKind.allCases.reversed().map { TargetKind($0) } + [.app, .key, .webhook]).filter {
        kind in
        EventCatalog.declarations.contains { $0.related.kind == kind }
    }

    /// The types whose related entity is of a kind.
    static func types(relatedTo kind: TargetKind) -> [String] {
        EventCatalog.declarations.filter { $0.related.kind == kind }.map(\.type)
    }

    /// The types that are named, or begin with a prefix that is.
    static func types(matching words: [String]) -> [String] {
        let known = EventCatalog.declarations.map(\.type).filter { type in
            words.contains { $0.hasSuffix("*") ? type.hasPrefix($0.dropLast()) : type == $0 }
        }
        // None would be any.
        return known.isEmpty ? words : known
    }

    static func kind(_ entityType: String) -> EventQuery.Kind {
        let kind = TargetKind(rawValue: entityType)
        let byRelated = kind.map(types(relatedTo:)) ?? []
        return EventQuery.Kind(
            entityType, typesByRelated: byRelated, typesByOrganization: kind == .organization ? byOrganization : [])
    }
}
