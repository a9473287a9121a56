import EventSourcing
import Postgres

/// Makes the tables of read models where they can be made empty, and tells which must be rebuilt from the log.
extension ReadModels {
    /// Creates and registers the projections of an empty log, in one transaction under the append lock. Forward only.
    /// - Returns: the projections that are missing, or of an older version, beside a log that has events.
    /// - Throws: `UnknownProjection` where the database serves what this binary does not know.
    func prepare(_ session: PostgresSession) async throws -> Set<String> {
        _ = try await session.send([("begin", []), ("select log.lock()", [])])
        do {
            let missing = try await missing(session)
            let isEmpty = try await !session.query("select exists (select from log.events)")[0].bool(0)
            if isEmpty {
                for model in models where missing.contains(model.name) { try await create(model, session) }
            }
            if isEmpty && !missing.isEmpty {
                _ = try await session.query("update log.control set generation = generation + 1")
            }
            _ = try await session.query("commit")
            return isEmpty ? [] : missing
        } catch {
            _ = try? await session.query("rollback")
            throw error
        }
    }

    /// The projections of this binary that the database does not serve in this binary's version.
    private func missing(_ session: PostgresSession) async throws -> Set<String> {
        let rows = try await session.query(
            "select name, version, to_regnamespace(name || '_v' || version) is not null from log.projections")
        var missing = Set(models.map(\.name))
        for row in rows {
            let name = try row.text(0), version = Int(try row.int(1))
            guard let model = models.first(where: { $0.name == name }), version <= model.version else {
                throw UnknownProjection(name: name, version: version)
            }
            if version == model.version, try row.bool(2) { missing.remove(name) }
        }
        return missing
    }

    private func create(_ model: any ReadModel<Payload>, _ session: PostgresSession) async throws {
        for row in try await session.query(Registration.read, [.text(model.name)]) {
            try await session.execute(script: "drop schema if exists \(try row.text(0)) cascade")
        }
        try await session.execute(script: "drop schema if exists \(model.schema) cascade;" + model.creation)
        try await session.execute(script: model.indexing)
        _ = try await session.query(Registration.write, [.text(model.name), .int4(Int32(model.version))])
    }
}

/// Which version of a projection is served, and in which schema.
enum Registration {
    /// Reads the schema that serves a projection, if one does.
    static let read: Statement = "select name || '_v' || version from log.projections where name = $1"
    /// Registers the version that serves from now on.
    static let write: Statement = """
        insert into log.projections (name, version) values ($1, $2)
        on conflict (name) do update set version = excluded.version
        """
}

extension ReadModel {
    /// The script that makes the schema and its tables. Inside a transaction.
    var creation: String {
        """
        create schema \(schema);
        set local search_path = \(schema);
        \(definition.tables)
        set local search_path = default;
        \(ServiceRole.grants(on: schema))
        """
    }

    /// The script that makes the indexes. Inside a transaction.
    var indexing: String {
        """
        set local search_path = \(schema);
        \(definition.indexes)
        set local search_path = default;
        """
    }
}

/// The database serves a projection, or a version of one, that this binary does not know.
public struct UnknownProjection: Error, CustomStringConvertible {
    /// The projection.
    public let name: String
    /// The version that the database serves.
    public let version: Int

    public var description: String {
        "the database serves \(name) in version \(version), which this binary does not know: run a newer version"
    }
}
