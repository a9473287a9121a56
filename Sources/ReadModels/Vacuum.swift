import EventSourcing
import Logging
import Postgres

/// Clears what Postgres still has of rows that are gone: tables that may hold something erased are written again, without it, and
/// what rebuilds have left over is dropped. Whoever wants to read or write a table waits while it is written again.
public struct Vacuum<Payload: EventPayload>: Sendable {
    private let readModels: ReadModels<Payload>
    private let configuration: ConnectionConfiguration
    private let logger: Logger

    /// - Parameter configuration: how to connect as the role that owns the database's objects.
    public init(readModels: ReadModels<Payload>, configuration: ConnectionConfiguration, logger: Logger) {
        self.readModels = readModels
        self.configuration = configuration
        self.logger = logger
    }

    /// Waits for a rebuild that is under way.
    /// - Parameter tell: is told of each table and how many bytes it had before and has now, with its indexes.
    public func run(_ tell: (_ table: String, _ before: Int64, _ after: Int64) throws -> Void) async throws {
        try await PostgresSession.use(configuration, logger: logger) { session in
            try await BuildLock.hold(session) {
                try await dropLeftOvers(session)
                for table in tables {
                    let before = try await size(of: table, session)
                    // The statistics have samples of values, too.
                    try await session.execute(script: "vacuum (full, analyze) \(table)")
                    try tell(table, before, try await size(of: table, session))
                }
                // A role that may not do this (it takes a superuser) is only warned.
                try await session.execute(script: "set client_min_messages = error")
                try await session.execute(script: "vacuum full pg_catalog.pg_statistic")
            }
        }
    }

    private var tables: [String] {
        ["log.events"] + readModels.sideTables.map { $0.name }
            + readModels.models.filter(\.canBeErased).flatMap { ["\($0.schema).current", "\($0.schema).past"] }
    }

    /// Tables that no node serves may have what was erased since they were filled.
    private func dropLeftOvers(_ session: PostgresSession) async throws {
        let leftOver = Selection<Void, String>({ try $0.text("nspname::text") }) { _, column in
            """
            select \(column) from pg_namespace where exists (
                select from log.projections where nspname ~ ('^' || name || '_v[0-9]+_(rebuild|old)$'))
            """
        }
        for schema in try await session.select(leftOver) {
            try await session.execute(script: "drop schema \(schema) cascade")
        }
    }

    private func size(of table: String, _ session: PostgresSession) async throws -> Int64 {
        try await session.selectOne(Selection { try $0.int("pg_total_relation_size('\(table)')") })
    }
}
