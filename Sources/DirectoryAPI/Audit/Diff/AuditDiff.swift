import Directory
import DirectoryEvents
import EventLog
import EventSourcing
import FoundationEssentials
import OrganizationsProjection
import Postgres

/// What differs of the entities of an organization between two moments, for a reader who may see everything: someone with access
/// to the database.
public struct AuditDiff: Sendable {
    private let pool: PostgresPool

    /// How many entities are read at a time.
    private static let page = 256

    /// - Parameter pool: connections whose statements may take long.
    public init(_ pool: PostgresPool) { self.pool = pool }

    /// Whether a text states a time rather than a position; `nil` if it states neither.
    public static func isTime(_ moment: String) -> Bool? {
        guard let text = FieldFormat.moment.accept(moment) else { return nil }
        if case .time = StatedMoment(text) { return true }
        return false
    }

    /// The organization with an id or an alias.
    /// - Throws: `Refusal` if there is none.
    public func organization(_ reference: String) async throws -> UUID {
        guard let id = try await pool.select(AuditDiff.organization, reference).first else {
            throw Refusal(.notFound, "There is no organization \(reference).")
        }
        return id
    }

    /// The position of a moment: of a time (RFC 3339), of a position itself, or, without a text, of the last event.
    /// - Parameter organization: the one in which a time is one of effect; `nil` for the time of recording.
    /// - Throws: `Refusal` if the moment has not come yet.
    public func position(_ moment: String?, effectiveIn organization: UUID?) async throws -> Position {
        let head = try await EventLog(pool).head()
        guard let moment else { return head }
        let position: Position? =
            switch StatedMoment(moment) {
            case .position(let position): position
            case .time(let time): try await PastPosition.read(time, effectiveIn: organization, pool)
            }
        guard let position, position <= head else { throw Refusal(.invalid, "\(moment) has not come yet.") }
        return try await PastPosition.end(ofCommandAt: position, pool)
    }

    /// Reads what differs between two positions, entity by entity in the order in which they first changed.
    public func read(
        _ organization: UUID, from: Position, to: Position, _ body: ([AuditDifference]) async throws -> Void
    ) async throws {
        let reader = DifferenceReader(
            statements: .trusted, pool: pool, caller: .nobody,
            span: TrailSpan(organization: organization, after: from, through: to))
        var keys = try await reader.keys(pool)[...]
        while !keys.isEmpty {
            try Task.checkCancellation()
            let page = keys.elements(AuditDiff.page)
            try await body(try await reader.differences(page).map(\.difference))
            keys = keys.dropFirst(page.count)
        }
    }

    /// The current names of entities, of those that have one.
    public func names(of entities: Set<UUID>) async throws -> [UUID: String] {
        let rows = try await AuditDiff.names.run(pool, .nobody, .now, Array(entities))
        return Dictionary(rows.compactMap { id, name in name.map { (id, $0) } }) { first, _ in first }
    }

    private static let organization = Selection<String, UUID> {
        try $0.uuid("o.id")
    } _: { reference, columns in
        """
        select \(columns) from \(Organizations.schemaName).current o
        where o.id = \(reference.uuid { UUID(text: $0) }) or o.alias = \(reference.text { $0 })
        """
    }

    static let names = ReadStatement<[UUID], (UUID, String?)> { columns, sql, _ in
        let names = EntityTable.all.map { $0.name(of: "u.id", sql) }
        return (try columns.uuid("u.id"), try columns.textIfPresent("coalesce(\(names.joined(separator: ", ")))"))
    } _: { sql, parameters, columns in
        """
        with \(AuditStatements.trustedContext(sql, "null::uuid")) select \(columns)
        from ctx cross join unnest(\(parameters.uuids { $0.argument })) u (id)
        """
    }
}
