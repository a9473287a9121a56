import Directory
import EventSourcing
import FoundationEssentials
import Postgres

/// What the log records about imports: everything needed to resume one.
struct EarlierImports: Sendable {
    /// The imports that a file may resume, ordered by their most recent event.
    private(set) var imports: [EarlierImport] = []
    /// For each import, how many lines the longest file had that was imported completely.
    private(set) var completed: [UUID: Int] = [:]
    /// The organization's latest `effectiveAt`; `nil` for a new one.
    private(set) var lastEffectiveAt: Instant?

    /// What one event records about an import.
    private struct Mark {
        let type: String
        let organization: UUID
        let `import`: UUID
        let lines: Int
        /// The digest of the lines; the earliest stored `import_completed` events have none.
        let digest: String?

        init?(_ row: Row) throws {
            guard let id = UUID(text: try row.text(2)) else { return nil }
            type = try row.text(0)
            organization = try row.uuid(1)
            `import` = id
            lines = Int(try row.int(3))
            digest = try row.textIfPresent(4)
        }
    }

    /// - Parameter organization: the organization to import into. `nil` means a new one: then the imports of all
    ///   organizations are read.
    static func read(of file: HistoryFile, into organization: UUID?, _ session: PostgresSession) async throws
        -> EarlierImports
    {
        let marks = try await marks(organization, session)
        var earlier = EarlierImports()
        for mark in marks where mark.type == "organization.import_completed" {
            earlier.completed[mark.import] = max(mark.lines, earlier.completed[mark.import] ?? 0)
        }
        // The latest mark of an import counts. An earlier mark counts too if it describes exactly this file, to which lines
        // have been added since.
        var last: [UUID: Int] = [:]
        for (index, mark) in marks.enumerated() where mark.digest != nil { last[mark.import] = index }
        for (index, mark) in marks.enumerated() {
            guard let digest = mark.digest else { continue }
            let isSame = mark.lines == file.lineCount && digest == file.digest
            guard isSame || last[mark.import] == index else { continue }
            let lastLine = marks.reduce(try await lastLine(of: mark, session)) { line, other in
                other.import == mark.import && other.type != "organization.import_started"
                    ? max(line, other.lines) : line
            }
            earlier.imports.append(
                EarlierImport(
                    import: mark.import, organization: mark.organization, lines: mark.lines, digest: digest,
                    lastLine: lastLine))
        }
        earlier.lastEffectiveAt = try await lastEffectiveAt(organization, session)
        return earlier
    }

    private static func marks(_ organization: UUID?, _ session: PostgresSession) async throws -> [Mark] {
        let condition = organization == nil ? "" : " and organization = $1"
        // With an organization an index finds them; without one the whole log is read: seconds for millions of events.
        let rows = try await session.query(
            Statement(
                """
                select type, organization, data ->> 'import', (data ->> 'lines')::bigint, sealed ->> 'digest'
                from log.events where stream_type = 'ORGANIZATION' and type like 'organization.import\\_%'\(condition)
                order by position
                """), organization.map { [Parameter.uuid($0)] } ?? [], deadline: .seconds(600))
        return try rows.compactMap { try Mark($0) }
    }

    /// The last line of an import that resulted in an event.
    private static func lastLine(of mark: Mark, _ session: PostgresSession) async throws -> Int {
        let rows = try await session.query(
            """
            select coalesce(max((data ->> 'line')::bigint), 0) from log.events
            where organization = $1 and data ->> 'import' = $2
            """, [.uuid(mark.organization), .text(mark.import.text)], deadline: .seconds(600))
        return Int(try rows[0].int(0))
    }

    private static func lastEffectiveAt(_ organization: UUID?, _ session: PostgresSession) async throws -> Instant? {
        guard let organization else { return nil }
        let rows = try await session.query(
            "select max(effective_at) from log.events where organization = $1", [.uuid(organization)],
            deadline: .seconds(600))
        return try rows[0].microsecondsIfPresent(0).map { Instant(microseconds: $0) }
    }
}
