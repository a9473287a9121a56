import Logging
import Postgres

/// The schema of the log. Numbered migrations make its tables, and change them: they only go forward, and one that has been released
/// is never edited, which its checksum tells. Functions are replaced whenever their text changes.
public enum Migrations {
    /// The migrations, in order. A test compares this list with the folder.
    public static let all = [
        SchemaObject("0001_log", PackageResources._001_log_sql),
        SchemaObject("0002_secrets", PackageResources._002_secrets_sql),
        SchemaObject("0003_checkpoints", PackageResources._003_checkpoints_sql),
        SchemaObject("0004_erasures", PackageResources._004_erasures_sql),
        SchemaObject("0005_readings", PackageResources._005_readings_sql),
        SchemaObject("0006_webhooks", PackageResources._006_webhooks_sql),
    ]

    /// The functions, with the triggers that call them, in the order in which they are applied, which is after all migrations.
    /// One whose signature changes gets a new name, since nodes of the version before may still call the old one. A test
    /// compares this list with the folder.
    public static let functions = [
        SchemaObject("lock", PackageResources.lock_sql),
        SchemaObject("refuse_all_but_erasure", PackageResources.refuse_all_but_erasure_sql),
        SchemaObject("refuse_change", PackageResources.refuse_change_sql),
        SchemaObject("tile_root", PackageResources.tile_root_sql),
        SchemaObject("complete_tiles", PackageResources.complete_tiles_sql),
        SchemaObject("append", PackageResources.append_sql),
        SchemaObject("position_at", PackageResources.position_at_sql),
        SchemaObject("position_effective_at", PackageResources.position_effective_at_sql),
        SchemaObject("keep_checkpoint", PackageResources.keep_checkpoint_sql),
        SchemaObject("erase", PackageResources.erase_sql),
        SchemaObject("erase_origins", PackageResources.erase_origins_sql),
    ]

    /// Brings a database up to date, each step in its own transaction, all under one advisory lock so that nodes which start
    /// together wait for one another.
    /// - Throws: `MigrationError` where the database has migrations with another text, or that this binary does not know.
    public static func apply(_ session: PostgresSession, logger: Logger) async throws {
        try await apply(all, functions, session, logger)
    }

    static func apply(
        _ migrations: [SchemaObject], _ functions: [SchemaObject], _ session: PostgresSession, _ logger: Logger
    ) async throws {
        let unlock = "select pg_advisory_unlock(\(AdvisoryLock.migrations.keys))"
        try await session.execute(
            script: """
                select pg_advisory_lock(\(AdvisoryLock.migrations.keys));
                create schema if not exists migrations;
                create table if not exists migrations.applied (
                    name text collate "C" primary key, checksum text not null, applied_at timestamptz not null default now()
                );
                create table if not exists migrations.functions (
                    name text collate "C" primary key, checksum text not null, applied_at timestamptz not null default now()
                );
                """)
        do {
            try await migrate(migrations, session, logger)
            try await replace(functions, session, logger)
        } catch {
            try? await session.execute(script: unlock)
            throw error
        }
        try await session.execute(script: unlock)
    }

    private static func migrate(_ migrations: [SchemaObject], _ session: PostgresSession, _ logger: Logger) async throws
    {
        let applied = try await checksums(of: "migrations.applied", session)
        // First what has another text: a database of a development version may have names as well that no newer version knows.
        for migration in migrations where (applied[migration.name] ?? migration.checksum) != migration.checksum {
            throw MigrationError(
                """
                the database was made by a development version, which had another migration \(migration.name), and cannot be \
                brought up to date: start with an empty database (with --data-dir, in another folder); `directory restore` \
                brings into it what `directory export` of that version prints
                """)
        }
        if let unknown = applied.keys.filter({ name in !migrations.contains { $0.name == name } }).min() {
            throw MigrationError(
                "the database has migration \(unknown), which this binary does not know: run a newer version")
        }
        for migration in migrations where applied[migration.name] == nil {
            logger.info("migrating", metadata: ["migration": "\(migration.name)"])
            try await apply(migration, recordOfMigration, session)
        }
    }

    /// Applies the functions whose text is not the one that was applied last. One that only the database has is left alone: a
    /// node of another version may call it.
    private static func replace(_ functions: [SchemaObject], _ session: PostgresSession, _ logger: Logger) async throws
    {
        let applied = try await checksums(of: "migrations.functions", session)
        for function in functions where applied[function.name] != function.checksum {
            logger.info("replacing", metadata: ["function": "\(function.name)"])
            try await apply(function, recordOfFunction, session)
        }
    }

    private static let recordOfMigration = Query<SchemaObject> {
        "insert into migrations.applied (name, checksum) values (\($0.text { $0.name }), \($0.text { $0.checksum }))"
    }

    private static let recordOfFunction = Query<SchemaObject> {
        """
        insert into migrations.functions (name, checksum) values (\($0.text { $0.name }), \($0.text { $0.checksum }))
        on conflict (name) do update set checksum = excluded.checksum, applied_at = now()
        """
    }

    /// What a table says was applied: the checksum of each object by its name.
    private static func checksums(of table: String, _ session: PostgresSession) async throws -> [String: String] {
        let applied = Selection<Void, (name: String, checksum: String)>(
            { (name: try $0.text("name"), checksum: try $0.text("checksum")) }, "from \(table)")
        return Dictionary(try await session.select(applied).map { ($0.name, $0.checksum) }) { first, _ in first }
    }

    /// Runs an object's text and records its checksum, in one transaction.
    private static func apply(_ object: SchemaObject, _ record: Query<SchemaObject>, _ session: PostgresSession)
        async throws
    {
        // One script is one implicit transaction only without explicit ones, hence BEGIN and COMMIT around it.
        do {
            try await session.execute(script: "begin;\n\(object.sql)")
            _ = try await session.query(record, object)
            try await session.execute(script: "commit")
        } catch {
            try? await session.execute(script: "rollback")
            throw error
        }
    }
}

/// Why a database cannot be brought up to date.
public struct MigrationError: Error, CustomStringConvertible {
    /// What is wrong, and what to do.
    public let description: String

    init(_ description: String) { self.description = description }
}
