import ArgumentParser
import DirectoryAPI
import EventLog
import EventSourcing
import Postgres

struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the log, or the audit trail, to stdout.",
        discussion: """
            Without --format it is the log itself, one JSON object per line: what `directory verify --export` verifies \
            without a database, and `directory restore` restores. The first line says which log it is: its id and name, the \
            position after which the export begins, and that of its last event. Each other line is one event as stored: its \
            envelope, `data` byte for byte, the texts of the commitments `sealed` and `origin` with their salts and hashes \
            (in hexadecimal; text and salt are missing if they have been erased), and the hash of its leaf in the Merkle \
            tree.

            With --format it is the audit trail as GET /api/v1/audit/export gives it, and it may be filtered: entries as \
            lines of JSON (ndjson), a table with a row for each change (csv), or CloudEvents, one a line (cloudevents). It \
            cannot be restored.

            Events appended while the export runs are not included. The output contains personal data: protect it as you \
            protect the database.

            \(Variable.help(Variable.common))
            """)

    @OptionGroup var database: DatabaseOptions

    @Option(help: ArgumentHelp("Only events after this position.", valueName: "position"))
    var after: Int64 = 0

    @Option(help: "The format of an export of the audit trail: ndjson, csv or cloudevents.")
    var format: AuditExport.Format?

    @OptionGroup(title: "Filters of the audit trail") var trail: TrailFilterOptions

    func validate() throws {
        guard after >= 0 else { throw ValidationError("--after must be 0 or a position.") }
        guard format != nil || trail.isEmpty else {
            throw ValidationError("The log is exported as a whole: filters go with --format.")
        }
        _ = try filter()
    }

    private func filter() throws -> AuditFilter { try trail.filter(["after": String(after)]) }

    func run() async throws {
        let settings = try Settings.current()
        let logger = settings.logger(usually: .warning)
        settings.warnOfUnknown(logger)
        let location = try database.location(settings)
        let filter = try filter()
        // If both went to one terminal, progress would appear between the lines.
        let progress = Progress("Exporting", "events", isWatched: Terminal.isWatched && !Terminal.outputIsTerminal)
        try await interruptible {
            try await location.withDatabase(create: false, settings, logger) { database in
                let log = try await database.withSession("export") { try await LogIdentity.read($0) }
                defer { progress.end() }
                if let format {
                    return try await database.withPool("export") { pool in
                        try await export(filter, as: format, from: pool, progress)
                    }
                }
                try await database.withSession("export") { session in
                    // Of one moment: what is erased meanwhile would be missing without the event that says so.
                    try await session.execute(script: "begin isolation level repeatable read read only")
                    let head = try await EventLog(session).head()
                    let header = ExportedLog.Header(
                        log: log.id, origin: try await LogSignature.origin(session), after: after,
                        through: max(head, after))
                    try Terminal.write(header.line + [UInt8(ascii: "\n")])
                    try await export(EventLog(session), through: head, progress)
                }
            }
        }
    }

    private func export(
        _ filter: AuditFilter, as format: AuditExport.Format, from pool: PostgresPool, _ progress: Progress
    ) async throws {
        let head = try await EventLog(pool).head()
        let (export, first) = try await AuditExport.begin(filter, as: format, from: pool)
        var page = first
        try Terminal.write(page.bytes)
        while let next = page.next {
            try Task.checkCancellation()
            page = try await export.page(after: next)
            try Terminal.write(page.bytes)
            progress.show(next - after, of: max(head - after, 1))
        }
    }

    private func export(_ log: EventLog, through head: Position, _ progress: Progress) async throws {
        var query = EventQuery()
        query.after = after
        query.through = head
        while query.after < head {
            try Task.checkCancellation()
            let events = try await log.read(query)
            guard let last = events.last else { return }
            var lines: [UInt8] = []
            lines.reserveCapacity(events.count * 1024)
            for event in events {
                lines += event.exported
                lines.append(UInt8(ascii: "\n"))
            }
            try Terminal.write(lines)
            query.after = last.position
            progress.show(last.position - after, of: head - after)
        }
    }
}

extension AuditExport.Format: ExpressibleByArgument {}
