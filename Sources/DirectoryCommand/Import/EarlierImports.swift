import Directory
import EventSourcing
import FoundationEssentials
import Postgres

/// What the log knows of imports: everything that is needed to go on with one.
struct EarlierImports: Sendable {
    /// The imports, in the order in which they last had a say.
    let imports: [EarlierImport]
    /// Those that were carried out to the end of their file, so many lines.
    let completed: [UUID: Int]
    /// The organization's last `effectiveAt`; `nil` for a new one.
    let lastEffectiveAt: Instant?

    /// Reads them.
    /// - Parameter organization: the one to import into; `nil` for a new one: then those of all are read.
    static func read(into organization: UUID?, _ session: PostgresSession) async throws -> EarlierImports {
        let condition = organization == nil ? "" : " and organization = $1"
        let parameters = organization.map { [Parameter.uuid($0)] } ?? []
        // With an organization an index finds these; without one the whole log is read, which takes seconds for a million.
        let marks = try await session.query(
            Statement(
                """
                select type, organization, data ->> 'import', (data ->> 'lines')::bigint, sealed ->> 'digest'
                from log.events where stream_type = 'ORGANIZATION' and type like 'organization.import\\_%'\(condition)
                order by position
                """), parameters, deadline: .seconds(600))
        var found: [UUID: Mark] = [:], order: [UUID] = []
        var completed: [UUID: Int] = [:]
        for row in marks {
            guard let id = UUID(text: try row.text(2)) else { continue }
            let type = try row.text(0), lines = Int(try row.int(3))
            var mark = try found[id] ?? Mark(organization: row.uuid(1))
            if type != "organization.import_started" { mark.lastLine = max(mark.lastLine, lines) }
            if type == "organization.import_completed" {
                completed[id] = lines
            } else if let digest = try row.textIfPresent(4) {
                (mark.lines, mark.digest) = (lines, digest)
            }
            found[id] = mark
            order.removeAll { $0 == id }
            order.append(id)
        }
        var imports: [EarlierImport] = []
        for id in order {
            guard let mark = found[id] else { continue }
            let rows = try await session.query(
                """
                select coalesce(max((data ->> 'line')::bigint), 0) from log.events
                where organization = $1 and data ->> 'import' = $2
                """, [.uuid(mark.organization), .text(id.text)], deadline: .seconds(600))
            imports.append(
                EarlierImport(
                    import: id, organization: mark.organization, lines: mark.lines, digest: mark.digest,
                    lastLine: max(mark.lastLine, Int(try rows[0].int(0)))))
        }
        return EarlierImports(
            imports: imports, completed: completed, lastEffectiveAt: try await last(of: organization, session))
    }

    private static func last(of organization: UUID?, _ session: PostgresSession) async throws -> Instant? {
        guard let organization else { return nil }
        let rows = try await session.query(
            "select max(effective_at) from log.events where organization = $1", [.uuid(organization)],
            deadline: .seconds(600))
        return try rows[0].microsecondsIfPresent(0).map { Instant(microseconds: $0) }
    }

    private struct Mark {
        let organization: UUID
        var lines = 0
        var digest = ""
        var lastLine = 0

        init(organization: UUID) { self.organization = organization }
    }
}
