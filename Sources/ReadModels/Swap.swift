import EventLog
import EventSourcing
import Postgres

/// Puts rebuilt tables in the place of those that serve: one transaction under the append lock.
struct Swap<Payload: EventPayload> {
    /// The projections, in the schemas that they are to be served from; rebuilt, they are in `<schema>_rebuild`.
    let models: [any ReadModel<Payload>]

    /// Swaps, when `finish` has brought the rebuilt tables up to the head.
    /// - Returns: by projection, the schema that now has the tables that served before.
    func run(_ session: PostgresSession, _ finish: () async throws -> Void) async throws -> [String: String] {
        let served = try await lock(session)
        try await finish()
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
            try await Registration.write(model, session)
        }
        _ = try await session.query(Appending.commit)
        return old
    }

    /// Opens the transaction, takes the append lock, then the tables that serve. A reader that holds one of them and wants
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
        let names = Set(models.map(\.name))
        for registered in try await session.select(Registration.all)
        where registered.isThere && names.contains(registered.name) {
            served[registered.name] = registered.schema
        }
        return served
    }
}
