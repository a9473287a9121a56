import EventLog
import EventSourcing
import Logging
import Postgres

/// Builds read models again from the log, alongside the ones that serve, and swaps them, while the service answers and writes.
///
/// Interruptible at any moment: what serves is not touched before the swap, which is one transaction, and what is left over
/// is dropped by the next rebuild.
public struct Rebuild<Payload: EventPayload>: Sendable {
    let readModels: ReadModels<Payload>
    let configuration: ConnectionConfiguration
    let logger: Logger
    let cacheBudget: Int

    /// How many events are folded in one transaction, where nothing else is said: three of them are in memory at a time.
    public static var usualRangeSize: Int { 2_000 }

    /// A rebuild over connections of the role that owns the database's objects.
    /// - Parameter cacheBudget: bytes that cached rows may take, roughly.
    public init(
        readModels: ReadModels<Payload>, configuration: ConnectionConfiguration, cacheBudget: Int = 48 << 20,
        logger: Logger
    ) {
        self.readModels = readModels
        self.configuration = configuration
        self.cacheBudget = cacheBudget
        self.logger = logger
    }

    /// Rebuilds, swaps and compares. Waits for a rebuild that is under way elsewhere.
    /// - Parameters:
    ///   - projections: names; all, if `nil`.
    ///   - rangeSize: how many events are folded in one transaction.
    public func run(
        projections: Set<String>? = nil, rangeSize: Int = Self.usualRangeSize,
        progress: @Sendable (RebuildProgress) -> Void = { _ in }
    ) async throws -> RebuildReport {
        try await withWriter { writer in
            try await build(
                projections ?? Set(readModels.models.map(\.name)), rangeSize: rangeSize, writer: writer,
                progress: progress)
        }
    }

    /// Runs `body` with a session that has the build lock. When the session is closed, its transaction ends and its locks are
    /// given back.
    func withWriter<T>(_ body: (PostgresSession) async throws -> T) async throws -> T {
        try await withSession { writer in try await BuildLock.hold(writer) { try await body(writer) } }
    }

    /// Runs `body` with a session of its own, which is closed whatever happens.
    func withSession<T>(_ body: (PostgresSession) async throws -> T) async throws -> T {
        try await PostgresSession.use(configuration, logger: logger, body)
    }

    /// Does all that `run` does, with the build lock in hand.
    func build(
        _ names: Set<String>, rangeSize: Int, writer: PostgresSession, progress: @Sendable (RebuildProgress) -> Void
    ) async throws -> RebuildReport {
        let start = ContinuousClock.now
        let models = readModels.models.filter { names.contains($0.name) }
        let building = models.map { $0.inSchema("\($0.schema)_rebuild") }
        return try await withSession { reader in
            try await begin(building, for: models, writer)
            // What was erased up to here is erased in all that is read from here on.
            let known = try await reader.selectOne(EventLog.lastPosition)
            var pump = pump(building, reader: reader, writer: writer, rangeSize: rangeSize)
            try await pump.drain(progress)
            for model in building { try await index(model, writer) }
            try await pump.catchUp(progress)
            let swap = Swap(models: models)
            let old = try await swap.run(writer) {
                let head = try await pump.finish()
                try await Reprojection(building).run(erasedAfter: known, through: head, writer)
            }
            let duration = ContinuousClock.now - start
            logger.notice("read models swapped", metadata: ["head": "\(pump.done)", "seconds": "\(duration)"])
            let tables = try await compare(models, old, at: pump.done, reader)
            return RebuildReport(events: Int(pump.done), head: pump.done, tables: tables, duration: duration)
        }
    }

    /// What folds the log into tables.
    func pump(
        _ building: [any ReadModel<Payload>], reader: PostgresSession, writer: PostgresSession, rangeSize: Int
    ) -> RangePump<Payload> {
        let fold = RangeFold(ReadModels(building), cacheBudget: cacheBudget)
        return RangePump(fold, reader: reader, writer: writer, rangeSize: rangeSize)
    }

    func begin(
        _ building: [any ReadModel<Payload>], for models: [any ReadModel<Payload>], _ session: PostgresSession
    ) async throws {
        // What an interrupted rebuild left, and what has the name of a new version and is not registered.
        var leftOver: [String] = []
        for model in models {
            let selection = Selection<(name: String, schema: String), String>({ try $0.text("nspname::text") }) {
                let schema = $0.text { $0.schema }
                return """
                    select \($1) from pg_namespace
                    where nspname ~ ('^' || \($0.text { $0.name })::text || '_v[0-9]+_(rebuild|old)$')
                        or (nspname = \(schema)::text and not exists (
                            select from log.projections where name || '_v' || version = \(schema)::text))
                    """
            }
            for schema in try await session.select(selection, (model.name, model.schema)) {
                leftOver.append("drop schema \(schema) cascade;\n")
            }
        }
        // Rows that the cache has forgotten are probed by their keys, however large the planner takes the new tables for.
        try await session.execute(
            script: """
                set client_min_messages = warning; set maintenance_work_mem = '256MB'; set jit = off;
                set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off;
                begin;
                \(leftOver.joined())\(building.map(\.creation).joined(separator: "\n"))
                commit
                """)
    }

    /// Indexes are made when the rows are there, which is faster, and statistics with them, so that plans made right after
    /// the swap know how many rows there are.
    private func index(_ model: any ReadModel<Payload>, _ session: PostgresSession) async throws {
        try await session.execute(script: "begin;\n\(model.indexing)\ncommit")
        try await session.execute(script: "analyze \(model.schema).current; analyze \(model.schema).past")
    }

    private func compare(
        _ models: [any ReadModel<Payload>], _ old: [String: String], at head: Position, _ session: PostgresSession
    ) async throws -> [RebuildReport.Table] {
        // Rows of another version are meant to differ.
        func comparable(_ model: any ReadModel<Payload>) -> String? {
            old[model.name] == "\(model.schema)_old" ? old[model.name] : nil
        }
        let replaced = models.compactMap { model in comparable(model).map { model.inSchema($0) } }
        let tables = try await comparing(replaced, erasedAfter: head, through: head, session) {
            var tables: [[RebuildReport.Table]] = []
            for model in models {
                tables.append(
                    try await Comparison(
                        schema: model.schema, old: comparable(model), name: model.name, columns: model.columns,
                        head: head
                    ).run(session))
            }
            return tables
        }
        for (model, compared) in zip(models, tables) {
            guard let served = old[model.name] else { continue }
            guard compared.allSatisfy({ ($0.differing ?? 0) == 0 }) else {
                logger.error("rebuilt rows differ from served ones", metadata: ["kept": "\(served)"])
                continue
            }
            try await session.execute(script: "drop schema \(served) cascade")
        }
        return tables.flatMap(\.self)
    }

    /// Runs a comparison of tables that do not change any longer with those that serve, of one moment. What was erased since the
    /// former were filled is erased in them first.
    func comparing<T>(
        _ filled: [any ReadModel<Payload>], erasedAfter position: Position, through head: Position,
        _ session: PostgresSession, _ compare: () async throws -> T
    ) async throws -> T {
        // Comparing sorts or hashes whole tables.
        try await session.execute(script: "set work_mem = '128MB'; set jit = off")
        _ = try await session.query("begin isolation level repeatable read")
        try await Reprojection(filled).run(erasedAfter: position, through: head, session)
        let result = try await compare()
        _ = try await session.query(Appending.commit)
        return result
    }
}
