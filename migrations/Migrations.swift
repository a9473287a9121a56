import Crypto
import Logging
import Postgres

/// The schema's history. Forward only: a migration that has landed is never changed, and its checksum is kept to tell.
public enum Migrations {
    /// A step of the schema.
    public struct Migration: Sendable {
        /// The file's name without its ending: `0001_log`.
        public let name: String
        /// The file's text.
        public let sql: String

        /// The SHA-256 of the text, in lower-case hexadecimal.
        public var checksum: String {
            SHA256.hash(data: Array(sql.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }

    /// All of them, in order. A test compares this list with the folder.
    public static let all = [
        Migration(name: "0001_log", sql: text(PackageResources._001_log_sql)),
        Migration(name: "0002_append", sql: text(PackageResources._002_append_sql)),
    ]

    /// Brings a database up to date, each step in its own transaction, all under one advisory lock so that nodes which start
    /// together wait for one another.
    /// - Throws: `MigrationError` where the database holds steps that this binary does not know, or knows otherwise.
    public static func apply(_ session: PostgresSession, logger: Logger) async throws {
        try await session.execute(
            script: """
                select pg_advisory_lock(7021966, 2);
                create schema if not exists migrations;
                create table if not exists migrations.applied (
                    name text collate "C" primary key, checksum text not null, applied_at timestamptz not null default now()
                );
                """)
        do {
            try await applyMissing(session, logger)
        } catch {
            try? await session.execute(script: "select pg_advisory_unlock(7021966, 2)")
            throw error
        }
        try await session.execute(script: "select pg_advisory_unlock(7021966, 2)")
    }

    private static func applyMissing(_ session: PostgresSession, _ logger: Logger) async throws {
        var applied: [String: String] = [:]
        let rows = try await session.query("select name, checksum from migrations.applied")
        for index in 0..<rows.count { applied[try rows[index].text(0)] = try rows[index].text(1) }
        if let unknown = applied.keys.first(where: { name in !all.contains { $0.name == name } }) {
            throw MigrationError(
                "the database has migration \(unknown), which this binary does not know: run a newer version")
        }
        for migration in all {
            if let checksum = applied[migration.name] {
                guard checksum == migration.checksum else {
                    throw MigrationError(
                        "migration \(migration.name) was applied with another text than this binary has")
                }
                continue
            }
            logger.info("migrating", metadata: ["migration": "\(migration.name)"])
            // One script is one implicit transaction only without explicit ones, hence BEGIN and COMMIT around it.
            do {
                try await session.execute(script: "begin;\n\(migration.sql)")
                _ = try await session.query(
                    "insert into migrations.applied (name, checksum) values ($1, $2)",
                    [.text(migration.name), .text(migration.checksum)])
                try await session.execute(script: "commit")
            } catch {
                try? await session.execute(script: "rollback")
                throw error
            }
        }
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// Why a database cannot be brought up to date.
public struct MigrationError: Error, CustomStringConvertible {
    /// What is wrong, and what to do.
    public let description: String

    init(_ description: String) { self.description = description }
}
