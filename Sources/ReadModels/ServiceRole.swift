import Postgres

/// The role that the service runs as, which may append to the log and read it, and nothing else of it.
///
/// A superuser, or the owner with some effort, can still change the log: the proofs guard against them, not the rights.
public enum ServiceRole {
    /// The role's name, the same in all databases of a cluster.
    public static let name = "directory_service"

    /// Makes the role and gives it its rights, where the migrating role may create roles; elsewhere the migrating role, as
    /// which the service then runs itself, gives up changing the log, but for what erasure takes out of it.
    /// - Parameters:
    ///   - schemas: those of the read models.
    ///   - sideTables: the names of the side tables.
    /// - Returns: the role to run as; `nil` where there is none of its own.
    static func establish(_ session: PostgresSession, schemas: [String], sideTables: [String]) async throws -> String? {
        let mayCreateRoles = try await session.selectOne(
            Selection({ try $0.bool("rolcreaterole or rolsuper") }, "from pg_roles where rolname = current_user"))
        guard mayCreateRoles else {
            try await session.execute(
                script: """
                    revoke update, delete, truncate on log.events, log.tiles from current_user;
                    grant update (sealed, sealed_salt, origin, origin_salt) on log.events to current_user
                    """)
            return nil
        }
        try await patiently(session, creation)
        let sideGrants = sideTables.map { "grant select, insert, update, delete on \($0) to \(name);\n" }
        try await patiently(session, (sideGrants + schemas.map(grants(on:))).reduce(logGrants, +))
        return name
    }

    /// The script that opens a projection's schema to the role, if there is one.
    static func grants(on schema: String) -> String {
        """
        do $$ begin
            if exists (select from pg_roles where rolname = '\(name)') then
                grant usage on schema \(schema) to \(name);
                grant select, insert, update, delete on all tables in schema \(schema) to \(name);
            end if;
        end $$;

        """
    }

    /// From Postgres 16 on, whoever makes a role is its member but may not become it without a grant of its own.
    private static let creation = """
        do $$ begin
            if not exists (select from pg_roles where rolname = '\(name)') then
                create role \(name) nologin;
            end if;
            if not pg_has_role(current_user, '\(name)',
                case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end) then
                grant \(name) to current_user;
            end if;
        end $$
        """

    private static let logGrants = """
        grant usage on schema log to \(name);
        grant select on all tables in schema log to \(name);
        grant insert on log.events, log.tiles to \(name);
        grant execute on all functions in schema log to \(name);

        """

    /// Roles belong to the whole cluster: another database's node may make the same one in this moment.
    private static func patiently(_ session: PostgresSession, _ script: String) async throws {
        for _ in 0..<20 {
            do {
                return try await session.execute(script: script)
            } catch {
                guard ["23505", "42710", "XX000"].contains(error.sqlState) else { throw error }
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        try await session.execute(script: script)
    }
}
