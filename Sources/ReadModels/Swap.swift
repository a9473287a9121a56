import EventLog
import EventSourcing
import Postgres

/// Puts rebuilt tables in the place of those that serve: one transaction under the append lock.
struct Swap<Payload: EventPayload> {
    /// The projections, in the schemas that they are to be served from; rebuilt, they stand in `<schema>_rebuild`.
    let models: [any ReadModel<Payload>]

    /// Swaps, when `finish` has brought the rebuilt tables up to the head.
    /// - Returns: by projection, the schema in which the tables that served before are to be found.
    func run(_ session: PostgresSession, _ finish: () async throws -> Position) async throws -> [String: String] {
        let served = try await lock(session)
        _ = try await finish()
        var old: [String: String] = [:]
        var script = "update log.control set generation = generation + 1;\n"
        for model in models {
            if let schema = served[model.name] {
                script += "alter schema \(schema) rename to \(schema)_old;\n"
                old[model.name] = "\(schema)_old"
            }
            script += "alter schema \(model.schema)_rebuild rename to \(model.schema);\n"
        }
        try await session.execute(script: script)
        for model in models {
            _ = try await session.query(Registration.write, [.text(model.name), .int4(Int32(model.version))])
        }
        _ = try await session.query(Appending.commit)
        return old
    }

    /// Opens the transaction, takes the append lock, then the tables that serve. A reader who holds one of them and wants
    /// another would wait for us while we wait for it: so we let go again and again, sooner than the server takes it for a
    /// deadlock.
    /// - Returns: by projection, the schema that serves.
    private func lock(_ session: PostgresSession) async throws -> [String: String] {
        for attempt in 1... {
            _ = try await session.send([(Appending.begin, []), (Appending.lock, [])], deadline: .seconds(600))
            let served = try await served(session)
            let tables = served.values.sorted().flatMap { ["\($0).current", "\($0).past"] }
            guard !tables.isEmpty else { return [:] }
            do {
                try await session.execute(
                    script: """
                        set local lock_timeout = '500ms';
                        lock table \(tables.joined(separator: ", ")) in access exclusive mode;
                        set local lock_timeout = 0
                        """)
                return served
            } catch {
                guard ["55P03", "40P01"].contains(error.sqlState), attempt < 100 else { throw error }
            }
            _ = try await session.query(Appending.rollback)
            try await Task.sleep(for: .milliseconds(100))
        }
        return [:]
    }

    private func served(_ session: PostgresSession) async throws -> [String: String] {
        var served: [String: String] = [:]
        let rows = try await session.query(
            """
            select name, name || '_v' || version from log.projections
            where to_regnamespace(name || '_v' || version) is not null
            """)
        for row in rows { served[try row.text(0)] = try row.text(1) }
        let names = Set(models.map(\.name))
        return served.filter { names.contains($0.key) }
    }
}
