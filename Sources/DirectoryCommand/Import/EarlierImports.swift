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
    /// The latest time at which something took effect in the organization; `nil` for a new one.
    private(set) var lastEffectiveAt: Instant?

    /// What one event records about an import.
    private struct Mark: Sendable {
        let type: String
        let organization: UUID
        let `import`: UUID
        let lines: Int
        /// The digest of the lines; the earliest stored `import_completed` events have none.
        let digest: String?

        /// `nil` where the import's id cannot be read.
        init?(_ columns: inout Columns) throws(PostgresError) {
            type = try columns.text("type")
            organization = try columns.uuid("organization")
            let id = UUID(text: try columns.text("data ->> 'import'"))
            lines = Int(try columns.int("(data ->> 'lines')::bigint"))
            digest = try columns.textIfPresent("sealed ->> 'digest'")
            guard let id else { return nil }
            `import` = id
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
        // With an organization an index finds them; without one the whole log is read: seconds for millions of events.
        let selection = Selection<UUID?, Mark?>({ try Mark(&$0) }) { parameters, columns in
            """
            select \(columns) from log.events
            where stream_type = 'ORGANIZATION' and type like 'organization.import\\_%'
                \(organization == nil ? "" : "and organization = \(parameters.uuid { $0 })")
            order by position
            """
        }
        return try await session.select(selection, organization, deadline: .seconds(600)).compactMap { $0 }
    }

    /// The last line of an import that resulted in an event.
    private static func lastLine(of mark: Mark, _ session: PostgresSession) async throws -> Int {
        let selection = Selection<Mark, Int64>({ try $0.int("coalesce(max((data ->> 'line')::bigint), 0)") }) {
            """
            select \($1) from log.events
            where organization = \($0.uuid { $0.organization }) and data ->> 'import' = \($0.text { $0.import.text })
            """
        }
        return Int(try await session.selectOne(selection, mark, deadline: .seconds(600)))
    }

    private static func lastEffectiveAt(_ organization: UUID?, _ session: PostgresSession) async throws -> Instant? {
        guard let organization else { return nil }
        let selection = Selection<UUID, Int64?>(
            { try $0.microsecondsIfPresent("max(coalesce(effective_at, recorded_at))") }
        ) {
            """
            select \($1) from log.events
            where organization = \($0.uuid { $0 }) and type not like 'organization.import\\_%'
            """
        }
        return try await session.selectOne(selection, organization, deadline: .seconds(600)).map {
            Instant(microseconds: $0)
        }
    }
}
