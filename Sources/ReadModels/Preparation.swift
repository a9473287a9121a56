import EventSourcing
import Postgres

/// Makes the tables of read models where they can be made empty, and tells which must be rebuilt from the log.
extension ReadModels {
    /// Creates and registers the projections of an empty log, in one transaction under the append lock. Forward only.
    /// - Returns: the projections that are missing, or of an older version, where the log has events.
    /// - Throws: `UnknownProjection` where the database serves what this binary does not know.
    func prepare(_ session: PostgresSession) async throws -> Set<String> {
        _ = try await session.send([("begin", []), ("select log.lock()", [])])
        do {
            let missing = try await missing(session)
            let isEmpty = try await session.selectOne(
                Selection { try $0.bool("not exists (select from log.events)") })
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
        var missing = Set(models.map(\.name))
        for served in try await session.select(Registration.all) {
            guard let model = models.first(where: { $0.name == served.name }), served.version <= model.version else {
                throw UnknownProjection(name: served.name, version: served.version)
            }
            if served.version == model.version, served.isThere { missing.remove(served.name) }
        }
        return missing
    }

    private func create(_ model: any ReadModel<Payload>, _ session: PostgresSession) async throws {
        for served in try await session.select(Registration.all) where served.name == model.name {
            try await session.execute(script: "drop schema if exists \(served.schema) cascade")
        }
        try await session.execute(script: "drop schema if exists \(model.schema) cascade;" + model.creation)
        try await session.execute(script: model.indexing)
        try await Registration.write(model, session)
    }
}

/// Which version of a projection is served, and in which schema.
struct Registration: Sendable {
    /// The projection.
    let name: String
    let version: Int
    let schema: String
    /// Whether the schema exists.
    let isThere: Bool

    private init(_ columns: inout Columns) throws(PostgresError) {
        name = try columns.text("name")
        version = Int(try columns.int("version"))
        schema = try columns.text("name || '_v' || version")
        isThere = try columns.bool("to_regnamespace(name || '_v' || version) is not null")
    }

    /// Reads what is registered.
    static let all = Selection<Void, Registration>({ try Registration(&$0) }, "from log.projections")

    /// Registers the version that serves from now on.
    static func write<Payload>(_ model: any ReadModel<Payload>, _ session: PostgresSession) async throws {
        _ = try await session.query(upsert, (model.name, model.version))
    }

    private static let upsert = Query<(name: String, version: Int)> {
        """
        insert into log.projections (name, version)
        values (\($0.text { $0.name }), \($0.int { Int64($0.version) }))
        on conflict (name) do update set version = excluded.version
        """
    }
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

    /// The script that makes the indexes: those declared, and one that tells whether any row has ended since a moment. Inside a
    /// transaction.
    var indexing: String {
        """
        set local search_path = \(schema);
        \(definition.indexes)
        create index on past (until);
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
